"""The current taxonomy: the newest valid taxonomy on its topic, or else the initial taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.kafka.connection import connection, unreachable
from services.tag.tagging import Tagger
from services.topics.taxonomy.faults import TaxonomyError
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import decode_taxonomy

if TYPE_CHECKING:
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

KEY = b"taxonomy"
"""The record key of every version, so that compaction keeps the newest version."""


class TaxonomyFeed:
    """Follows the topic of taxonomies; it logs an invalid version and keeps the last valid version."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._part = TopicPartition(settings.names.taxonomy, 0)
        self._consumer: AIOKafkaConsumer | None = None
        self._tagger = Tagger(seed_taxonomy())

    async def start(self) -> None:
        """Connect, and read the topic to its end.

        Raises:
            Unavailable: Kafka does not answer.
        """
        consumer = AIOKafkaConsumer(
            **connection(self._settings), enable_auto_commit=False, isolation_level="read_committed"
        )
        try:
            await consumer.start()
            consumer.assign([self._part])
            await consumer.seek_to_beginning(self._part)
            end = (await consumer.end_offsets([self._part]))[self._part]
            self._consumer = consumer
            while await consumer.position(self._part) < end:
                await self._read(timeout_ms=200)
        except (KafkaError, OSError) as error:
            await consumer.stop()
            raise await unreachable(self._settings, error) from error

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def tagger(self) -> Tagger:
        """Return the tagger of the newest valid taxonomy that has arrived."""
        await self._read(timeout_ms=0)
        return self._tagger

    async def _read(self, timeout_ms: int) -> None:
        assert self._consumer is not None
        for records in (await self._consumer.getmany(timeout_ms=timeout_ms)).values():
            for record in records:
                try:
                    taxonomy = decode_taxonomy(record.value)
                except (TaxonomyError, ValueError) as error:
                    log.warning("taxonomy refused, the last good one stays", reason=str(error), offset=record.offset)
                    continue
                self._tagger = Tagger(taxonomy)
                log.info("taxonomy taken up", version=taxonomy.version)
