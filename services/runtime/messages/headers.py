"""Record headers: CloudEvents 1.0 in Kafka binary mode, and the W3C trace context.

Sources: CloudEvents Kafka protocol binding 1.0.2, section 3.2; W3C Trace Context, section 3.2.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from schemas.contracts.ids import schema_of, subject_of

if TYPE_CHECKING:
    from services.runtime.messages.records import Headers, Record

TRACE_PARENT: Final = "traceparent"
TIME: Final = "ce_time"
DIFFERENCE: Final = "ce_difference"
"""The kind of `Difference` of an article or withdrawal, so that a reader may skip it without decoding the value."""

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Told(Protocol):
    """A message that says its type."""

    @property
    def type(self) -> str:
        """The type, such as article."""


def trace_of(record: Record) -> bytes:
    """Return the record's `traceparent`, or else a new trace made from the record's place.

    With a clock or a random number, handling the same input again would give different bytes.
    """
    for key, value in record.headers:
        if key == TRACE_PARENT:
            return value
    digest = hashlib.blake2b(record.place.encode(), digest_size=24).hexdigest()
    return f"00-{digest[:32]}-{digest[32:]}-01".encode()


def time_of(record: Record) -> str:
    """Return the time of a record's event, as RFC 3339 in UTC: its `ce_time`, or else its timestamp.

    Kafka stamps the records of our topics with the time of arrival. So the time of the page or the correction goes from
    stage to stage in the header.
    """
    told = record.header(TIME)
    if told is not None:
        return told
    seconds, milliseconds = divmod(record.timestamp, 1000)
    return f"{_second(seconds)}.{milliseconds:03}Z"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    """Return a second since 1970 as RFC 3339 without an offset; many records of a batch share it."""
    return (EPOCH + dt.timedelta(seconds=seconds)).isoformat().removesuffix("+00:00")


def published_ms(record: Record) -> float | None:
    """Return when the page or the correction behind a stage's message was published, in ms; None: it does not say."""
    try:
        return dt.datetime.fromisoformat(record.header(TIME) or "").timestamp() * 1000
    except (ValueError, OverflowError):
        return None


def event_headers(record: Record, *, source: str, message: Told, event_id: str) -> Headers:
    """Return the headers of a message that a stage makes from `record`.

    Its time is the time at which the page or the correction that led to it was published. A clock would give the same
    event another time when it is made again.

    Args:
        record: the record that the message was made from; the message continues its trace.
        source: the stage of an installation, such as broadsheet/maoming/segment (`Settings.source_of`).
        message: the message; its schema, its subject and its difference are named.
        event_id: unique among the messages of `source`, and the same if the message is made again.
    """
    difference = getattr(message, "difference", None)
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", b"broadsheet." + message.type.encode()),
        ("ce_source", source.encode()),
        ("ce_id", event_id.encode()),
        (TIME, time_of(record).encode()),
        ("ce_subject", subject_of(message).encode()),
        ("ce_dataschema", schema_of(message).encode()),
        *(((DIFFERENCE, difference.kind.encode()),) if difference is not None else ()),
        ("content-type", b"application/json"),
        (TRACE_PARENT, trace_of(record)),
    )
