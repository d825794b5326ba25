"""The spans of a batch continue the traces that its records carry."""

from __future__ import annotations

import pytest

from services.runtime.errors import Rejected
from services.runtime.messages.headers import TRACE_PARENT, trace_of
from services.runtime.messages.records import Batch, Headers, Record
from services.runtime.messages.spans import Span, spans_of

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
BEGAN, ENDED = 1_700_000_001_000_000_000, 1_700_000_002_000_000_000


def record(offset: int, headers: Headers = ((TRACE_PARENT, TRACE),), topic: str = "issues") -> Record:
    return Record(topic, 3, offset, 1_700_000_000_123, "渔港日报/2023-08-15".encode(), b"value", headers)


def told(batch: Batch, stage: str = "segment") -> list[Span]:
    return list(spans_of(batch, stage, f"broadsheet-{stage}", BEGAN, ENDED))


def test_a_span_is_a_child_of_the_publishing_and_lasts_from_taking_to_commit() -> None:
    (span,) = told(Batch([record(7)]))
    assert (span.trace_id, span.parent_id) == (0x4BF92F3577B34DA6A3CE929D0E0E4736, 0x00F067AA0BA902B7)
    assert (span.begin_ns, span.end_ns, span.kind, span.name) == (BEGAN, ENDED, "consumer", "process issues")
    assert span.facts == {
        "messaging.system": "kafka",
        "messaging.destination.name": "issues",
        "messaging.destination.partition.id": "3",
        "messaging.kafka.offset": 7,
        "messaging.kafka.message.key": "渔港日报/2023-08-15",
        "messaging.operation.name": "segment",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": "broadsheet-segment",
        "broadsheet.batch.records": 1,
    }


def test_a_record_without_a_trace_begins_one_with_the_span_of_its_publishing() -> None:
    """Every later stage finds the same trace in the header that the first stage passes on."""
    first = record(0, headers=(), topic="issues.raw")
    published, ingested = told(Batch([first]), "ingest")
    (later,) = told(Batch([record(0, headers=((TRACE_PARENT, trace_of(first)),))]))
    assert (published.parent_id, published.kind, published.name) == (None, "producer", "publish issues.raw")
    assert published.begin_ns == first.timestamp * 1_000_000
    assert ingested.parent_id == later.parent_id == published.span_id
    assert ingested.trace_id == later.trace_id == published.trace_id


def test_the_same_work_has_the_same_span_and_other_work_another() -> None:
    """A batch that comes again after a crash adds nothing to its trace."""
    batch = Batch([record(0), record(1)])
    first, second = told(batch)
    assert told(batch) == [first, second]
    (elsewhere,) = told(Batch([record(0)]), "index")
    assert len({first.span_id, second.span_id, elsewhere.span_id}) == 3


def test_a_quarantined_record_has_its_error_in_its_span() -> None:
    batch = Batch([record(0), record(1)])
    batch.reject(batch.records[0], Rejected("页码 must be a number"))
    failed, fine = told(batch)
    assert (failed.error, failed.facts["error.type"]) == ("页码 must be a number", "Rejected")
    assert (fine.error, "error.type" in fine.facts) == ("", False)


def test_a_record_that_the_batch_left_has_no_span_yet() -> None:
    batch = Batch([record(0), record(1)])
    batch.leave(batch.records[1])
    (span,) = told(batch)
    assert (span.facts["messaging.kafka.offset"], span.facts["broadsheet.batch.records"]) == (0, 1)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(TRACE[:-2] + b"00", id="not sampled"),
        pytest.param(b"00-" + b"0" * 32 + TRACE[35:], id="no trace id"),
        pytest.param(TRACE[:36] + b"0" * 16 + TRACE[52:], id="no span id"),
        pytest.param(b"ff" + TRACE[2:], id="version that is forbidden"),
        pytest.param(TRACE.upper(), id="capitals"),
        pytest.param(b"\xff\xfe\n", id="anything"),
    ],
)
def test_a_trace_that_is_not_sampled_or_cannot_be_read_has_no_span(header: bytes) -> None:
    assert told(Batch([record(0, headers=((TRACE_PARENT, header),))])) == []


def test_the_header_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert len(told(Batch([record(0, headers=((TRACE_PARENT, b"01" + TRACE[2:] + b"-more"),))]))) == 1
