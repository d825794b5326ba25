"""The known pages and corrections of an issue, and what an arrival or a correction adds to them.

The newest revision of a page wins, in whatever order the revisions arrive. A complete issue or a withdrawal removes all
older pages, including older pages that arrive later. So the known pages depend on which records arrived, not on their
order. There is one exception: if the same revision of a page is sent with two texts, the first text counts and the
second goes to quarantine. Corrections are a set. They are kept whatever happens to the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.issue import MOST_CORRECTIONS, STEPS_PER_REVISION, IgnoredPage, Issue, issue_id, version_of
from schemas.issue_state import IssueState
from services.arrivals.limits import check_issue
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from schemas.correction import Correction
    from schemas.geometry import Geometry
    from schemas.issue import Page
    from services.arrivals.reading import Arrival

PAGES = "pages"
"""The field of a state that holds the pages, nearly all of a state's bytes."""

MOST_IGNORED = 20
MOST_IGNORED_STEPS = 512
"""After this many steps under one revision, ignored pages are no longer reported.

The remaining steps are for pages that count.
"""

MOST_ARRIVALS = STEPS_PER_REVISION - MOST_CORRECTIONS
"""How many arrivals may change something under one revision."""


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """An issue as known so far.

    Attributes:
        floor: pages with a smaller revision than this are gone.
        revision: the greatest revision that changed anything; -1 while only corrections have arrived.
        step: how many arrivals changed something since `revision` last rose.
        corrections: the editors' corrections, in the order of their times.
        latest: the greatest timestamp of an arrival that changed something, in ms; None if it is not known.
        ignored: pages that were published after `latest` with too small a revision.
    """

    paper: str
    date: dt.date
    date_assumed: bool
    floor: int
    revision: int
    step: int
    pages: Mapping[int, Page]
    corrections: tuple[Correction, ...] = ()
    latest: int | None = None
    ignored: tuple[IgnoredPage, ...] = ()

    def take_in(self, arrival: Arrival) -> KnownIssue:
        """Return what is known after `arrival`; the same object if the arrival changes nothing.

        A page that is older than the known page changes only `ignored`. It changes that only if it was published after
        `latest`, because then its publisher meant it to count.

        Raises:
            Rejected: a page's revision is known with another text or geometry, or the issue exceeds its limits.
        """
        floor = self.floor
        if arrival.withdrawn:
            floor = max(floor, arrival.revision + 1)
        elif arrival.complete:
            floor = max(floor, arrival.revision)
        pages = {number: page for number, page in self.pages.items() if page.revision >= floor}
        late: list[IgnoredPage] = []
        for page in arrival.pages:
            known = pages.get(page.page)
            if page.revision < floor or (known is not None and known.revision > page.revision):
                least = max(floor, known.revision + 1 if known is not None else 0)
                late.append(_ignored(page.page, least, arrival))
                continue
            if known is None or known.revision < page.revision:
                pages[page.page] = page
            elif _printed(known) != _printed(page):
                other = "text" if known.text != page.text else "geometry"
                raise Rejected(
                    f"page {page.page} of {arrival.issue_id}, revision {page.revision}, was published with another "
                    f"{other}; publish a correction with a greater revision"
                )
        assumed = self.date_assumed and arrival.date_assumed
        if arrival.withdrawn and arrival.revision < self.revision and any(pages.values()):
            late.append(_ignored(None, max(page.revision for page in pages.values()), arrival))
        ignored = self._with_ignored(late, arrival.published)
        if floor == self.floor and pages == self.pages and assumed == self.date_assumed:
            return self if ignored == self.ignored else replace(self, ignored=ignored, step=self.step + 1)
        newer = arrival.revision > self.revision
        step = 0 if newer else self.step + 1
        if step >= MOST_ARRIVALS:
            raise Rejected(
                f"more than {MOST_ARRIVALS} arrivals under revision {self.revision} of {arrival.issue_id}; "
                "publish with a greater revision"
            )
        check_issue(arrival.issue_id, pages.values())
        return replace(
            self,
            date_assumed=assumed,
            floor=floor,
            revision=arrival.revision if newer else self.revision,
            step=step,
            pages={number: pages[number] for number in sorted(pages)},
            latest=max(self.latest or 0, arrival.published),
            ignored=tuple(one for one in ignored if not _is_settled(one, arrival, pages)),
        )

    def _with_ignored(self, late: Sequence[IgnoredPage], published: int) -> tuple[IgnoredPage, ...]:
        """Return the newest entries of `ignored` and `late` together.

        Entries of `late` are added only if they were published after every arrival that counts.
        """
        enough = self.step >= MOST_IGNORED_STEPS
        if not late or enough or self.latest is None or published <= self.latest:
            return self.ignored
        found = {*self.ignored, *late}
        return tuple(sorted(found, key=lambda one: (one.published, one.page or 0, one.revision))[-MOST_IGNORED:])

    def correct(self, correction: Correction) -> KnownIssue:
        """Return what is known after `correction`; the same object if the correction is already known.

        Raises:
            Rejected: the correction was sent before with other content, or the issue has no room for more corrections.
        """
        for known in self.corrections:
            if known.correction_id == correction.correction_id:
                if known == correction:
                    return self
                raise Rejected(
                    f"correction_id: {correction.correction_id} of {correction.issue_id} was sent with other content "
                    "before; send it under an id of its own"
                )
        if len(self.corrections) >= MOST_CORRECTIONS:
            raise Rejected(
                f"{correction.issue_id} has {MOST_CORRECTIONS} corrections, and can have no more; publish its pages "
                "as they should read, with a greater revision"
            )
        corrections = sorted((*self.corrections, correction), key=lambda one: (one.at, one.correction_id))
        return replace(self, corrections=tuple(corrections))

    @property
    def is_published(self) -> bool:
        """Whether anything other than corrections has arrived."""
        return self.revision >= 0

    def issue(self) -> Issue:
        """Return the message for the topic `issues`."""
        return Issue(
            issue_id=issue_id(self.paper, self.date),
            paper=self.paper,
            date=self.date,
            date_assumed=self.date_assumed,
            revision=self.revision,
            version=self.version,
            pages=tuple(self.pages.values()),
            corrections=self.corrections,
            ignored=self.ignored,
        )

    @property
    def version(self) -> int:
        """The version of the issue. It counts every correction, in whatever order corrections and pages arrived."""
        return version_of(self.revision, self.step + len(self.corrections))

    def to_state(self) -> dict[str, Any]:
        """Return the state document."""
        state = IssueState(
            paper=self.paper,
            date=self.date,
            date_assumed=self.date_assumed,
            floor=self.floor,
            revision=self.revision,
            step=self.step,
            pages=tuple(self.pages.values()),
            corrections=self.corrections,
            version=self.version if self.is_published else None,
            latest=self.latest,
            ignored=self.ignored,
        )
        return state.model_dump(mode="json")


