"""What people and programs outside do on Kafka: a newsroom publishes, a program reads, KEDA looks at the lag."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection
from services.runtime.names import STAGES
from tests.secured.expected import NEWSROOM, PROGRAM, SCALER
from tests.secured.waiting import PATIENCE_SECONDS
from tests.unit.deploy.cluster import NAMES, READS

if TYPE_CHECKING:
    from tests.secured.servers.secured import Secured

ISSUE = "茂名日报/2023-08-15"
JUNK = b"junk"


def sample() -> tuple[bytes, bytes, dict[str, bytes]]:
    text = (files("seeds") / "sample" / "page-01.txt").read_bytes()
    return ISSUE.encode(), text, {"page": b"1"}


async def publish(secured: Secured, *pages: tuple[bytes | None, bytes, dict[str, bytes]]) -> None:
    """Publish pages as a newsroom's own program does: (key, bytes, headers)."""
    async with AIOKafkaProducer(**connection(secured.settings(NEWSROOM)), enable_idempotence=True) as producer:
        for key, value, headers in pages:
            await producer.send_and_wait(NAMES.raw, value, key, headers=list(headers.items()))


async def send_junk(secured: Secured) -> None:
    """Put a message that nobody can read on each topic between stages."""
    async with AIOKafkaProducer(**connection(secured.superuser())) as producer:
        for topic in (NAMES.issues, NAMES.articles, NAMES.tagged):
            await producer.send_and_wait(topic, b"\xff junk", JUNK)


async def read_articles(secured: Secured) -> list[dict[str, Any]]:
    """Read articles as a program does: in a group of its own, and committed messages only."""
    consumer = AIOKafkaConsumer(
        NAMES.tagged,
        **connection(secured.settings(PROGRAM)),
        group_id=f"{PROGRAM}-reader",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    found: list[dict[str, Any]] = []
    async with consumer, asyncio.timeout(PATIENCE_SECONDS):
        taken: list[Any] = []
        # To the end, and past what `send_junk` put there.
        while taken or not found:
            taken = [one for records in (await consumer.getmany(timeout_ms=500)).values() for one in records]
            found += [json.loads(one.value) for one in taken if one.key != JUNK]
        await consumer.commit()
    return found


async def look_at_lag(secured: Secured) -> dict[str, int]:
    """Read the lag as KEDA does: the ends of a stage's topic, and the offsets of its group."""
    settings = secured.settings(SCALER)
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings))
    await admin.start()
    lags = {}
    try:
        async with consumer:
            for stage in STAGES:
                parts = [TopicPartition(READS[stage][0], number) for number in range(settings.partitions)]
                ends = await consumer.end_offsets(parts)
                offsets = await admin.committed(NAMES.group(stage), parts)
                lags[stage] = sum(end - (offsets[part].offset if part in offsets else 0) for part, end in ends.items())
    finally:
        await admin.close()
    return lags
