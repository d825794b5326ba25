"""What a stage works on: records in, and what is to be emitted for them, all in one batch."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from services.runtime.errors import Abandoned, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

Headers = tuple[tuple[str, bytes], ...]

Item = TypeVar("Item")

LONGEST_SECONDS = 5.0
"""How long a batch goes on taking up records: well below a rebalance's patience of 60 s."""


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
    _began: float = field(default_factory=time.monotonic)

    def in_time(self, items: Iterable[tuple[Record, Item]]) -> Iterator[tuple[Record, Item]]:
        """Yield items, each with the record it was read from, for as long as a batch may take.

        Work that takes the processor must not hold up a rebalance or a stop for long, so the rest is left: nothing of
        it is decided, and it comes again. At least one item is yielded, or the stage would never get on.
        """
        waiting = list(items)
        for place, item in enumerate(waiting):
            if place and time.monotonic() - self._began > LONGEST_SECONDS:
                first = item[0]
                self.left = frozenset(self.records[self.records.index(first) :])
                self.rejections = [one for one in self.rejections if one.record not in self.left]
                return
            yield item

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
        if not isinstance(error, Exception) or isinstance(error, Abandoned | Unavailable):
            return False
        del self.batch.emissions[self.emitted_before :]
        self.batch.reject(self.record, error)
        return True
