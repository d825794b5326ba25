"""What a worker does between batches: commit past transaction markers, and settle its own last transactions."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from aiokafka.errors import ProducerFenced

from services.runtime.errors import Abandoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiokafka import TopicPartition

    from services.runtime.delivery.membership import Membership
    from services.runtime.kafka.member import MemberConsumer, MemberProducer


class Idle:
    """What is left to do after the last batch.

    Kafka may have lost the markers of the last transaction (`MemberProducer.settle`). While there is work, the next
    transaction brings others. So the last one is settled when nothing more comes, and before the worker takes over
    partitions: with its own offsets undecided, it would never find out where to begin.

    Args:
        group: the worker's consumer group.
        seconds: how long after its last batch a worker settles its transactions.
    """

    def __init__(self, group: str, seconds: float) -> None:
        self._group = group
        self._seconds = seconds
        self._committed: dict[TopicPartition, int] = {}
        self._written: set[TopicPartition] = set()
        self._unsettled = False
        self._last_counts = True
        self._ended_at = 0.0
        self._settling: asyncio.Task[None] | None = None

    def ended(self, written: Iterable[TopicPartition], offsets: Mapping[TopicPartition, int] | None) -> None:
        """Take note of a transaction: the partitions that it wrote to, and its offsets; None if it was aborted."""
        self._committed |= offsets or {}
        self._written.update(written)
        self._unsettled = True
        self._last_counts = offsets is not None
        self._ended_at = time.monotonic()

    def revoked(self) -> None:
        """Forget what is committed: the partitions go to another worker."""
        self._committed.clear()

    async def rest(self, consumer: MemberConsumer, producer: MemberProducer, member: Membership) -> None:
        """Do what is due; the worker has no records in hand."""
        await self._commit_markers(consumer, member)
        if time.monotonic() - self._ended_at > self._seconds:
            await self.settle(producer)

    async def settle(self, producer: MemberProducer) -> None:
        """End the last transactions again, as the last one ended; do nothing if that was done.

        What is cancelled goes on, and the next call waits for it: a producer cannot stop in the middle.

        Raises:
            KafkaError: Kafka does not answer.
            RuntimeError: another worker has ended this worker's transactions; it must begin anew.
        """
        if self._settling is None:
            if not self._unsettled:
                return
            asked = producer.settle(tuple(self._written), self._group, commit=self._last_counts)
            self._settling = asyncio.ensure_future(asked)
        try:
            await asyncio.shield(self._settling)
        except ProducerFenced as error:
            raise RuntimeError("another worker has ended the transactions of this worker") from error
        finally:
            if self._settling.done():
                self._settling = None
        self._written.clear()
        self._unsettled = False

    def close(self) -> None:
        """Give up what is being settled, because the producer stops."""
        if self._settling is not None:
            self._settling.cancel()

    async def _commit_markers(self, consumer: MemberConsumer, member: Membership) -> None:
        """Commit past the markers of finished transactions, which take offsets too: the lag when idle is then 0."""
        passed: dict[TopicPartition, int] = {}
        for part in consumer.assignment():
            if consumer.last_stable_offset(part) is not None:
                position = await consumer.position(part)
                if position > self._committed.get(part, 0):
                    passed[part] = position
        if passed:
            try:
                await member.commit(passed)
            except Abandoned:
                return
            self._committed |= passed
