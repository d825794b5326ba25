"""Runs of rows that could be a headline or running text, found from their probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.roles import BODY, HEADING, SUBHEAD

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints


POSSIBLE = 0.02  # probability from which the other reading is worth a thought
LONGEST = 5
MOST = 24
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows `first` to `last`, taken for a headline or not, with the log-odds that they are one."""

    first: int
    last: int
    headline: bool
    odds: float


def doubts_of(probabilities: Floats, roles: Ints) -> list[Doubt]:
    """Doubtful runs of a page in order; at most `MOST`, the most doubtful ones."""
    head = np.maximum(probabilities[:, HEADING], _FLOOR)
    text = np.maximum(np.maximum(probabilities[:, BODY], probabilities[:, SUBHEAD]), _FLOOR)
    odds = np.log(head / text)
    found = []
    kind = np.where(roles == HEADING, 1, np.where(((roles == BODY) | (roles == SUBHEAD)) & (head > POSSIBLE), 2, 0))
    kind = np.where((kind == 1) & (text <= POSSIBLE / 4), 3, kind)
    start = 0
    for at in range(1, len(roles) + 1):
        if at < len(roles) and kind[at] == kind[start]:
            continue
        if kind[start] in {1, 2} and at - start <= LONGEST:
            found.append(Doubt(start, at - 1, bool(kind[start] == 1), float(odds[start:at].sum())))
        start = at
    kept = sorted(found, key=lambda d: (abs(d.odds), d.first))[:MOST]
    return sorted(kept, key=lambda d: d.first)
