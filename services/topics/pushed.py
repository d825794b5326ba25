"""The versions of the taxonomy on its Kafka topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.runtime.kafka.scan import Scan
from services.topics.taxonomy.faults import TaxonomyError
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import decode_taxonomy

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy
    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class PushedTaxonomy:
    """A version on the topic, and the time when it was pushed (ms)."""

    taxonomy: Taxonomy
    timestamp: int


async def pushed(settings: Settings) -> list[PushedTaxonomy]:
    """Return the valid versions on the topic, newest last; compaction may have removed older versions.

    Raises:
        Unavailable: Kafka does not answer.
    """
    found: list[PushedTaxonomy] = []
    async with Scan(settings, [settings.names.taxonomy]) as scan:
        async for records in scan.records():
            for record in records:
                try:
                    found.append(PushedTaxonomy(decode_taxonomy(record.value), record.timestamp))
                except TaxonomyError:
                    # Taggers ignore it too.
                    continue
    return found


def in_force(versions: list[PushedTaxonomy]) -> Taxonomy:
    """Return the taxonomy that taggers use: the newest pushed version, or the seed if there is none."""
    return versions[-1].taxonomy if versions else seed_taxonomy()
