"""Topics as tests see them: publish, read all that is committed, and wait for what a worker does."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.runtime.kafka.admin import Admin, group_offsets
from services.runtime.kafka.connection import connection
from services.runtime.kafka.topics import ensure_topics
from services.runtime.messages.records import Record
from services.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.servers import Servers

PARTITIONS = 4
PATIENCE_SECONDS = 75.0


def new_installation(servers: Servers) -> Settings:
    """Return settings with a prefix of their own, whose topics exist."""
    settings = load_settings(
        kafka=servers.kafka,
        elasticsearch=servers.elasticsearch,
        prefix=f"t{uuid.uuid4().hex[:10]}.",
        partitions=PARTITIONS,
        session_timeout=6,
    )
    asyncio.run(ensure_topics(settings))
    return settings


def publish(settings: Settings, topic: str, records: Sequence[Record]) -> None:
    """Write records with their key, value, timestamp and headers; each goes to the partition it names."""

    async def send() -> None:
        limits = {"max_request_size": 32 * 1024 * 1024, "max_batch_size": 1024 * 1024}
        async with AIOKafkaProducer(**connection(settings), **limits) as producer:
            sent = []
            for partition in range(PARTITIONS):
                batch = producer.create_batch()
                for each in records:
                    if each.partition != partition:
                        continue
                    fields = {"timestamp": each.timestamp, "key": each.key, "value": each.value}
                    if batch.append(**fields, headers=list(each.headers)) is None:
                        sent.append(await producer.send_batch(batch, topic, partition=partition))
                        batch = producer.create_batch()
                        batch.append(**fields, headers=list(each.headers))
                if batch.record_count():
                    sent.append(await producer.send_batch(batch, topic, partition=partition))
            for future in sent:
                await future

    asyncio.run(send())


def numbered(count: int, first: int = 0) -> list[Record]:
    """Return so many records over all partitions; the key is the number."""
    return [
        Record("", number % PARTITIONS, 0, 1_691_100_000_000 + number, f"{number:06d}".encode(), "渔港".encode())
        for number in range(first, first + count)
    ]


def read_all(settings: Settings, topic: str) -> list[Record]:
    """Return every committed record of a topic, once no transaction is left open."""

    async def read() -> list[Record]:
        everything = AIOKafkaConsumer(**connection(settings))
        consumer = AIOKafkaConsumer(
            **connection(settings), isolation_level="read_committed", auto_offset_reset="earliest"
        )
        parts = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        found: list[Record] = []
        async with everything, consumer, asyncio.timeout(PATIENCE_SECONDS):
            consumer.assign(parts)
            ends = await everything.end_offsets(parts)
            for part in parts:
                while await consumer.position(part) < ends[part]:
                    for records in (await consumer.getmany(timeout_ms=100)).values():
                        found += [
                            Record(
                                each.topic,
                                each.partition,
                                each.offset,
                                each.timestamp,
                                each.key,
                                each.value,
                                tuple(each.headers),
                            )
                            for each in records
                        ]
        return found

    return asyncio.run(read())


def written(settings: Settings, topic: str) -> int:
    """Return how far a topic has grown; records of open and aborted transactions and their markers count too."""

    async def ends() -> int:
        async with AIOKafkaConsumer(**connection(settings)) as consumer:
            parts = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
            return sum((await consumer.end_offsets(parts)).values())

    return asyncio.run(ends())


def remaining(settings: Settings, stage: str, topic: str) -> int:
    """Return how many records the group of a stage has not committed."""

    async def lag() -> int:
        admin = Admin(**connection(settings))
        async with AIOKafkaConsumer(**connection(settings)) as consumer:
            ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(PARTITIONS)])
            await admin.start()
            try:
                offsets = await group_offsets(admin, settings.names.group(stage))
            finally:
                await admin.close()
            return sum(end - offsets.get(part, 0) for part, end in ends.items())

    return asyncio.run(lag())


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once `condition` holds; fail, naming `what` was waited for, when it does not come to hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)
