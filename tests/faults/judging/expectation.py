"""What an installation must hold: a function of what was published, in one process and without any server.

`model`, which uses nothing from services/, computes the pages, versions, withdrawals and corrections. It also computes
tombstones: every id that an article once had and has no longer. The stages' own pure functions compute where the
articles of a page are, how they match the last version's articles, and what is searchable in them, because the harness
does not test these decisions. `model.wandering_ids` and `searching` check them from outside.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.article import Article, Withdrawal
from schemas.correction import Correction
from schemas.issue import Issue
from services.index.document import document
from services.runtime.errors import Rejected
from services.search import fields
from services.segment.edition.corrections import CorrectedArticle, correct
from services.segment.edition.identity import assign_ids
from services.segment.edition.messages import article_message, messages
from services.segment.segmentation import segment_issue
from services.tag.tagging import Tagger
from services.tag.taxonomy.seed import seed_taxonomy
from tests.faults.judging.model import Corrections, Edition, SecondText, by_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from schemas.article import IssueRecord
    from services.runtime.messages.records import Record
    from services.segment.article import SegmentedArticle, SegmentedIssue
    from services.segment.edition.identity import Known
    from tests.faults.judging.model import Meaning, Place

Line = tuple[int, int]
"""A page, and a line of the page's text, counted from 1."""

Refusal = tuple[str, str, bytes | None, str]
"""The stage, topic, key and digest of the value of a message in quarantine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as it is now: its versions, whether it is withdrawn, and the digest of all its content."""

    revision: int
    version: int
    withdrawn: bool
    digest: str


@dataclass(slots=True)
class Holdings:
    """What an installation holds, or must hold.

    Attributes:
        documents: documents by index kind and id, including withdrawn documents.
        visible: ids of the articles that a search finds.
        lines: for each issue, every line that is not blank, with how often it is claimed.
        issues: how often each issue was written to the topic of issues at each version; `segmented` is the same for
            the topic of articles.
        tagged: how often each key was written to the topic of tagged articles at each version.
        passing: the part of `tagged` that editors' corrections caused. A correction that is handled again after a crash
            gives the issue in its state at that time (docs/decisions/0009): all versions except the last may be
            skipped, and each may be repeated.
        last: the version of the last record of each key on that topic, which compaction keeps.
        quarantined: messages in quarantine; each place of origin counts once.
        origins: stage, topic, partition and offset of each message in quarantine; only for findings.
        repeats: how many more messages are in quarantine because they were handled again.
        loose: issues whose versions before the last version may differ.
        chosen: (article id, headline or kind) -> what an editor chose and what holds.
        titles: (article id, headline or kind) -> what the article has; only for findings.
        disordered: what is wrong with the order of a key's records; only for findings.
        wandering: what is wrong with ids; only for findings.
        unsearchable: articles that a search for their own words does not find; only for findings.
        rebuilt: documents that a rebuild of the index changed; only for findings.
    """

    documents: dict[tuple[str, str], Standing] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    lines: dict[str, Counter[Line]] = field(default_factory=dict)
    tagged: Counter[tuple[str, int]] = field(default_factory=Counter)
    passing: set[tuple[str, int]] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    quarantined: Counter[Refusal] = field(default_factory=Counter)
    repeats: int = 0
    origins: set[tuple[str, str, int, int]] = field(default_factory=set)
    issues: Counter[tuple[str, int]] = field(default_factory=Counter)
    segmented: Counter[tuple[str, int]] = field(default_factory=Counter)
    loose: frozenset[str] = frozenset()
    chosen: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    disordered: list[str] = field(default_factory=list)
    wandering: list[str] = field(default_factory=list)
    unsearchable: list[str] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)

    def is_loose(self, key: str, version: int) -> bool:
        """Tell whether a version of a key may be missing, or may be present more often than it was caused."""
        return (key, version) in self.passing or key in self.loose or key.rpartition("/")[0] in self.loose


def expected(
    raw: Iterable[Record],
    corrections: Iterable[Record],
    meanings: Mapping[Place, Meaning],
    loose: Collection[str] = (),
) -> Holdings:
    """Return the result of the records of complete partitions, each in its order.

    Args:
        raw: records of `issues.raw`.
        corrections: records of `corrections`.
        meanings: what each record of `raw` says; a record that is missing here must end in quarantine.
        loose: issues that were corrected while their newsroom still published. The order in which pages and
            corrections arrived decides which versions came in between, and nothing else.
    """
    holdings = Holdings(loose=frozenset(loose))
    known: dict[str, _Known] = {}
    for record in raw:
        # A message that is replayed from quarantine has headers that say so.
        headers = tuple((name, value) for name, value in record.headers if not name.startswith("quarantine-"))
        means = meanings.get((record.key, record.value, headers, record.timestamp))
        one = known.get(means.issue_id) if means is not None else None
        one = one or _Known()
        try:
            if means is None:
                raise Rejected("it says nothing")  # noqa: TRY301
            one.edition = one.edition.after(means)
        except (Rejected, SecondText):
            holdings.quarantined["ingest", record.topic, record.key, digest(record.value)] += 1
            continue
        known[means.issue_id] = one
        _issue_version(holdings, means.issue_id, one)
    for record in corrections:
        correction = _correction(record)
        if correction is None:
            holdings.quarantined["ingest", record.topic, record.key, digest(record.value)] += 1
            continue
        issue_id = correction["article_id"].rpartition("/")[0]
        one = known.setdefault(issue_id, _Known())
        if one.corrections.add(correction):
            holdings.quarantined["ingest", record.topic, record.key, digest(record.value)] += 1
            continue
        if one.edition.revision >= 0:
            _issue_version(holdings, issue_id, one, passing=True)
    for issue_id, one in known.items():
        if one.edition.revision >= 0:
            _hold(holdings, issue_id, one)
            holdings.chosen |= {
                (article_id, what): value
                for what in ("headline", "kind")
                for article_id, value in one.corrections.chosen(what).items()
            }
    return holdings


