"""What the topics say about an issue: the newest version of each page and article, and when it reached each topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from schemas.article import ARTICLE_MESSAGE, IssueRecord, Withdrawal
from schemas.contract import ContractError, decode
from schemas.issue import Issue
from schemas.tagged import TAGGED_MESSAGE
from services.arrivals.reading import read_arrival
from services.ingest.correcting import read_correction
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from schemas.correction import Correction
    from schemas.issue import IgnoredPage
    from services.runtime.messages.records import Record
    from services.runtime.names import Names


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sighting: version (for a page, its revision), time in ms, and whether it is a withdrawal."""

    version: int
    time: int
    withdrawn: bool = False


UNSEEN: Final = Sighting(-1, 0)
GONE: Final = Sighting(-1, 0, withdrawn=True)


@dataclass(slots=True)
class Sightings:
    """Everything that was seen about an issue.

    Attributes:
        pages: the published pages, by number.
        known: the newest version that ingest made of the issue.
        segmented: articles, withdrawals and the issue's own record, by id; `tagged` has the same form.
        indexed: id -> whether it is withdrawn, and its version.
        corrections: the corrections that editors sent, by id.
        corrected: ids of the corrections that ingest has applied.
        partitions: the partitions of the raw topic that hold the issue's records.
        ignored: pages that changed nothing, by the newest version that was seen.
        contents: article id -> its version, by the issue's newest record; None if it does not say.
    """

    names: Names
    issue_id: str
    pages: dict[int, Sighting] = field(default_factory=dict)
    known: Sighting = UNSEEN
    segmented: dict[str, Sighting] = field(default_factory=dict)
    tagged: dict[str, Sighting] = field(default_factory=dict)
    headlines: dict[str, str] = field(default_factory=dict)
    indexed: dict[str, tuple[bool, int]] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    partitions: set[int] = field(default_factory=set)
    ignored: tuple[IgnoredPage, ...] = ()
    contents: dict[str, int] | None = None
    _record_version: int = -1
    _ignored_at: tuple[int, int] = (-1, 0)
    _taken: dict[int, Sighting] = field(default_factory=dict)
    _floor: int = 0

    @property
    def articles(self) -> list[str]:
        """The ids in messages from segment or tag: articles, and the issue itself for its record."""
        return sorted(self.segmented.keys() | self.tagged.keys())

    @property
    def by_time(self) -> list[Correction]:
        """The corrections in the order in which they take effect."""
        return sorted(self.corrections.values(), key=lambda one: (one.at, one.correction_id))

    @property
    def version(self) -> int:
        """The newest version that any article or record of the issue has."""
        return max((seen.version for seen in (*self.segmented.values(), *self.tagged.values())), default=-1)

    def newest(self, one: str) -> int:
        """Return the newest version of an article or of the issue's record; an article that is gone has its last."""
        if self.contents is None or one == self.issue_id:
            return self.version
        seen = max(known.get(one, UNSEEN).version for known in (self.segmented, self.tagged))
        return max(seen, self.contents.get(one, -1))

    def ingested(self, page: int) -> Sighting:
        """Return when ingest first had the newest published revision of a page; GONE if it is withdrawn."""
        published = self.pages[page]
        if published.version < self._floor:
            return GONE
        taken = self._taken.get(page, UNSEEN)
        return taken if taken.version >= published.version else UNSEEN

    def note(self, record: Record) -> None:
        """Add a record; a record that does not decode is in quarantine and is shown from there."""
        try:
            if record.topic == self.names.raw:
                self._note_arrival(record)
                self.partitions.add(record.partition)
            elif record.topic == self.names.corrections:
                correction = read_correction(record)
                self.corrections.setdefault(correction.correction_id, correction)
            elif record.topic == self.names.issues:
                self._note_issue(decode(Issue, record.value), record.timestamp)
            elif record.topic == self.names.articles:
                self._note_message(self.segmented, ARTICLE_MESSAGE, record)
            else:
                self._note_message(self.tagged, TAGGED_MESSAGE, record)
        except (Rejected, ContractError):
            return

    def _note_arrival(self, record: Record) -> None:
        arrival = read_arrival(record)
        for page in arrival.pages:
            known = self.pages.get(page.page, UNSEEN)
            # Topics are read in no fixed order: ingest's version may be seen before the published page.
            if page.revision > known.version or (page.revision == known.version and not known.time):
                self.pages[page.page] = Sighting(page.revision, record.timestamp)
        if arrival.withdrawn:
            self._floor = max(self._floor, arrival.revision + 1)
        elif arrival.complete:
            self._floor = max(self._floor, arrival.revision)

    def _note_issue(self, issue: Issue, time: int) -> None:
        self._note_ignored(issue)
        if issue.version > self.known.version:
            self.known = Sighting(issue.version, time)
            self.corrected = frozenset(one.correction_id for one in issue.corrections)
        for page in issue.pages:
            if page.revision > self._taken.get(page.page, UNSEEN).version:
                self._taken[page.page] = Sighting(page.revision, time)
            self.pages.setdefault(page.page, Sighting(page.revision, 0))

    def _note_ignored(self, message: Issue | IssueRecord) -> None:
        # Within a version, the set of ignored pages only grows; topics are read in no fixed order.
        at = message.version, max((one.published for one in message.ignored), default=0)
        if at >= self._ignored_at:
            self.ignored, self._ignored_at = message.ignored, at

    def _note_message(self, seen: dict[str, Sighting], adapter: TypeAdapter[Any], record: Record) -> None:
        message = decode(adapter, record.value)
        if isinstance(message, IssueRecord):
            self._note_ignored(message)
            if message.version >= self._record_version:
                self._record_version = message.version
                self.contents = _versions(message)
        one = message.issue_id if isinstance(message, IssueRecord) else message.article_id
        if message.version > seen.get(one, UNSEEN).version:
            seen[one] = Sighting(message.version, record.timestamp, isinstance(message, Withdrawal))
            headline = getattr(message, "headline", "")
            self.headlines[one] = headline or self.headlines.get(one, "")


def _versions(record: IssueRecord) -> dict[str, int] | None:
    if record.contents is None:
        return None
    return {one.article_id: one.version for one in record.contents}
