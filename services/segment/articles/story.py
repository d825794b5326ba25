"""An article on one page while it is being assembled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from services.segment.matching.draft import Draft, Rows


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

    @property
    def page(self) -> int:
        """The number of the page."""
        return self.draft.evidence.page.number

    def groups(self) -> Rows:
        """Return every row of the story by what it is: what the article is made of, apart from its page."""
        groups = (self.body, self.heading, self.labels, self.jumps)
        return (*(tuple(rows) for rows in groups), tuple(self.captions), tuple(self.bylines))

    def rows(self) -> list[int]:
        """Return every row of the story on this page, ascending."""
        grouped = [r for group in (*self.captions, *self.bylines) for r in group]
        return sorted([*self.body, *self.heading, *self.labels, *self.jumps, *grouped])
