"""Find the runs of rows that could be a headline or running text, from their probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.roles import BODY, HEADING, SUBHEAD, is_flow

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints


POSSIBLE = 0.02  # the other reading is considered from this probability on
LONGEST = 5  # a run of more rows is not in doubt
MOST = 24  # the most runs of a page that the search may change
_FLOOR = 1e-4  # the smallest probability used for log-odds
_SURE_HEADING = POSSIBLE / 4  # a heading with a lower probability of running text is not in doubt
NO_DOUBT, AS_HEADING, AS_TEXT, SURE = range(4)  # what a row is taken for, and whether it is in doubt


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows `first` to `last`, whether they are taken for a headline, and the log-odds that they are a headline."""

    first: int
    last: int
    headline: bool
    odds: float


def doubts_of(probabilities: Floats, roles: Ints) -> list[Doubt]:
    """Return the doubtful runs of a page in page order, at most `MOST`: the most doubtful runs.

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
