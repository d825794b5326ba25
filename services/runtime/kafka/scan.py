"""Read topics from their beginning to their present end, outside any consumer group."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.runtime.kafka.admin import partitions_of
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.messages.records import Record
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from services.runtime.settings import Settings

POLL_MS = 500
FETCH_WAIT_MS = 50
"""How long Kafka holds an answer that has no records: the next read, at another offset, has to wait for it."""

RECORDS_AT_ONCE = 500


class Scan:
    """A reader of complete topics; use it as an asynchronous context manager.

    Args:
        settings: where Kafka is.
        topics: the topics to read; a topic that does not exist counts as empty.
    """

    def __init__(self, settings: Settings, topics: Iterable[str]) -> None:
        self._settings = settings
        self._topics = tuple(topics)
        self._parts: list[TopicPartition] = []

    async def __aenter__(self) -> Self:
        self._admin = AIOKafkaAdminClient(**connection(self._settings))
        self._consumer = AIOKafkaConsumer(
            **connection(self._settings),
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )
        try:
            await self._admin.start()
            await self._consumer.start()
            found = await partitions_of(self._admin, self._topics)
            self._parts = [part for parts in found.values() for part in parts]
            self._consumer.assign(self._parts)
            if self._parts:
                await self._consumer.seek_to_beginning(*self._parts)
        except (KafkaError, OSError) as error:
            await self._close()
            raise await unreachable(self._settings, error) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def _close(self) -> None:
        with contextlib.suppress(KafkaError, OSError):
            await self._consumer.stop()
        with contextlib.suppress(KafkaError, OSError):
            await self._admin.close()

    def only(self, parts: Iterable[TopicPartition]) -> None:
        """Read only these partitions."""
        kept = set(parts)
        self._parts = [part for part in self._parts if part in kept]
        self._consumer.pause(*(part for part in self._consumer.assignment() if part not in kept))

    @property
    def parts(self) -> tuple[TopicPartition, ...]:
        """The partitions that are read."""
        return tuple(self._parts)

    async def ends(self) -> dict[TopicPartition, int]:
        """Return the present end of every partition."""
        return dict(await self._consumer.end_offsets(self._parts)) if self._parts else {}

    async def positions(self) -> dict[TopicPartition, int]:
        """Return the next offset to read of every partition."""
        return {part: await self._consumer.position(part) for part in self._parts}

    async def bounds(self, part: TopicPartition) -> tuple[int, int]:
        """Return the first offset that a partition still has, and the offset after its last."""
        begin: int = (await self._consumer.beginning_offsets([part]))[part]
        end: int = (await self._consumer.end_offsets([part]))[part]
        return begin, end

    async def stretch(self, part: TopicPartition, first: int, end: int) -> AsyncIterator[Record]:
        """Yield the records of one partition from `first` up to, but not including, `end`; pause the others.

        Raises:
            Unavailable: Kafka no longer answers.
        """
        self._consumer.pause(*self._parts)
        self._consumer.resume(part)
        self._consumer.seek(part, first)
        try:
            while await self._consumer.position(part) < end:
                for r in (await self._consumer.getmany(part, timeout_ms=POLL_MS)).get(part, ()):
                    if r.offset < end:
                        yield Record.of(r)
        except (KafkaError, OSError) as error:
            raise await unreachable(self._settings, error) from error

    async def records(self) -> AsyncIterator[list[Record]]:
        """Yield lists of records, from the end of the last read to the present end of the topics.

        Raises:
            Unavailable: Kafka no longer answers.
        """
        try:
            ends = await self.ends()
            while any(position < ends[part] for part, position in (await self.positions()).items()):
                taken = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
                for records in taken.values():
                    yield [Record.of(r) for r in records]
        except (KafkaError, OSError) as error:
            raise await unreachable(self._settings, error) from error
