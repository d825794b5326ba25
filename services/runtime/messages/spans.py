"""What a stage did with a batch, as spans of the traces that its records carry.

Every message of a page has the `traceparent` of the page's first message. So the spans of all stages are children of
one span, the publishing, and form one trace. Ids are computed from the record: a record that is handled again gives
the same span again.

Sources: W3C Trace Context, section 3.2; OpenTelemetry's semantic conventions for messaging and Kafka, 1.40.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from services.runtime.messages.headers import TRACE_PARENT, trace_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from services.runtime.messages.records import Batch, Record

PARENT: Final = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
SAMPLED: Final = 1
MOST_ERROR_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of work on one record.

    Attributes:
        trace_id: the trace.
        span_id: this span.
        parent_id: the span that led to it; None: it begins the trace.
        kind: whether the work was to send the record or to handle it.
        name: what was done with which topic, such as `process issues.raw`.
        begin_ns: when it began, in ns since 1970.
        end_ns: when it ended.
        facts: the attributes, by their OpenTelemetry names.
        error: why the record went to quarantine; empty: it did not.
    """

    trace_id: int
    span_id: int
    parent_id: int | None
    kind: Literal["producer", "consumer"]
    name: str
    begin_ns: int
    end_ns: int
    facts: Mapping[str, str | int]
    error: str = ""


def spans_of(batch: Batch, stage: str, group: str, began_ns: int, ended_ns: int) -> Iterator[Span]:
    """Yield the spans of a delivered batch.

    A record's span lasts from taking the batch to its commit, because its results can be read only after that. A
    record without a trace begins one. Nobody else tells of its publishing, so that span comes too. Records whose
    trace is not sampled or cannot be read have no span.

    Args:
        batch: the batch; records that it left have no span yet.
        stage: the stage's name.
        group: its consumer group.
        began_ns: when the batch was taken, in ns since 1970.
        ended_ns: when it was committed.
    """
    errors = {one.record: one.error for one in batch.rejections}
    handled = len(batch.records) - len(batch.left)
    for record in batch.records:
        found = PARENT.fullmatch(trace_of(record))
        if record in batch.left or found is None or not int(found[3], 16) & SAMPLED:
            continue
        trace_id, parent_id = int(found[1], 16), int(found[2], 16)
        where = _where(record)
        if record.header(TRACE_PARENT) is None:
            sent_ns = record.timestamp * 1_000_000
            name = f"publish {record.topic}"
            facts = {**where, "messaging.operation.name": "publish", "messaging.operation.type": "send"}
            yield Span(trace_id, parent_id, None, "producer", name, sent_ns, sent_ns, facts)
        error = errors.get(record)
        yield Span(
            trace_id,
            _span_id(stage, record),
            parent_id,
            "consumer",
            f"process {record.topic}",
            began_ns,
            ended_ns,
            {
                **where,
                "messaging.operation.name": stage,
                "messaging.operation.type": "process",
                "messaging.consumer.group.name": group,
                "broadsheet.batch.records": handled,
                **({"error.type": type(error).__name__} if error is not None else {}),
            },
            str(error)[:MOST_ERROR_CHARACTERS] if error is not None else "",
        )


def _where(record: Record) -> dict[str, str | int]:
    """Return the attributes that tell which record it is."""
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": record.topic,
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.offset": record.offset,
        "messaging.kafka.message.key": (record.key or b"").decode("utf-8", "replace"),
    }


def _span_id(stage: str, record: Record) -> int:
    """Return the id of a stage's work on a record, which is never 0."""
    digest = hashlib.blake2b(f"{stage}/{record.place}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1
