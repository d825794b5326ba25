"""An article on one page while it is being assembled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from services.segment.matching.draft import Draft


def probability(odds: float) -> float:
    """Return the probability that has these log-odds."""
    return float(1 / (1 + np.exp(-odds)))


@dataclass(slots=True)
class Story:
    """An article on one page while it is being assembled: row indexes of that page, grouped by what they are."""

    draft: Draft
    body: list[int] = field(default_factory=list)
    heading: list[int] = field(default_factory=list)
    captions: list[tuple[int, ...]] = field(default_factory=list)
    bylines: list[tuple[int, ...]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    jumps: list[int] = field(default_factory=list)
    matched: float = 1.0  # probability that the headline belongs to it

    @property
    def page(self) -> int:
        """The number of the page."""
        return self.draft.evidence.page.number

    @property
    def certainty(self) -> float:
        """How sure the models are of the story's rows, edges and headline, 0..1."""
        evidence, cutting = self.draft.evidence, self.draft.cutting
        rows = self.rows()
        if not rows:
            return 0.0
        roles = float(evidence.probabilities[rows, evidence.roles[rows]].mean())
        edges = 1.0
        if self.body and len(cutting.flow) > 1:
            first, last = np.searchsorted(cutting.flow, [self.body[0], self.body[-1]])
            odds = [cutting.flow_odds[k] for k in (first - 1, last) if 0 <= k < len(cutting.flow_odds)]
            edges = min((probability(abs(o)) for o in odds), default=1.0)
        return roles * edges * self.matched

    def rows(self) -> list[int]:
        """Return every row of the story on this page, ascending."""
        grouped = [r for group in (*self.captions, *self.bylines) for r in group]
        return sorted([*self.body, *self.heading, *self.labels, *self.jumps, *grouped])
