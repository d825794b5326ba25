"""Send single messages from a process that is not a stage, and wait until Kafka has stored each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.runtime.kafka.connection import connection, unreachable
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from services.runtime.messages.records import Emission
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

PATIENCE_SECONDS: Final = 10.0
"""How long Kafka may take: a person or a program is waiting for the answer."""


class Sender:
    """Writes messages; connects for the first message, and reconnects after a failure.

    A process needs only one sender. A message counts as sent when every in-sync replica has it.
    """

    def __init__(self, settings: Settings, patience: float = PATIENCE_SECONDS) -> None:
        self._settings = settings
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    async def deliver(self, message: Emission) -> tuple[int, int]:
        """Write a message, and return its partition and offset once Kafka has stored it.

        Raises:
            Unavailable: Kafka does not take it in time. Kafka may have stored it all the same.
        """
        producer = None
        try:
            async with asyncio.timeout(self._patience):
                producer = await self._connected()
                stored = await producer.send_and_wait(
                    message.topic,
                    key=message.key,
                    value=message.value,
                    headers=list(message.headers),
                    timestamp_ms=message.timestamp,
                )
        except (KafkaError, OSError, TimeoutError) as error:
            if producer is not None:
                self._end(producer)
            log.warning("a message was not sent", topic=message.topic, reason=type(error).__name__)
            raise await unreachable(self._settings, error) from error
        return stored.partition, stored.offset

    async def stop(self) -> None:
        """Disconnect."""
        if self._producer is not None:
            self._end(self._producer)
        if self._ending:
            _, late = await asyncio.wait(self._ending, timeout=self._patience)
            for task in late:
                task.cancel()

    async def _connected(self) -> AIOKafkaProducer:
        async with self._connecting:
            if self._producer is None:
                options: dict[str, Any] = connection(self._settings)
                producer = AIOKafkaProducer(
                    **options,
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=MAX_MESSAGE_BYTES,
                    request_timeout_ms=int(self._patience * 1000),
                )
                try:
                    await producer.start()
                except BaseException:
                    self._end(producer)
                    raise
                self._producer = producer
            return self._producer

    def _end(self, producer: AIOKafkaProducer) -> None:
        """Stop a producer in the background, because it first sends what it holds; the next send gets a new one."""
        if producer is self._producer:
            self._producer = None
        task = asyncio.get_running_loop().create_task(producer.stop())
        self._ending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("the connection to Kafka did not end well", reason=type(task.exception()).__name__)
