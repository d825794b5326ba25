"""How a correction is sent, from the desk and from the command line alike."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas.contract import describe
from schemas.correction import Correction
from services.runtime.errors import Rejected
from services.runtime.kafka import connection, ensure_topics, unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.runtime.settings import Settings

PATIENCE_MS = 10_000
"""How long Kafka may take: somebody waits before a page or a prompt."""


def new_correction(article_id: str, change: Mapping[str, Any], by: str, correction_id: str | None = None) -> Correction:
    """Return a correction made now.

    Args:
        article_id: the article it is about.
        change: one of the changes in `schemas.correction`, such as {"change": "headline", "headline": "…"}.
        by: who makes it.
        correction_id: 32 hexadecimal digits chosen before, so that a form sent twice counts once; default: new ones.

    Raises:
        Rejected: it is no correction; the text names the field and what to do.
    """
    fields = {
        "correction_id": correction_id or uuid.uuid4().hex,
        "article_id": article_id,
        "by": by,
        "at": dt.datetime.now(dt.UTC),
        "change": dict(change),
    }
    try:
        return Correction.model_validate(fields, strict=False)
    except ValidationError as error:
        raise Rejected(describe(error.errors(include_url=False))) from None


async def send_correction(settings: Settings, correction: Correction) -> None:
    """Send one, and wait until Kafka has it.

    Raises:
        Unavailable: Kafka does not answer; the same correction may be sent again without harm.
    """
    await ensure_topics(settings)
    producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, request_timeout_ms=PATIENCE_MS)
    try:
        await producer.start()
        await producer.send_and_wait(
            settings.names.corrections,
            correction.encode(),
            correction.issue_id.encode(),
            headers=[("content-type", b"application/json")],
        )
    except (KafkaError, OSError) as error:
        raise unreachable(settings, error) from error
    finally:
        await producer.stop()
