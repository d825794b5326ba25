"""Ending what a worker left open: a transaction whose worker died, froze or was cut off before it was committed.

Kafka refuses an ordinary commit of a worker that was left out of its group, but takes its transaction, since aiokafka
does not send the group's generation with it. So before each transaction a worker leaves its transactional id beside the
offsets at which the batch begins, and the transaction takes that mark away again. Who is given the partitions and finds
a mark starts a producer of that id: Kafka then aborts what is open under it, and refuses whatever comes of it later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer

from services.runtime.kafka.connection import Admin, connection

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiokafka import TopicPartition

    from services.runtime.settings import Settings


async def take_over(
    settings: Settings, group: str, own: str, parts: Collection[TopicPartition]
) -> tuple[list[TopicPartition], dict[TopicPartition, int]]:
    """End the transactions that other workers may have left open over `parts`.

    Args:
        settings: where Kafka is.
        group: the consumer group, with which every worker's transactional id begins.
        own: the transactional id of the worker that asks.
        parts: the partitions that it was given.

    Returns:
        The partitions that such a transaction was about; and what is committed of `parts` for good, which may be more
        than when the worker was given them.

    Raises:
        KafkaError: Kafka does not answer, or cannot yet say what is committed; nothing may be delivered.
    """
    admin = Admin(**connection(settings))
    try:
        await admin.start()
        committed = await admin.committed(group)
        marks = {part: committed[part].metadata for part in parts if part in committed}
        left = {part: mark for part, mark in marks.items() if mark != own and mark.startswith(f"{group}-")}
        for mark in sorted(set(left.values())):
            producer = AIOKafkaProducer(**connection(settings), transactional_id=mark)
            try:
                await producer.start()
            finally:
                await producer.stop()
        if left:
            committed = await admin.committed(group)
    finally:
        await admin.close()
    return sorted(left), {part: committed[part].offset for part in parts if part in committed}
