"""What a worker does with partitions that it is given: end what others left open, and see that all is there.

A worker leaves its transactional id beside the offsets at which a batch begins, and the batch's transaction takes that
mark away again. Who is given the partitions and finds a mark starts a producer of that id: Kafka then aborts what is
open under it, and refuses whatever comes of it later. Then only what is committed for good is read (KIP-447).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer

from services.runtime.delivery.inputs import InputLost, gaps, starts
from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Takeover:
    """What was found of the partitions given.

    Attributes:
        ended: those over which somebody's transaction was open.
        starts: the offset at which to begin each.
        begun: those that the group has read before.
    """

    ended: tuple[TopicPartition, ...]
    starts: dict[TopicPartition, int]
    begun: frozenset[TopicPartition]


async def take_over(
    settings: Settings, stage: str, own: str, consumer: AIOKafkaConsumer, parts: Collection[TopicPartition]
) -> Takeover:
    """End the transactions that other workers may have left open over `parts`, and see where to begin.

    Args:
        settings: where Kafka is.
        stage: whose group; every transactional id of its workers begins with the group's name.
        own: the transactional id of the worker that asks.
        consumer: of that worker.
        parts: the partitions that it was given.

    Raises:
        InputLost: Kafka no longer has what the group has yet to read.
        KafkaError: Kafka does not answer, or cannot yet say what is committed; nothing may be delivered.
    """
    if not parts:
        return Takeover((), {}, frozenset())
    group = settings.names.group(stage)
    admin = Admin(**connection(settings))
    try:
        await admin.start()
        committed = await admin.committed(group, parts)
        left = {
            part: each.metadata
            for part, each in committed.items()
            if each.metadata != own and each.metadata.startswith(f"{group}-")
        }
        for mark in sorted(set(left.values())):
            producer = AIOKafkaProducer(**connection(settings), transactional_id=mark)
            try:
                await producer.start()
            finally:
                await producer.stop()
        offsets = {part: each.offset for part, each in (await admin.committed(group, parts, stable=True)).items()}
    finally:
        await admin.close()
    begins = await consumer.beginning_offsets(parts)
    lost = gaps(offsets, begins, await consumer.end_offsets(parts))
    if lost:
        raise InputLost(stage, lost)
    return Takeover(tuple(sorted(left)), starts(sorted(parts), offsets, begins), frozenset(offsets))
