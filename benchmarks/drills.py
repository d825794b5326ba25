"""What the drills share: a newsroom that keeps publishing, and the count of what searches find."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from benchmarks.newsroom import issue
from services.index.names import Names
from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.index.names import Kind
    from services.runtime.settings import Settings

PAUSE_SECONDS: Final = 1.0
"""Between two pages of the newsroom."""


@dataclass(slots=True)
class Press:
    """Publishes one issue after another, and repeats each until Kafka has acknowledged it.

    Attributes:
        settings: where Kafka is.
        acknowledged: how many issues Kafka has.
    """

    settings: Settings
    acknowledged: int = 0
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish(self) -> None:
        """Publish until `close`."""
        while not self._closed.is_set():
            producer = AIOKafkaProducer(**connection(self.settings), request_timeout_ms=10_000)
            with contextlib.suppress(KafkaError, OSError):
                await producer.start()
                while not self._closed.is_set():
                    key, value = issue(self.acknowledged)
                    await producer.send_and_wait(self.settings.names.raw, value, key=key.encode())
                    self.acknowledged += 1
                    await asyncio.sleep(PAUSE_SECONDS)
            with contextlib.suppress(KafkaError, OSError):
                await producer.stop()
            await asyncio.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Publish no more."""
        self._closed.set()


async def counted(client: AsyncElasticsearch, kind: Kind) -> int:
    """Return how many documents of a kind a search sees; 0 if there is no index."""
    alias = Names("", kind).read
    await client.indices.refresh(index=alias, ignore_unavailable=True)
    return int((await client.count(index=alias, ignore_unavailable=True))["count"])
