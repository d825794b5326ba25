"""How the desk and the command line send a correction."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas.contract import describe
from schemas.correction import Correction
from schemas.names import person_name
from services.runtime.errors import Rejected
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.topics import ensure_topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

PATIENCE_SECONDS: Final = 10.0
"""How long Kafka may take: a person is waiting at a page or a prompt."""


def new_correction(article_id: str, change: Mapping[str, Any], by: str, correction_id: str | None = None) -> Correction:
    """Return a correction with the present time.

    Args:
        article_id: the article to correct.
        change: one of the changes in `schemas.correction`, such as {"change": "headline", "headline": "…"}.
        by: who makes the correction.
        correction_id: 32 hexadecimal digits chosen earlier, so that a form sent twice counts once; default: a new id.

    Raises:
        Rejected: this is not a valid correction; the text names the field and what to do.
    """
    fields = {
        "correction_id": correction_id or uuid.uuid4().hex,
        "article_id": article_id,
        "by": by,
        "at": dt.datetime.now(dt.UTC),
        "change": dict(change),
    }
    try:
        correction = Correction.model_validate(fields, strict=False)
        person_name(correction.by)
    except ValidationError as error:
        raise Rejected(describe(error.errors(include_url=False))) from None
    except ValueError as error:
        raise Rejected(str(error)) from None
    return correction


async def send_correction(settings: Settings, correction: Correction) -> None:
    """Send one correction, and wait until Kafka has stored it.

    Raises:
        Unavailable: Kafka does not answer; sending the same correction again does no harm.
    """
    await ensure_topics(settings)
    sender = CorrectionSender(settings)
    try:
        await sender.send(correction)
    finally:
        await sender.stop()


class CorrectionSender:
    """Writes corrections; connects for the first correction, and reconnects after a failure.

    A process needs only one sender. A correction counts as sent when every in-sync replica has it.
    """

    def __init__(self, settings: Settings, patience: float = PATIENCE_SECONDS) -> None:
        self._settings = settings
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    async def send(self, correction: Correction) -> None:
        """Write a correction and return once Kafka has stored it.

        Raises:
            Unavailable: Kafka does not take it in time. Kafka may have stored it all the same. If you send it again
                with the same id, it counts once.
        """
        producer = None
        try:
            async with asyncio.timeout(self._patience):
                producer = await self._connected()
                await producer.send_and_wait(
                    self._settings.names.corrections,
                    key=correction.issue_id.encode(),
                    value=correction.encode(),
                    headers=[("content-type", b"application/json")],
                )
        except (KafkaError, OSError, TimeoutError) as error:
            if producer is not None:
                self._end(producer)
            log.warning("a correction was not sent", correction=correction.correction_id, reason=type(error).__name__)
            raise unreachable(self._settings, error) from error

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
                producer = AIOKafkaProducer(
                    **connection(self._settings),
                    acks="all",
                    enable_idempotence=True,
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