@dataclass(slots=True)
class _Known:
    """What is known about an issue, the ids of its articles, and every id that an article ever had."""

    edition: Edition = field(default_factory=Edition)
    corrections: Corrections = field(default_factory=Corrections)
    articles: tuple[Known, ...] = ()
    ever: set[str] = field(default_factory=set)

    @property
    def version(self) -> int:
        return self.edition.version(len(self.corrections.sent))

    def issue(self, issue_id: str) -> Issue:
        paper, _, date = issue_id.rpartition("/")
        content = {
            "issue_id": issue_id,
            "paper": paper,
            "date": date,
            "revision": self.edition.revision,
            "version": self.version,
            "pages": [
                {"page": number, "revision": sheet.revision, "text": sheet.text}
                for number, sheet in sorted(self.edition.sheets.items())
            ],
            "corrections": by_time(self.corrections.sent.values()),
        }
        return Issue.model_validate_json(json.dumps(content))


def _correction(record: Record) -> dict[str, Any] | None:
    """Return a correction in its JSON form; None if the record holds none."""
    try:
        Correction.model_validate_json(record.value or b"")
    except ValueError:
        return None
    content: dict[str, Any] = json.loads(record.value or b"")
    return content


def _issue_version(holdings: Holdings, issue_id: str, one: _Known, *, passing: bool = False) -> None:
    """Record what another message of an issue puts on the topics."""
    issue = one.issue(issue_id)
    holdings.issues[issue_id, one.version] += 1
    segmented = _segmented(tuple((page.page, page.text) for page in issue.pages))
    one.articles = assign_ids(issue_id, segmented.articles, one.articles)
    standing, gone = _messages(issue, one)
    for key in (*(name_of(message) for message in standing), *gone):
        holdings.tagged[key, one.version] += 1
        holdings.last[key] = one.version
        if passing:
            holdings.passing.add((key, one.version))
            holdings.passing.add((issue_id, one.version))


def _hold(holdings: Holdings, issue_id: str, one: _Known) -> None:
    tagger = _tagger()
    issue = one.issue(issue_id)
    standing, gone = _messages(issue, one)
    for message in standing:
        final: Any = tagger.tag(message) if isinstance(message, Article) else message
        put(holdings, kind_of(message), name_of(message), document(final))
        if isinstance(message, Article):
            holdings.visible.add(message.article_id)
    for article_id in gone:
        tombstone = {
            "article_id": article_id,
            "issue_id": issue_id,
            "paper": issue.paper,
            "date": issue.date.isoformat(),
            "revision": issue.revision,
            "version": issue.version,
            "withdrawn": True,
        }
        put(holdings, "articles", article_id, tombstone)
    holdings.lines[issue.issue_id] = Counter(
        (number, line)
        for number, sheet in one.edition.sheets.items()
        for line, words in enumerate(sheet.text.split("\n"), start=1)
        if words.strip()
    )


def _messages(issue: Issue, one: _Known) -> tuple[list[Article | IssueRecord], list[str]]:
    """Return a version's articles and issue record, and the ids that no longer belong to an article."""
    pages = {page.page: page.text for page in issue.pages}
    corrected = correct(_segmented(tuple(pages.items())), one.articles, issue.corrections, pages)
    standing = [each for each in messages(issue, corrected) if not isinstance(each, Withdrawal)]
    now = {each.article_id for each in standing if isinstance(each, Article)}
    one.ever |= now | set(corrected.withdrawn)
    return standing, sorted(one.ever - now)


def kind_of(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the kind of index that a message ends in."""
    return "issues" if message.type == "issue" else "articles"


def name_of(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the key of a message on the topics, which is also the id of its document."""
    return message.issue_id if message.type == "issue" else message.article_id


def put(holdings: Holdings, kind: str, name: str, source: Mapping[str, Any]) -> None:
    """Record a document without its search fields, which follow from its other fields."""
    kept = {name: value for name, value in source.items() if name != fields.SEARCH}
    holdings.documents[kind, name] = Standing(
        revision=source["revision"],
        version=source["version"],
        withdrawn=source.get(fields.WITHDRAWN, False),
        digest=digest(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()),
    )


def digest(value: bytes | None) -> str:
    """Return a short digest of bytes; for None, return the word none."""
    return "none" if value is None else hashlib.blake2b(value, digest_size=12).hexdigest()


def article_of(article: SegmentedArticle) -> Article:
    """Return an article as a message of an invented issue."""
    issue = Issue.model_validate_json(
        '{"issue_id": "报/2023-08-01", "paper": "报", "date": "2023-08-01", "revision": 1, "version": 1, "pages": []}'
    )
    return article_message(issue, CorrectedArticle("报/2023-08-01/000000000000", article, None, ()))


@lru_cache(maxsize=20_000)
def _segmented(pages: tuple[tuple[int, str], ...]) -> SegmentedIssue:
    return segment_issue(dict(pages))


@lru_cache(maxsize=1)
def _tagger() -> Tagger:
    return Tagger(seed_taxonomy())
