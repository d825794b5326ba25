"""How the desk and the command line send a correction."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from schemas.contract import describe
from schemas.correction import Correction
from schemas.names import person_name
from services.runtime.errors import Rejected
from services.runtime.kafka.sender import Sender
from services.runtime.kafka.topics import ensure_topics
from services.runtime.messages.records import Emission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.runtime.settings import Settings


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


class CorrectionSender(Sender):
    """Writes corrections, and other messages of the desk."""

    async def send(self, correction: Correction) -> None:
        """Write a correction and return once Kafka has stored it.

        Raises:
            Unavailable: Kafka does not take it in time. Kafka may have stored it all the same. If you send it again
                with the same id, it counts once.
        """
        await self.deliver(
            Emission(
                self._settings.names.corrections,
                correction.issue_id.encode(),
                correction.encode(),
                (("content-type", b"application/json"),),
                None,
            )
        )
