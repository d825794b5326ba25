"""Record headers: CloudEvents 1.0 in Kafka binary mode, and the W3C trace context.

Sources: CloudEvents Kafka protocol binding 1.0.2, section 3.2; W3C Trace Context, section 3.2.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.runtime.messages.records import Headers, Record

TRACE_PARENT = "traceparent"


def trace_of(record: Record) -> bytes:
    """Return the record's `traceparent`, or else a new trace made from the record's place.

    With a clock or a random number, handling the same input again would give different bytes.
    """
    for key, value in record.headers:
        if key == TRACE_PARENT:
            return value
    digest = hashlib.blake2b(record.place.encode(), digest_size=24).hexdigest()
    return f"00-{digest[:32]}-{digest[32:]}-01".encode()


def event_headers(record: Record, *, source: str, kind: str, event_id: str) -> Headers:
    """Return the headers of a message that `source` (a stage) makes from `record`.

    Args:
        record: the record that the message was made from; the message continues its trace.
        source: the stage, such as segment.
        kind: the type of message, such as article.
        event_id: unique among the messages of `source`, and the same if the message is made again.
    """
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", f"broadsheet.{kind}".encode()),
        ("ce_source", f"broadsheet/{source}".encode()),
        ("ce_id", event_id.encode()),
        ("content-type", b"application/json"),
        (TRACE_PARENT, trace_of(record)),
    )
