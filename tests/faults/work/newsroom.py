"""Publish a workload over a time, whatever happens to Kafka meanwhile."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.runtime.kafka.connection import connection
from services.runtime.kafka.sending import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiokafka import TopicPartition

    from services.runtime.settings import Settings
    from tests.faults.work.workload import Message

TRY_AGAIN_SECONDS = 0.5
WAVE_SECONDS = 0.25


async def publish(
    settings: Settings,
    messages: Sequence[Message],
    seconds: float,
    told: Callable[[Message, TopicPartition, int], None],
) -> None:
    """Publish messages evenly over this many seconds; a message without an acknowledgement is sent again.

    Such a message may be on its topic twice. So what the installation must hold is computed from the topic, not from
    `messages`.

    Args:
        settings: where Kafka is.
        messages: what to publish.
        seconds: how long it takes.
        told: is called with each message and its final place once it is stored.
    """
    began = time.monotonic()
    sent = 0
    while sent < len(messages):
        try:
            async with AIOKafkaProducer(**connection(settings), enable_idempotence=True) as producer:
                while sent < len(messages):
                    share = min(1.0, (time.monotonic() - began) / seconds) if seconds else 1.0
                    due = max(sent, int(len(messages) * share))
                    await _send(producer, settings, messages[sent:due], told)
                    sent = due
                    await asyncio.sleep(WAVE_SECONDS)
        except (KafkaError, OSError):
            await asyncio.sleep(TRY_AGAIN_SECONDS)


async def _send(
    producer: AIOKafkaProducer,
    settings: Settings,
    messages: Sequence[Message],
    told: Callable[[Message, TopicPartition, int], None],
) -> None:
    acknowledged = [
        await producer.send(
            getattr(settings.names, message.topic),
            message.value,
            message.key,
            partition=partition_of(message.key, settings.partitions),
            timestamp_ms=message.timestamp,
            headers=list(message.headers),
        )
        for message in messages
    ]
    places = [await future for future in acknowledged]
    for message, place in zip(messages, places, strict=True):
        told(message, place.topic_partition, place.offset)
