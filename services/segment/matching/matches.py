"""Assign pieces to bodies optimally, from the evidence for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.assignment_problem import best_assignment

if TYPE_CHECKING:
    from services.segment.arrays import Floats


NONE = -1


def match_one_to_one(odds: Floats, least: float) -> list[int]:
    """Match rows to columns one to one so that the sum of the log-odds is largest.

    Args:
        odds: log-odds (pieces x bodies) that the two belong together.
        least: a pair with lower log-odds is not matched.

    Returns:
        For each row its column, or `NONE`.
    """
    count, total = odds.shape
    if not count or not total:
        return [NONE] * count
    gain = np.zeros((count, total + count))
    gain[:, :total] = np.round((odds - least) * 1024)
    rows, columns = best_assignment(gain)
    result = [NONE] * count
    for row, found in zip(rows, columns, strict=True):
        if found < total and odds[row, found] > least:
            result[row] = int(found)
    return result


def match_each(odds: Floats, least: float) -> list[int]:
    """Return the likeliest body of each piece by the log-odds (pieces x bodies), or `NONE` below `least`.

    Several pieces may have the same body.
    """
    if odds.shape[1] == 0:
        return [NONE] * len(odds)
    return [int(row.argmax()) if row.max() > least else NONE for row in odds]