def _printed(page: Page) -> tuple[str, Geometry | None]:
    return page.text, page.geometry


def from_state(document: dict[str, Any] | None, first: Arrival | Correction) -> KnownIssue:
    """Return the issue in a state document; for None, an empty issue with the paper and date of `first`."""
    if document is None:
        return KnownIssue(first.paper, first.date, date_assumed=True, floor=0, revision=-1, step=0, pages={})
    state = IssueState.model_validate(document, strict=False)
    return KnownIssue(
        paper=state.paper,
        date=state.date,
        date_assumed=state.date_assumed,
        floor=state.floor,
        revision=state.revision,
        step=state.step,
        pages={page.page: page for page in state.pages},
        corrections=state.corrections,
        latest=state.latest,
        ignored=state.ignored,
    )


def _ignored(page: int | None, least: int, arrival: Arrival) -> IgnoredPage:
    return IgnoredPage(page=page, revision=arrival.revision, least=least, published=arrival.published)


def _is_settled(one: IgnoredPage, arrival: Arrival, pages: Mapping[int, Page]) -> bool:
    """Tell whether `arrival`, which counts, came after an ignored page and brings what that page was meant to bring."""
    if one.published >= arrival.published:
        return False
    if arrival.withdrawn or arrival.complete or one.page is None:
        return True
    known = pages.get(one.page)
    return known is not None and known.revision == arrival.revision
