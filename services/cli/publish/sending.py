"""Send checked sources to `issues.raw`, and wait until Kafka has stored them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.topics import ensure_topics
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from services.arrivals.reading import Arrival
    from services.cli.publish.inputs import Source
    from services.runtime.settings import Settings

IN_FLIGHT = 200


def _no_one(_count: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class RawSending:
    """An open connection that writes to `issues.raw`."""

    settings: Settings
    producer: AIOKafkaProducer

    async def send(self, sound: Sequence[tuple[Source, Arrival]], advance: Callable[[int], None] = _no_one) -> None:
        """Send sources in their order; `advance` is told how many Kafka has stored since the last time.

        Raises:
            Unavailable: Kafka does not answer.
        """
        try:
            for start in range(0, len(sound), IN_FLIGHT):
                acknowledged = [
                    await self.producer.send(
                        self.settings.names.raw,
                        key=arrival.issue_id.encode(),
                        value=source.record.value,
                        headers=list(source.record.headers),
                        timestamp_ms=source.record.timestamp,
                    )
                    for source, arrival in sound[start : start + IN_FLIGHT]
                ]
                for one in acknowledged:
                    await one
                    advance(1)
        except (KafkaError, OSError) as error:
            raise await unreachable(self.settings, error) from error


@asynccontextmanager
async def raw_sending(settings: Settings) -> AsyncIterator[RawSending]:
    """Connect to Kafka, create missing topics, and give what sends.

    Raises:
        Unavailable: Kafka does not answer.
    """
    await ensure_topics(settings)
    producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES)
    try:
        try:
            await producer.start()
        except (KafkaError, OSError) as error:
            raise await unreachable(settings, error) from error
        yield RawSending(settings, producer)
    finally:
        await producer.stop()
