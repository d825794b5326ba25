"""Decide which piece follows which: one pairing for the entire page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.assignment_problem import best_assignment
from services.segment.matching.matches import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats

_UNIT = 1024


def followed(links: Floats, leads: Floats, least_link: float, least_lead: float) -> list[int]:
    """Decide what each piece follows.

    Every piece follows at most one other piece or headline block, and at most one piece follows each. The sum of the
    log-odds is the largest possible.

    Args:
        links: (frames x pieces) log-odds that a piece follows a frame.
        leads: (headline blocks x pieces) log-odds that a piece is the first under a headline.
        least_link: a link with lower log-odds is not made.
        least_lead: the same for the first piece under a headline.

    Returns:
        For each piece the frame it follows, or the number of frames plus the block it follows, or `NONE`.
    """
    frames = links.shape[0]
    odds = np.concatenate((links - least_link, leads - least_lead)).T
    pieces, options = odds.shape
    if not pieces or not options:
        return [NONE] * pieces
    gain = np.zeros((pieces, options + pieces))
    gain[:, :options] = np.round(np.maximum(odds, -1.0) * _UNIT)
    rows, columns = best_assignment(gain)
    result = [NONE] * pieces
    for piece, found in zip(rows.tolist(), columns.tolist(), strict=True):
        if found < options and odds[piece, found] > 0:
            result[piece] = found
    return _without_rings(result, odds, frames)


def _without_rings(follows: list[int], odds: Floats, frames: int) -> list[int]:
    """Cut every ring of frames that follow each other, at its weakest link."""
    for start in range(len(follows)):
        seen, at = [start], follows[start]
        while NONE < at < frames and at not in seen:
            seen.append(at)
            at = follows[at]
        if at == start:
            weakest = min(seen, key=lambda k: (odds[k, follows[k]], k))
            follows[weakest] = NONE
    return follows


def chains_of(follows: Sequence[int], frames: int) -> list[tuple[int, list[int]]]:
    """Return each article as its headline block, or `NONE`, and its pieces in reading order."""
    behind = {at: k for k, at in enumerate(follows) if NONE < at < frames}
    found = []
    for first, at in enumerate(follows):
        if NONE < at < frames:
            continue
        chain = [first]
        while chain[-1] in behind:
            chain.append(behind[chain[-1]])
        found.append((at - frames if at != NONE else NONE, chain))
    return found
