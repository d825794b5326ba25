"""The least that the same work costs: a plain bulk of the same documents, and a plain copy of the same messages."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.whole.site import Site
    from services.runtime.elasticsearch.bulk import Operation
    from services.runtime.messages.records import Emission

BULK_DOCUMENTS: Final = 200
COPIED: Final = ("copied", "copy")
"""Topics, without their prefix."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Seconds: elapsed, of our CPU time, and of the server's."""

    seconds: float
    ours: float
    server: float


async def plain_bulk(site: Site, operations: Sequence[Operation]) -> Ceiling:
    """Write documents in bulk requests, one after the other, and refresh once."""
    before, began, cpu = site.use(), time.monotonic(), time.process_time()
    for start in range(0, len(operations), BULK_DOCUMENTS):
        body: list[Any] = []
        for one in operations[start : start + BULK_DOCUMENTS]:
            body += (one.action, one.source)
        answer = await site.client.bulk(operations=body)
        assert not answer["errors"], answer["items"][0]
    await site.client.indices.refresh(index=sorted({one.index for one in operations}))
    return _ceiling(site, before["elasticsearch"].seconds, began, cpu, "elasticsearch")


async def plain_copy(site: Site, messages: Sequence[Emission]) -> Ceiling:
    """Read messages from a topic and write them to another, with aiokafka's plain consumer and producer."""
    prefix = site.settings.prefix
    origin, target = (f"{prefix}{name}.{time.monotonic_ns()}" for name in COPIED)
    await _create(site, (origin, target))
    async with AIOKafkaProducer(**connection(site.settings), max_batch_size=2**20) as producer:
        for future in [await producer.send(origin, one.value, key=one.key) for one in messages]:
            await future
        consumer = AIOKafkaConsumer(origin, **connection(site.settings), auto_offset_reset="earliest")
        before, began, cpu = site.use(), time.monotonic(), time.process_time()
        async with consumer:
            copied = 0
            while copied < len(messages):
                taken = [one for some in (await consumer.getmany(timeout_ms=200)).values() for one in some]
                for future in [await producer.send(target, one.value, key=one.key) for one in taken]:
                    await future
                copied += len(taken)
        return _ceiling(site, before["kafka"].seconds, began, cpu, "kafka")


async def _create(site: Site, topics: Iterable[str]) -> None:
    admin = AIOKafkaAdminClient(**connection(site.settings))
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, site.settings.partitions, 1) for topic in topics])
    finally:
        await admin.close()


def _ceiling(site: Site, server_before: float, began: float, cpu: float, server: str) -> Ceiling:
    return Ceiling(time.monotonic() - began, time.process_time() - cpu, site.use()[server].seconds - server_before)
