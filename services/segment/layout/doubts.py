"""Runs of rows that could be a headline or running text, found from their probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.roles import BODY, HEADING, SUBHEAD, is_flow

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints


POSSIBLE = 0.02  # probability from which the other reading is worth a thought
LONGEST = 5  # rows of a run beyond which it is not in doubt
MOST = 24  # runs of a page that the search may turn
_FLOOR = 1e-4  # least probability that log-odds are made of
_SURE_HEADING = POSSIBLE / 4  # probability of running text below which a heading is not in doubt
NO_DOUBT, AS_HEADING, AS_TEXT, SURE = range(4)  # what a row is taken for, and whether it is in doubt


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows `first` to `last`, taken for a headline or not, with the log-odds that they are one."""

    first: int
    last: int
    headline: bool
    odds: float


def doubts_of(probabilities: Floats, roles: Ints) -> list[Doubt]:
    """Doubtful runs of a page in order; at most `MOST`, the most doubtful ones.

    Args:
        probabilities: (rows x classes) of the roles.
        roles: (rows,) the class each row is taken for.
    """
    head = np.maximum(probabilities[:, HEADING], _FLOOR)
    text = np.maximum(np.maximum(probabilities[:, BODY], probabilities[:, SUBHEAD]), _FLOOR)
    odds = np.log(head / text)
    found = []
    kind = np.where(roles == HEADING, AS_HEADING, np.where(is_flow(roles) & (head > POSSIBLE), AS_TEXT, NO_DOUBT))
    kind = np.where((kind == AS_HEADING) & (text <= _SURE_HEADING), SURE, kind)
    start = 0
    for at in range(1, len(roles) + 1):
        if at < len(roles) and kind[at] == kind[start]:
            continue
        if kind[start] in {AS_HEADING, AS_TEXT} and at - start <= LONGEST:
            found.append(Doubt(start, at - 1, bool(kind[start] == AS_HEADING), float(odds[start:at].sum())))
        start = at
    kept = sorted(found, key=lambda d: (abs(d.odds), d.first))[:MOST]
    return sorted(kept, key=lambda d: d.first)
