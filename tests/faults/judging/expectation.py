"""What an installation must hold: a function of what was published, in one process and without any server.

`model`, which uses nothing from services/, computes the pages, versions, withdrawals and corrections. It also computes
tombstones: every id that an article once had and has no longer. The stages' own pure functions compute where the
articles of a page are, how they match the last version's articles, and what is searchable in them, because the harness
does not test these decisions. `model.wandering_ids` and `searching` check them from outside.
"""

from __future__ import annotations

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
from services.runtime.messages.headers import TRACE_PARENT
from services.runtime.messages.quarantine import ATTEMPT, original_headers
from services.segment.edition.corrections import CorrectedArticle, correct
from services.segment.edition.identity import assign_ids
from services.segment.edition.messages import article_message, messages
from services.segment.segmentation import segment_issue
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from tests.faults.judging.holdings import Holdings, digest, put
from tests.faults.judging.model import Corrections, Edition, SecondText, by_time
from tests.faults.work.taxonomy import pushed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from schemas.article import IssueRecord
    from services.runtime.messages.records import Record
    from services.segment.article import SegmentedArticle, SegmentedIssue
    from services.segment.edition.identity import Known
    from tests.faults.judging.model import Meaning, Place


def expected(
    raw: Sequence[Record],
    corrections: Iterable[Record],
    meanings: Mapping[Place, Meaning],
    loose: Collection[str] = (),
    *,
    retagged: bool = False,
) -> Holdings:
    """Return the result of the records of complete partitions, each in its order.

    Args:
        raw: records of `issues.raw`.
        corrections: records of `corrections`.
        meanings: what each record of `raw` says; a record that is missing here must end in quarantine.
        loose: issues that were corrected while their newsroom still published. The order in which pages and
            corrections arrived decides which versions came in between, and nothing else. The same holds for issues
            of which an operator replayed a message, perhaps after a correction.
        retagged: whether an operator pushed a taxonomy (`tests.faults.work.taxonomy`) and retagged.
    """
    holdings = Holdings()
    known: dict[str, _Known] = {}
    for record in raw:
        means = meanings.get(_place(record))
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
    holdings.loose = frozenset(loose) | (_replayed(raw, meanings) & holdings.passing_from.keys())
    for issue_id, one in known.items():
        if one.edition.revision >= 0:
            _hold(holdings, issue_id, one, _tagger(retagged=retagged))
            holdings.chosen |= {
                (article_id, what): value
                for what in ("headline", "kind")
                for article_id, value in one.corrections.chosen(what).items()
            }
    return holdings


@dataclass(slots=True)
class _Known:
    """What is known about an issue, the ids of its articles, and every id that an article ever had.

    `sent` has for each id what was written last: a digest of its content, its revision and its version.
    """

    edition: Edition = field(default_factory=Edition)
    corrections: Corrections = field(default_factory=Corrections)
    articles: tuple[Known, ...] = ()
    ever: set[str] = field(default_factory=set)
    sent: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    handled: int = -1

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


def _place(record: Record) -> Place:
    """Return the record as its newsroom wrote it: a replay from quarantine adds headers of its own, and a trace."""
    headers = tuple((name, value) for name, value in original_headers(record.headers) if name != TRACE_PARENT)
    return record.key, record.value, headers, record.timestamp


def _replayed(raw: Iterable[Record], meanings: Mapping[Place, Meaning]) -> set[str]:
    """Return the issues of which an operator replayed a message that means something."""
    places = {_place(record) for record in raw if record.header(ATTEMPT) is not None}
    return {meanings[place].issue_id for place in places & meanings.keys()}


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
    one.articles = assign_ids(issue_id, segmented.articles, one.articles, one.version)
    standing, gone = _messages(issue, one)
    contents = {name_of(message): content_of(message) for message in standing} | dict.fromkeys(gone, "gone")
    if passing:
        holdings.passing_from.setdefault(issue_id, one.version)
    for key, content in contents.items():
        before = one.sent.get(key, ("", -1, -1))
        if key == issue_id or before[0] != content:
            before = one.sent[key] = content, issue.revision, one.version
        elif one.handled != one.version:
            continue
        version = before[2]
        holdings.tagged[key, version] += 1
        holdings.last[key] = version
        if passing:
            holdings.passing.add((key, version))
    one.handled = one.version


def content_of(message: Article | IssueRecord) -> str:
    """Return a digest of what a message says beside its versions."""
    about = {"revision", "version", "generation", "difference"}
    return digest(json.dumps(message.model_dump(mode="json", exclude=about), ensure_ascii=False).encode())


def _hold(holdings: Holdings, issue_id: str, one: _Known, tagger: Tagger) -> None:
    issue = one.issue(issue_id)
    standing, gone = _messages(issue, one)
    for each in standing:
        _, revision, version = one.sent[name_of(each)]
        message = each.model_copy(update={"revision": revision, "version": version})
        final: Any = tagger.tag(message) if isinstance(message, Article) else message
        put(holdings, kind_of(message), name_of(message), document(final))
        if isinstance(message, Article):
            holdings.visible.add(message.article_id)
    for article_id in gone:
        _, revision, version = one.sent[article_id]
        tombstone = {
            "article_id": article_id,
            "issue_id": issue_id,
            "paper": issue.paper,
            "date": issue.date.isoformat(),
            "revision": revision,
            "version": version,
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


def article_of(article: SegmentedArticle) -> Article:
    """Return an article as a message of an invented issue."""
    issue = Issue.model_validate_json(
        '{"issue_id": "报/2023-08-01", "paper": "报", "date": "2023-08-01", "revision": 1, "version": 1, "pages": []}'
    )
    return article_message(issue, CorrectedArticle("报/2023-08-01/000000000000", article, None, ()))


@lru_cache(maxsize=20_000)
def _segmented(pages: tuple[tuple[int, str], ...]) -> SegmentedIssue:
    return segment_issue(dict(pages))


@lru_cache(maxsize=2)
def _tagger(*, retagged: bool) -> Tagger:
    return Tagger(pushed_taxonomy() if retagged else seed_taxonomy())
