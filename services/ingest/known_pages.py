"""All pages known of an issue, and what an arrival adds to them.

The newest revision of a page wins, in whatever order they come; a whole issue or a withdrawal clears what is older than
itself, also what comes later. So the pages known depend on which records arrived, not on their order; only where one
revision of one page is sent with two texts does the first one count and the second go to quarantine.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.issue import STEPS_PER_REVISION, Issue, Page, issue_id, version_of
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.ingest.reading import Arrival

MAX_ISSUE_BYTES = 24 * 1024 * 1024
"""Keeps an issue with all its pages below the largest message (services.runtime.names)."""


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """An issue as known so far.

    Attributes:
        floor: pages of a lesser revision than this are gone.
        revision: the greatest revision that changed anything.
        step: how many arrivals changed something since `revision` last rose.
    """

    paper: str
    date: dt.date
    date_assumed: bool
    floor: int
    revision: int
    step: int
    pages: Mapping[int, Page]

    def take_in(self, arrival: Arrival) -> KnownIssue:
        """Return what is known after `arrival`; the same object when it changes nothing.

        Raises:
            Rejected: a page's revision is known with another text, or the issue grows beyond its bounds.
        """
        floor = self.floor
        if arrival.withdrawn:
            floor = max(floor, arrival.revision + 1)
        elif arrival.complete:
            floor = max(floor, arrival.revision)
        pages = {number: page for number, page in self.pages.items() if page.revision >= floor}
        for page in arrival.pages:
            known = pages.get(page.page)
            if page.revision < floor or (known is not None and known.revision > page.revision):
                continue
            if known is not None and known.revision == page.revision and known.text != page.text:
                raise Rejected(
                    f"page {page.page} of {arrival.issue_id}, revision {page.revision}, was published with another "
                    "text; publish a correction with a greater revision"
                )
            pages[page.page] = page
        assumed = self.date_assumed and arrival.date_assumed
        if floor == self.floor and pages == self.pages and assumed == self.date_assumed:
            return self
        newer = arrival.revision > self.revision
        step = 0 if newer else self.step + 1
        if step >= STEPS_PER_REVISION:
            raise Rejected(
                f"more than {STEPS_PER_REVISION} arrivals under revision {self.revision} of {arrival.issue_id}; "
                "publish with a greater revision"
            )
        if sum(len(page.text.encode()) for page in pages.values()) > MAX_ISSUE_BYTES:
            raise Rejected(f"{arrival.issue_id} would hold more than {MAX_ISSUE_BYTES // 1024**2} MB of text")
        return replace(
            self,
            date_assumed=assumed,
            floor=floor,
            revision=arrival.revision if newer else self.revision,
            step=step,
            pages={number: pages[number] for number in sorted(pages)},
        )

    def issue(self) -> Issue:
        """Return the message for the topic `issues`."""
        return Issue(
            issue_id=issue_id(self.paper, self.date),
            paper=self.paper,
            date=self.date,
            date_assumed=self.date_assumed,
            revision=self.revision,
            version=version_of(self.revision, self.step),
            pages=tuple(self.pages.values()),
        )

    def to_state(self) -> dict[str, Any]:
        """Return the state document."""
        return {
            "paper": self.paper,
            "date": self.date.isoformat(),
            "date_assumed": self.date_assumed,
            "floor": self.floor,
            "revision": self.revision,
            "step": self.step,
            "pages": [page.model_dump() for page in self.pages.values()],
        }


def from_state(state: dict[str, Any] | None, arrival: Arrival) -> KnownIssue:
    """Return what a state document says is known; for None, nothing yet of the arrival's issue."""
    if state is None:
        return KnownIssue(arrival.paper, arrival.date, arrival.date_assumed, floor=0, revision=-1, step=0, pages={})
    pages = [Page(**page) for page in state["pages"]]
    return KnownIssue(
        paper=state["paper"],
        date=dt.date.fromisoformat(state["date"]),
        date_assumed=state["date_assumed"],
        floor=state["floor"],
        revision=state["revision"],
        step=state["step"],
        pages={page.page: page for page in pages},
    )
