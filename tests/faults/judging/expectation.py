"""What an installation must hold: a pure function of what was published, in one process and without any server.

It applies the stages' own decisions (what an arrival or a correction adds, where articles are, which ids they keep,
what is searched) to the records of each partition in their order. What it does not use is all that is under test:
consumers, transactions, state documents, bulk requests, versions refused by Elasticsearch.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.article import Article
from schemas.contract import decode
from schemas.issue import Issue
from services.index.document import document
from services.ingest import known_pages
from services.ingest.correcting import read_correction
from services.ingest.reading import read_arrival
from services.search import fields
from services.segment.edition.corrections import CorrectedArticle, correct
from services.segment.edition.identity import assign_ids
from services.segment.edition.messages import article_message, messages
from services.segment.segmentation import segment_issue
from services.tag.tagging import Tagger
from services.tag.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from schemas.article import IssueRecord, Withdrawal
    from services.ingest.known_pages import KnownIssue
    from services.runtime.messages.records import Record
    from services.segment.article import SegmentedArticle, SegmentedIssue
    from services.segment.edition.identity import Known

Line = tuple[int, int]
"""Page, and line of the page's text from 1."""

Refusal = tuple[str, str, bytes | None, str]
"""Stage, topic, key and digest of the value of a message in quarantine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as it stands: its versions, whether it is withdrawn, and the digest of all that is in it."""

    revision: int
    version: int
    withdrawn: bool
    digest: str


@dataclass(slots=True)
class Holdings:
    """What an installation holds, or must hold.

    Attributes:
        documents: by index kind and id, those withdrawn too.
        visible: ids of the articles that a search finds.
        lines: of each issue, every line that is not blank with how often it is claimed.
        tagged: how often each key was written to the topic of tagged articles at each version.
        passing: of `tagged`, what editors' corrections led to. Handled again after a crash, one gives the issue as it
            stands then (docs/decisions/0009): all versions but the last may be skipped, and each may be repeated.
        last: the version that each key was written at last to that topic, which is what its compaction keeps.
        quarantined: messages in quarantine, each place that they came from counted once.
        repeats: how many more stand in quarantine because they came round again.
    """

    documents: dict[tuple[str, str], Standing] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    lines: dict[str, Counter[Line]] = field(default_factory=dict)
    tagged: Counter[tuple[str, int]] = field(default_factory=Counter)
    passing: set[tuple[str, int]] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    quarantined: Counter[Refusal] = field(default_factory=Counter)
    repeats: int = 0


def expected(raw: Iterable[Record], corrections: Iterable[Record] = ()) -> Holdings:
    """Return what the records of whole partitions, each in its order, lead to.

    Args:
        raw: of `issues.raw`.
        corrections: of `corrections`; each was sent when all that is in `raw` of its issue had been taken in.
    """
    holdings = Holdings()
    known: dict[str, KnownIssue] = {}
    articles: dict[str, tuple[Known, ...]] = {}
    for record, grow in (*((each, _grown) for each in raw), *((each, _corrected) for each in corrections)):
        try:
            issue_id, now = grow(record, known)
        except Exception:  # noqa: BLE001  # as the stage does: whatever is wrong with one record, it is set aside
            holdings.quarantined["ingest", record.topic, record.key, digest(record.value)] += 1
            continue
        known[issue_id] = now
        if not now.is_published:
            continue
        issue = decode(Issue, now.issue().encode())
        segmented = _segmented(tuple((page.page, page.text) for page in issue.pages))
        articles[issue_id] = assign_ids(issue_id, segmented.articles, articles.get(issue_id, ()))
        for message in _messages(issue, articles[issue_id]):
            key = name_of(message)
            holdings.tagged[key, message.version] += 1
            holdings.last[key] = message.version
            if grow is _corrected:
                holdings.passing.add((key, message.version))
    for issue_id, known_articles in articles.items():
        _hold(holdings, decode(Issue, known[issue_id].issue().encode()), known_articles)
    return holdings


def _grown(record: Record, known: Mapping[str, KnownIssue]) -> tuple[str, KnownIssue]:
    arrival = read_arrival(record)
    before = known.get(arrival.issue_id) or known_pages.from_state(None, arrival)
    return arrival.issue_id, before.take_in(arrival)


def _corrected(record: Record, known: Mapping[str, KnownIssue]) -> tuple[str, KnownIssue]:
    correction = read_correction(record)
    before = known.get(correction.issue_id) or known_pages.from_state(None, correction)
    return correction.issue_id, before.correct(correction)


def _hold(holdings: Holdings, issue: Issue, known: Sequence[Known]) -> None:
    tagger = _tagger()
    for message in _messages(issue, known):
        final: Any = tagger.tag(message) if isinstance(message, Article) else message
        put(holdings, kind_of(message), name_of(message), document(final))
        if isinstance(message, Article):
            holdings.visible.add(message.article_id)
    holdings.lines[issue.issue_id] = Counter(
        (page.page, number)
        for page in issue.pages
        for number, line in enumerate(page.text.split("\n"), start=1)
        if line.strip()
    )


def _messages(issue: Issue, known: Sequence[Known]) -> Iterator[Article | Withdrawal | IssueRecord]:
    pages = {page.page: page.text for page in issue.pages}
    segmented = _segmented(tuple(pages.items()))
    return messages(issue, correct(segmented, known, issue.corrections, pages))


def kind_of(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the kind of index that a message ends in."""
    return "issues" if message.type == "issue" else "articles"


def name_of(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the key of a message on the topics, which is the id of its document too."""
    return message.issue_id if message.type == "issue" else message.article_id


def put(holdings: Holdings, kind: str, name: str, source: Mapping[str, Any]) -> None:
    """Take note of a document; what is made of its text for searching is not kept with it and follows from the rest."""
    kept = {name: value for name, value in source.items() if name != fields.SEARCH}
    holdings.documents[kind, name] = Standing(
        revision=source["revision"],
        version=source["version"],
        withdrawn=source.get(fields.WITHDRAWN, False),
        digest=digest(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()),
    )


def digest(value: bytes | None) -> str:
    """Return a short digest of bytes; of None, the word none."""
    return "none" if value is None else hashlib.blake2b(value, digest_size=12).hexdigest()


def article_of(article: SegmentedArticle) -> Article:
    """Return an article as a message of an issue made up for it."""
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
