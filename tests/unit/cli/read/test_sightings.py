"""What the topics say of an issue, in whatever order their partitions are read."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from schemas.article import IssueRecord, Withdrawal
from schemas.contracts.valid import EXAMPLES
from schemas.issue import Issue, Page
from services.cli.read.sightings import GONE, UNSEEN, Sighting, Sightings
from services.cli.read.trace import belongs
from services.runtime.messages.records import Record
from services.runtime.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = Names("t-")
ISSUE = "渔港日报/2023-08-15"
ARTICLE = f"{ISSUE}/0123456789ab"
DAY = dt.date(2023, 8, 15)
(RECORD,) = [one for one in EXAMPLES["articles"] if isinstance(one, IssueRecord)]


def published(time: int, revision: int, pages: tuple[int, ...], **fields: Any) -> Record:
    texts = [{"page": page, "text": "渔港今晨开渔"} for page in pages]
    raw = {"paper": "渔港日报", "date": "2023-08-15", "revision": revision, "pages": texts, **fields}
    return Record(NAMES.raw, 0, time, time, ISSUE.encode(), json.dumps(raw).encode())


def ingested(time: int, version: int, revisions: dict[int, int]) -> Record:
    pages = tuple(Page(page=page, revision=revision, text="渔港") for page, revision in revisions.items())
    fields = {"issue_id": ISSUE, "paper": "渔港日报", "date": DAY, "date_assumed": False}
    issue = Issue(**fields, revision=version, version=version, pages=pages)
    return Record(NAMES.issues, 0, time, time, ISSUE.encode(), issue.encode())


def withdrawn(topic: str, time: int, version: int) -> Record:
    fields = {"article_id": ARTICLE, "issue_id": ISSUE, "paper": "渔港日报", "date": DAY}
    message = Withdrawal(**fields, revision=version, version=version)
    return Record(topic, 0, time, time, ARTICLE.encode(), message.encode())


def recorded(topic: str, time: int, version: int, contents: dict[str, int] | None) -> Record:
    """Return the issue's record, with its articles and their versions."""
    named = None if contents is None else [{"article_id": name, "version": each} for name, each in contents.items()]
    record = RECORD.model_dump(mode="json") | {"issue_id": ISSUE, "version": version, "contents": named}
    return Record(topic, 0, time, time, ISSUE.encode(), json.dumps(record).encode())


@pytest.fixture
def seen() -> Callable[..., Sightings]:
    def note(*records: Record) -> Sightings:
        sightings = Sightings(NAMES, ISSUE)
        for record in records:
            sightings.note(record)
        return sightings

    return note


def test_a_page_is_ingested_since_the_first_version_that_holds_its_newest_revision(
    seen: Callable[..., Sightings],
) -> None:
    records = [published(1, 1, (1, 2)), published(2, 2, (1,)), ingested(5, 1, {1: 1, 2: 1})]
    assert seen(*records).pages == {1: Sighting(2, 2), 2: Sighting(1, 1)}
    assert seen(*records).ingested(1) is UNSEEN
    assert seen(*records).ingested(2) == Sighting(1, 5)
    later = [*records, ingested(6, 2, {1: 2, 2: 1}), ingested(7, 3, {1: 2, 2: 1})]
    for order in (later, later[::-1]):
        assert seen(*order).known == Sighting(3, 7)
        assert seen(*order).pages == {1: Sighting(2, 2), 2: Sighting(1, 1)}
    assert seen(*later).ingested(1) == Sighting(2, 6)


def test_an_article_is_up_to_date_in_the_version_that_its_issues_record_names(seen: Callable[..., Sightings]) -> None:
    """It keeps the version at which it changed last, while the issue goes on."""
    records = [recorded(NAMES.articles, 1, 5, {ARTICLE: 3}), recorded(NAMES.tagged, 1, 4, {ARTICLE: 2})]
    for order in (records, records[::-1]):
        found = seen(*order)
        assert (found.newest(ARTICLE), found.newest(ISSUE)) == (3, 5)
    gone = seen(*records, recorded(NAMES.articles, 2, 6, {}), withdrawn(NAMES.articles, 2, 6))
    assert gone.newest(ARTICLE) == 6


def test_the_record_of_an_earlier_release_does_not_name_its_articles(seen: Callable[..., Sightings]) -> None:
    assert seen(recorded(NAMES.articles, 1, 5, None)).newest(ARTICLE) == 5


def test_what_a_whole_issue_or_a_withdrawal_cleared_is_gone(seen: Callable[..., Sightings]) -> None:
    whole = seen(published(1, 1, (1, 2)), published(2, 2, (1,), complete=True))
    assert (whole.ingested(1), whole.ingested(2)) == (UNSEEN, GONE)
    nothing = seen(published(2, 2, (), withdrawn=True), published(1, 2, (1,)))
    assert nothing.ingested(1) is GONE


def test_the_newest_version_of_an_article_counts_at_each_stage(seen: Callable[..., Sightings]) -> None:
    found = seen(withdrawn(NAMES.articles, 4, 9), withdrawn(NAMES.articles, 3, 8), withdrawn(NAMES.tagged, 5, 8))
    assert (found.version, found.articles) == (9, [ARTICLE])
    assert found.segmented[ARTICLE] == Sighting(9, 4, withdrawn=True)
    assert found.tagged[ARTICLE].version == 8


def test_what_does_not_decode_is_left_to_the_quarantine(seen: Callable[..., Sightings]) -> None:
    found = seen(*(Record(topic, 0, 0, 1, ISSUE.encode(), b"{") for topic in (NAMES.raw, NAMES.issues, NAMES.tagged)))
    assert (found.pages, found.articles, found.known) == ({}, [], UNSEEN)


@pytest.mark.parametrize("key", [b"", None], ids=["keyed", "without a key"])
def test_a_record_is_found_by_its_key_or_by_what_it_says(key: bytes | None) -> None:
    """A client may send a page without a key: its headers say which issue it is of."""
    headers = (("paper", "渔港日报".encode()), ("date", b"2023-08-04"), ("page", b"1"))
    named = "渔港日报/2023-08-04".encode() if key is not None else None
    record = Record("issues.raw", 3, 0, 7, named, "渔港今晨开渔".encode(), headers)
    assert belongs(record, "渔港日报/2023-08-04", "issues.raw")
    assert not belongs(record, "渔港日报/2023-08-05", "issues.raw")
