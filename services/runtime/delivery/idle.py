"""What a worker does while it has no records: commit past transaction markers, and settle its last transactions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from services.runtime.errors import Abandoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiokafka import TopicPartition

    from services.runtime.delivery.membership import Membership
    from services.runtime.kafka.member import MemberConsumer, MemberProducer


class Idle:
    """What is left to do after the last batch.

    Args:
        group: the worker's consumer group.
        seconds: how long after its last batch a worker settles its transactions.
    """

    def __init__(self, group: str, seconds: float) -> None:
        self._group = group
        self._seconds = seconds
        self._committed: dict[TopicPartition, int] = {}
        self._written: set[TopicPartition] = set()
        self._delivered_at = 0.0

    def delivered(self, offsets: Mapping[TopicPartition, int], written: Iterable[TopicPartition]) -> None:
        """Take note of a transaction: the offsets that it committed, and the partitions that it wrote to."""
        self._committed |= offsets
        self._written.update(written)
        self._delivered_at = time.monotonic()

    def revoked(self) -> None:
        """Forget what is committed: the partitions go to another worker."""
        self._committed.clear()

    async def rest(self, consumer: MemberConsumer, producer: MemberProducer, member: Membership) -> None:
        """Do what is due; the worker has no records in hand."""
        await self._commit_markers(consumer, member)
        if self._written and time.monotonic() - self._delivered_at > self._seconds:
            # Kafka may have lost the markers of the last transaction (`MemberProducer.settle`). While there is work,
            # the next transaction brings others.
            await producer.settle(self._written, self._group, commit=True)
            self._written.clear()

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
