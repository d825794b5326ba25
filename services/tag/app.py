"""The tag processor: articles in, tagged articles out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from schemas.article import ARTICLE_MESSAGE, Article
from schemas.contract import decode
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Batch, Emission, Record
from services.runtime.stage import Stage
from services.tag.taxonomy_feed import TaxonomyFeed

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from services.tag.tagging import Tagger

NAME = "tag"
SOURCE = f"broadsheet/{NAME}"


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names, source = settings.names, settings.source_of(NAME)
    stage = Stage(NAME, settings, [names.articles])
    feed = TaxonomyFeed(settings)
    stage.on_start(feed.start)
    stage.on_stop(feed.stop)

    async def handle(batch: Batch) -> None:
        tagger = await feed.tagger()
        await asyncio.to_thread(decide, batch, tagger)

    def decide(batch: Batch, tagger: Tagger) -> None:
        for record, _ in batch.in_time((record, None) for record in batch.records):
            with batch.attempt(record):
                batch.emissions.append(tag(record, tagger, names.tagged, source))

    return stage.run(handle)


def tag(record: Record, tagger: Tagger, topic: str, source: str = SOURCE) -> Emission:
    """Return the record with its article tagged; withdrawals and issue records pass unchanged."""
    message = decode(ARTICLE_MESSAGE, record.value)
    if not isinstance(message, Article):
        return Emission(topic, record.key, record.value, record.headers, record.timestamp)
    tagged = tagger.tag(message)
    event_id = f"{tagged.article_id}/{tagged.version}/{tagged.taxonomy_version}"
    headers = event_headers(record, source=source, message=tagged, event_id=event_id)
    return Emission(topic, record.key, tagged.encode(), headers, record.timestamp)
