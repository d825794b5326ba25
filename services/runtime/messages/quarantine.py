"""Messages in quarantine: the original key, value and headers, and what went wrong.

Headers that begin with `quarantine-` say what went wrong, as in Kafka Connect's dead letter queue. So the original
bytes can be sent again exactly as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.runtime.errors import Rejected
from services.runtime.messages.headers import TRACE_PARENT, trace_of
from services.runtime.messages.records import Emission, Headers, Record

if TYPE_CHECKING:
    from services.runtime.messages.records import Rejection

PREFIX = "quarantine-"
ATTEMPT = "quarantine-attempt"
FIRST = "quarantine-first-offset"
MAX_ERROR_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What the quarantine knows about a message besides its bytes.

    Attributes:
        attempt: how often the message has failed.
        offset: the message's offset on its topic when it last failed; `first`: its offset when it first failed.
        timestamp: the message's own timestamp, in ms.
    """

    stage: str
    error: str
    error_type: str
    attempt: int
    topic: str
    partition: int
    offset: int
    first: int
    timestamp: int


def to_quarantine(rejection: Rejection, *, stage: str, topic: str) -> Emission:
    """Return the message for the quarantine `topic`, which keeps all of `rejection.record`.

    `attempt` counts how often this message has failed. `first-offset` is its offset when it first failed. A replay
    passes both on in headers.
    """
    record, error = rejection.record, rejection.error
    # A deliberate rejection explains itself. Any other error is a fault in our code, so the message includes its type.
    text = str(error) if isinstance(error, Rejected | ValueError) else f"{type(error).__name__}: {error}"
    facts = {
        "stage": stage,
        "error": text[:MAX_ERROR_CHARACTERS],
        "error-type": type(error).__name__,
        "attempt": str(_number(record.header(ATTEMPT), 0) + 1),
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "first-offset": str(_number(record.header(FIRST), record.offset)),
        "timestamp": str(record.timestamp),
    }
    headers = (*original_headers(record.headers), *((PREFIX + name, value.encode()) for name, value in facts.items()))
    if record.header(TRACE_PARENT) is None:
        headers = (*headers, (TRACE_PARENT, trace_of(record)))
    return Emission(topic, record.key, record.value, headers, record.timestamp)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default


def original_headers(headers: Headers) -> Headers:
    """Return the headers without the headers of the quarantine."""
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))


def read_quarantined(record: Record) -> Quarantined:
    """Return what the quarantine wrote about the original message.

    Raises:
        Rejected: `record` was not written by `to_quarantine`.
    """

    def fact(name: str) -> str:
        value = record.header(PREFIX + name)
        if value is None:
            raise Rejected(f"no header {PREFIX}{name}: not a message of the quarantine")
        return value

    return Quarantined(
        stage=fact("stage"),
        error=fact("error"),
        error_type=fact("error-type"),
        attempt=int(fact("attempt")),
        topic=fact("topic"),
        partition=int(fact("partition")),
        offset=int(fact("offset")),
        first=int(fact("first-offset")),
        timestamp=int(fact("timestamp")),
    )
