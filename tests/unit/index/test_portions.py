"""Portions: what is written together, bounded, and no document twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import GENERATIONS, IssueRecord, Quality, Withdrawal
from services.index.app import portions, requests
from services.index.document import order_of
from services.runtime.elasticsearch.bulk import MAX_DOCUMENTS
from services.runtime.messages.records import Batch, Record
from services.runtime.names import Names

NAMES = Names("test-")
GONE = Withdrawal(
    article_id="渔港日报/2023-08-04/0123456789ab",
    issue_id="渔港日报/2023-08-04",
    paper="渔港日报",
    date=dt.date(2023, 8, 4),
    revision=1,
    version=2048,
)


def record(offset: int, *, name: str = "0123456789ab", version: int = 2048, generation: int = 0) -> Record:
    article_id = f"{GONE.issue_id}/{name}"
    changes = {"article_id": article_id, "version": version, "generation": generation}
    message = GONE.model_copy(update=changes)
    return Record(NAMES.tagged, 0, offset, 1, article_id.encode(), message.encode())


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_of_one_document_the_newest_is_written_and_of_equal_ones_the_last(makings: list[tuple[int, int]]) -> None:
    """Sent together, Elasticsearch may refuse the last for now and take it before an earlier one: it did."""
    batch = Batch([record(offset, version=v, generation=g) for offset, (v, g) in enumerate(makings)])
    (portion,) = portions(batch, NAMES)
    (only,) = [one for one in portion if one.operation.index == "test-articles-write"]
    newest = max(makings)
    assert only.operation.action["index"]["version"] == newest[0] * GENERATIONS + newest[1]
    assert only.record.offset == max(offset for offset, making in enumerate(makings) if making == newest)


def test_elasticsearch_is_told_the_order_of_generations_within_a_version() -> None:
    """Whatever comes late, of whatever making, is refused there: by an external version of 63 bits."""
    order = [(2047, GENERATIONS - 1), (2048, 0), (2048, 1), (2048, GENERATIONS - 1), (2**53 - 1, GENERATIONS - 1)]
    told = [order_of(GONE.model_copy(update={"version": v, "generation": g})) for v, g in order]
    assert told == sorted(set(told))
    assert told[-1] < 2**63


def test_a_portion_is_bounded_and_what_does_not_decode_is_rejected_alone() -> None:
    """The rest of the batch goes on in the next portion."""
    records = [record(offset, name=f"{offset:012x}") for offset in range(MAX_DOCUMENTS + 1)]
    batch = Batch([replace(records[0], value=b"{"), *records])
    assert [len(portion) for portion in portions(batch, NAMES)] == [MAX_DOCUMENTS, MAX_DOCUMENTS, 2]
    assert [one.record.value for one in batch.rejections] == [b"{"]


def test_a_refresh_is_asked_for_the_articles_only() -> None:
    """A request refreshes every index that it writes to, and nobody waits for the history."""
    (portion,) = portions(Batch([record(0), record(1, name="ba9876543210")]), NAMES)
    urgent, others = requests(portion, NAMES, refresh=True)
    assert [(one.operation.index, urgent[1]) for one in urgent[0]] == [("test-articles-write", True)] * 2
    assert [(one.operation.index, others[1]) for one in others[0]] == [("test-history-write", False)] * 2
    assert requests(portion, NAMES, refresh=False) == [(portion, False)]


def test_an_issue_without_articles_asks_for_no_refresh() -> None:
    """Its only document is the issue's record."""
    quality = Quality(lines=1, placed=1, articles=0, title_only=0, body_only=0, orphan_captions=0, low_confidence=0)
    identity = {"issue_id": GONE.issue_id, "paper": GONE.paper, "date": GONE.date, "revision": 1, "version": 2048}
    issue = IssueRecord(**identity, pages=(1,), furniture=(), quality=quality)
    sent = Record(NAMES.tagged, 0, 0, 1, GONE.issue_id.encode(), issue.encode())
    (portion,) = portions(Batch([sent]), NAMES)
    assert requests(portion, NAMES, refresh=True) == [(portion, False)]
