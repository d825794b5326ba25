"""What a stage works on: records in, and what is to be emitted for them, all in one batch."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from services.runtime.errors import Abandoned, Rejected, Unavailable
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

Headers = tuple[tuple[str, bytes], ...]

Item = TypeVar("Item")

LONGEST_SECONDS = 5.0
"""How long a batch goes on taking up records: well below a rebalance's patience of 60 s."""

MOST_EMITTED_BYTES = 32 * 1024 * 1024
"""How much a batch emits before it is delivered: it is held in memory until then, twice while it is sent."""

MOST_SENT_BYTES = MAX_MESSAGE_BYTES - 64 * 1024
"""The largest message that is tried; the rest is what Kafka puts around it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands on a topic: bytes as received, `timestamp` in ms."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @classmethod
    def of(cls, consumed: Any) -> Record:
        """Return an aiokafka `ConsumerRecord` as a record of ours."""
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
        """Return a header as text, or None; bytes that are not UTF-8 are shown as U+FFFD."""
        for key, value in self.headers:
            if key == name:
                return value.decode("utf-8", "replace")
        return None

    @property
    def place(self) -> str:
        """Where the record stands, also told apart from its like on a topic of the same name made anew."""
        return f"{self.topic}-{self.partition}-{self.offset}-{self.timestamp}"


@dataclass(frozen=True, slots=True)
class Emission:
    """One record to be sent in the batch's transaction."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int

    @property
    def size(self) -> int:
        """How many bytes it takes: key, value and headers."""
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that goes to quarantine, and why."""

    record: Record
    error: BaseException


@dataclass(slots=True)
class Batch:
    """Records taken together, and what the stage decided for them; delivered in one transaction or not at all."""

    records: Sequence[Record]
    emissions: list[Emission] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    left: frozenset[Record] = frozenset()
    """Records that the batch had no time for; they come again."""
    ignored: int = 0
    """Pages that changed nothing, since they came with too small a revision."""
    in_a_hurry: bool = True
    """Whether time counts: somebody waits for the batch to be delivered."""
    emitted_bytes: int = 0
    """How much was emitted inside `attempt`."""
    _began: float = field(default_factory=time.monotonic)

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken up, since the batch has lasted long enough or holds enough."""
        late = self.in_a_hurry and time.monotonic() - self._began > LONGEST_SECONDS
        return late or self.emitted_bytes > MOST_EMITTED_BYTES

    def in_time(self, items: Iterable[tuple[Record, Item]]) -> Iterator[tuple[Record, Item]]:
        """Yield items, each with the record it was read from, for as long as the batch is not full; leave the rest.

        Work that takes the processor must not hold up a rebalance or a stop for long, nor what it makes fill the
        memory. At least one item is yielded, or the stage would never get on.
        """
        for place, item in enumerate(list(items)):
            if place and self.is_full:
                self.leave(item[0])
                return
            yield item

    def leave(self, first: Record) -> None:
        """Leave `first` and every record after it: nothing of them is decided, and they come again."""
        self.left = frozenset(self.records[self.records.index(first) :])
        self.rejections = [one for one in self.rejections if one.record not in self.left]

    def reached(self) -> dict[tuple[str, int], int]:
        """Return, for each topic and partition, the offset at which the next batch begins."""
        ends: dict[tuple[str, int], int] = {}
        for record in self.records:
            part = record.topic, record.partition
            ends[part] = max(record.offset + 1, ends.get(part, 0))
        for record in self.left:
            part = record.topic, record.partition
            ends[part] = min(record.offset, ends[part])
        return ends

    def attempt(self, record: Record) -> AbstractContextManager[None]:
        """Return a guard: an error inside `with batch.attempt(record):` sends that record alone to quarantine.

        What the record emitted before the error is taken back, so that it is handled whole or not at all.
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
        # A server's absence says nothing about the record, and an exit or cancellation is not an error of its.
        if isinstance(error, Abandoned | Unavailable) or (error is not None and not isinstance(error, Exception)):
            return False
        sizes = [emission.size for emission in self.batch.emissions[self.emitted_before :]] if error is None else []
        if max(sizes, default=0) > MOST_SENT_BYTES:
            error = Rejected(
                f"it leads to a message of {max(sizes):,} bytes, the most is {MOST_SENT_BYTES:,}; make it smaller"
            )
        if error is None:
            self.batch.emitted_bytes += sum(sizes)
            return False
        del self.batch.emissions[self.emitted_before :]
        self.batch.reject(self.record, error)
        return True
