"""What a stage works on: a batch of records, and the messages to emit for them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from services.runtime.errors import Abandoned, Rejected, Unavailable
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

Headers = tuple[tuple[str, bytes], ...]

Item = TypeVar("Item")

LONGEST_SECONDS = 1.0
"""How long a batch goes on handling records: well below the 60 s that a rebalance waits."""

MOST_EMITTED_BYTES = 32 * 1024 * 1024
"""How many bytes a batch may emit before delivery. They stay in memory until then, and twice during sending."""

MOST_SENT_BYTES = MAX_MESSAGE_BYTES - 64 * 1024
"""The largest message that a stage tries to send; the remaining bytes are for what Kafka adds to it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is on a topic: bytes as received, `timestamp` in ms."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @classmethod
    def of(cls, consumed: Any) -> Record:
        """Return our record for an aiokafka `ConsumerRecord`."""
        return cls(
            consumed.topic,
            consumed.partition,
            consumed.offset,
            consumed.timestamp,
            consumed.key,
            consumed.value,
            consumed.headers,
        )

    def header(self, name: str) -> str | None:
        """Return a header as text, or None; U+FFFD replaces bytes that are not UTF-8."""
        for key, value in self.headers:
            if key == name:
                return value.decode("utf-8", "replace")
        return None

    @property
    def place(self) -> str:
        """The record's place, which differs from the same place on a recreated topic of the same name."""
        return f"{self.topic}-{self.partition}-{self.offset}-{self.timestamp}"


@dataclass(frozen=True, slots=True)
class Emission:
    """A record to send in the batch's transaction."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int | None
    """In ms; None: the time of sending."""

    def header(self, name: str) -> bytes | None:
        """Return a header's value; None if there is no such header."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def size(self) -> int:
        """The size in bytes of key, value and headers."""
        return len(self.key or b"") + len(self.value or b"") + sum(map(len, chain.from_iterable(self.headers)))


def size_together(emissions: Iterable[Emission]) -> int:
    """Return the bytes of messages together; a stage with a state asks before it saves it.

    Raises:
        Rejected: Kafka would not accept one of the messages.
    """
    together = 0
    for emission in emissions:
        size = emission.size
        if size > MOST_SENT_BYTES:
            raise Rejected(f"it leads to a message of {size:,} bytes, the most is {MOST_SENT_BYTES:,}; make it smaller")
        together += size
    return together


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that goes to quarantine, and the reason."""

    record: Record
    error: BaseException


@dataclass(slots=True)
class Batch:
    """Records taken together, and the stage's decisions for them; delivered in one transaction or not at all."""

    records: Sequence[Record]
    emissions: list[Emission] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    left: frozenset[Record] = frozenset()
    """Records that the batch had no time for; a later batch takes them."""
    ignored: int = 0
    """The number of pages that changed nothing, because their revision was too small."""
    searchable_after: list[float] = field(default_factory=list)
    """For each new article that search has now: the seconds since its page was published."""
    in_a_hurry: bool = True
    """Whether the batch has a time limit, because something waits for its delivery."""
    emitted_bytes: int = 0
    """How many bytes were emitted inside `attempt`."""
    on_delivered: Callable[[], None] = lambda: None
    """Called once the batch is committed."""
    _began: float = field(default_factory=time.monotonic)

    @property
    def is_full(self) -> bool:
        """Whether to stop handling records, because the batch has lasted long enough or holds enough."""
        late = self.in_a_hurry and time.monotonic() - self._began > LONGEST_SECONDS
        return late or self.emitted_bytes > MOST_EMITTED_BYTES

    def in_time(self, items: Iterable[tuple[Record, Item]]) -> Iterator[tuple[Record, Item]]:
        """Yield items with the records they were read from, until the batch is full; leave the rest.

        Work that keeps the processor busy must not delay a rebalance or a stop for long, and its results must not fill
        the memory. This yields at least one item, because otherwise the stage would never make progress.
        """
        for place, item in enumerate(list(items)):
            if place and self.is_full:
                self.leave(item[0])
                return
            yield item

    def leave(self, first: Record) -> None:
        """Leave `first` and every record after it without a decision; a later batch takes them."""
        self.left = frozenset(self.records[self.records.index(first) :])
        self.rejections = [one for one in self.rejections if one.record not in self.left]

    def reached(self) -> dict[tuple[str, int], int]:
        """Return the offset where the next batch begins, for each topic and partition."""
        ends: dict[tuple[str, int], int] = {}
        for record in self.records:
            part = record.topic, record.partition
            ends[part] = max(record.offset + 1, ends.get(part, 0))
        for record in self.left:
            part = record.topic, record.partition
            ends[part] = min(record.offset, ends[part])
        return ends

    def attempt(self, record: Record) -> AbstractContextManager[None]:
        """Return a guard: an error inside `with batch.attempt(record):` sends only that record to quarantine.

        The guard removes what the record emitted before the error, so a record is handled completely or not at all.
        """
        return _Attempt(self, record)

    def reject(self, record: Record, error: BaseException) -> None:
        """Send `record` to quarantine."""
        self.rejections.append(Rejection(record, error))


@dataclass(slots=True)
class _Attempt:
    batch: Batch
    record: Record
    emitted_before: int = 0

    def __enter__(self) -> None:
        self.emitted_before = len(self.batch.emissions)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        # A server that is down says nothing about the record. An exit or a cancellation is not the record's error.
        if isinstance(error, Abandoned | Unavailable) or (error is not None and not isinstance(error, Exception)):
            return False
        if error is None:
            try:
                self.batch.emitted_bytes += size_together(self.batch.emissions[self.emitted_before :])
            except Rejected as too_large:
                error = too_large
            else:
                return False
        del self.batch.emissions[self.emitted_before :]
        self.batch.reject(self.record, error)
        return True
