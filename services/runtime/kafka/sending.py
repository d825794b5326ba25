"""Send what a batch emits: choose the partition by the key, and build Kafka's record batches here."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aiokafka.partitioner import murmur2

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiokafka import AIOKafkaProducer

    from services.runtime.messages.records import Emission


@lru_cache(maxsize=65_536)
def partition_of(key: bytes | None, partitions: int) -> int:
    """Return the partition of a key, computed as in every Kafka client (murmur2); without a key, partition 0."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions if key is not None else 0


async def send(producer: AIOKafkaProducer, emissions: Iterable[Emission]) -> None:
    """Send emissions, keep their order within a partition, and return when Kafka has all of them.

    aiokafka's own `send` makes a task and a future for every message, which cost more than the message itself.

    Raises:
        KafkaError: Kafka did not take one of the messages.
    """
    grouped: dict[tuple[str, int], list[Emission]] = {}
    counts: dict[str, int] = {}
    for emission in emissions:
        topic = emission.topic
        if topic not in counts:
            counts[topic] = len(await producer.partitions_for(topic))
        grouped.setdefault((topic, partition_of(emission.key, counts[topic])), []).append(emission)
    sent = []
    for (topic, partition), group in grouped.items():
        builder = producer.create_batch()
        for emission in group:
            fields = {
                "timestamp": emission.timestamp,
                "key": emission.key,
                "value": emission.value,
                "headers": list(emission.headers),
            }
            if builder.append(**fields) is None:
                sent.append(await producer.send_batch(builder, topic, partition=partition))
                builder = producer.create_batch()
                builder.append(**fields)
        sent.append(await producer.send_batch(builder, topic, partition=partition))
    for future in sent:
        await future
