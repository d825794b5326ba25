"""Take over assigned partitions: end the transactions that other workers left open, and check that no record is lost.

Before a batch's transaction, a worker commits the offsets where the batch begins, with its transactional id as a mark.
The transaction commits new offsets and so removes the mark. A worker that is assigned a partition and finds another
worker's mark starts a producer with that id. Kafka then aborts the open transaction of that id, and refuses anything
the old producer sends later. A second, empty transaction of that id ends what Kafka itself may have forgotten: see
`MemberProducer.settle`. The mark shows that the offsets were not committed, so they are given up, and the batch comes
again. After that the worker reads only offsets whose commit is final (KIP-447). Its own last transaction it has settled
before (`Idle.settle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from services.runtime.delivery.clients import producer_of
from services.runtime.delivery.inputs import InputLost, gaps, starts
from services.runtime.kafka.admin import Admin, partitions_of
from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Takeover:
    """What a worker found out about its assigned partitions.

    Attributes:
        ended: the partitions with another worker's mark.
        starts: the offset where the worker begins each partition.
        begun: the partitions that the group has read before.
    """

    ended: tuple[TopicPartition, ...]
    starts: dict[TopicPartition, int]
    begun: frozenset[TopicPartition]


async def take_over(
    settings: Settings, stage: str, own: str, consumer: AIOKafkaConsumer, parts: Collection[TopicPartition]
) -> Takeover:
    """End the transactions that other workers may have left open for `parts`, and find out where to begin.

    Args:
        settings: where Kafka is.
        stage: the stage of the group; every transactional id of its workers begins with the group's name.
        own: the transactional id of the worker that takes over.
        consumer: the consumer of that worker.
        parts: the partitions that it was assigned.

    Raises:
        InputLost: Kafka no longer has records that the group must still read.
        KafkaError: Kafka does not answer, or cannot yet say what is committed; the worker may deliver nothing.
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
        marks = sorted(set(left.values()))
        written = (await partitions_of(admin, settings.names.written_by(stage))).values() if marks else ()
        for mark in marks:
            producer = producer_of(settings, mark)
            try:
                await producer.start()
                await producer.settle(chain.from_iterable(written), group, commit=False)
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
