"""How far a stage's states reach: one small document a partition, in the index of states, so that a restore shows.

A group's offsets are in Kafka, the states that belong to them in Elasticsearch. Who restores the index of states from a
snapshot has states that are older than the offsets: pages that came in between would be forgotten. So after the states
of a batch their watermark is written, the offset at which the next batch begins, and before the batch is delivered. A
request of its own, since the items of one bulk may be refused one by one, and the watermark must never come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog

from services.runtime.elasticsearch.store import patiently
from services.runtime.errors import NeedsOperator
from services.runtime.kafka.scan import Scan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiokafka import TopicPartition
    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

CONFLICT: Final = 409
PASSING: Final = frozenset({429, 503})
PAUSE_SECONDS: Final = 1.0


class StatesOlder(NeedsOperator):
    """The states do not know of records that the group has read."""

    def __init__(self, stage: str, known: Mapping[TopicPartition, int], read: Mapping[TopicPartition, int]) -> None:
        of_each = ", ".join(
            f"{part.topic}-{part.partition} to offset {offset} of {read[part]}"
            for part, offset in sorted(known.items())
        )
        super().__init__(
            f"The states of {stage} are older than what its group has read: they know {of_each}. "
            "An older snapshot was restored, it seems.\n"
            "Stop ingest and segment, run `broadsheet rewind`, start them: all is worked out again from issues.raw."
        )


class Watermarks:
    """The watermarks of one stage.

    Args:
        settings: where Kafka is.
        client: Elasticsearch.
        stage: whose states.
        pause: how to wait for Elasticsearch inside a batch.
    """

    def __init__(
        self,
        settings: Settings,
        client: AsyncElasticsearch,
        stage: str,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._client = client
        self._index = settings.names.state_index
        self._stage = stage
        self._pause = pause

    async def write(self, reached: Mapping[tuple[str, int], int]) -> None:
        """Write where the next batch begins, by topic and number; one that is further already stays.

        Raises:
            Abandoned: from `pause`.
            RuntimeError: Elasticsearch refuses.
        """
        operations: list[dict[str, Any]] = []
        for (topic, number), offset in reached.items():
            target = {"_id": self._id(topic, number), "version": offset, "version_type": "external_gte"}
            source = {"stage": self._stage, "key": f"{topic}-{number}", "after": {"offset": offset}}
            operations += [{"index": target}, source]
        while operations:
            answer = await patiently(lambda: self._client.bulk(index=self._index, operations=operations), self._pause)
            results = [next(iter(item.values())) for item in answer["items"]]
            refused = [one for one in results if "error" in one and one["status"] != CONFLICT]
            if not refused:
                return
            if any(one["status"] not in PASSING for one in refused):
                raise RuntimeError(f"Elasticsearch refused a watermark: {refused[0]['error']}")
            log.warning("waiting for Elasticsearch", reason=refused[0]["error"]["type"], seconds=PAUSE_SECONDS)
            await self._pause(PAUSE_SECONDS)

    async def check(self, committed: Mapping[TopicPartition, int]) -> None:
        """Hold the watermarks against what the group has committed of the partitions that a worker was given.

        A partition without a watermark says nothing: an earlier release wrote none, and a rewind begins without.

        Raises:
            StatesOlder: a record lies between the two.
            Abandoned: from `pause`.
            Unavailable: Kafka does not answer.
        """
        if not committed:
            return
        parts = {self._id(part.topic, part.partition): part for part in committed}
        answer = await patiently(lambda: self._client.mget(index=self._index, ids=list(parts)), self._pause)
        known = {
            parts[document["_id"]]: int(document["_source"]["after"]["offset"])
            for document in answer["docs"]
            if document.get("found")
        }
        behind = {part: offset for part, offset in known.items() if offset < committed[part]}
        if not behind:
            return
        async with Scan(self._settings, {part.topic for part in behind}) as scan:
            # Markers of transactions take offsets too: only a record counts.
            older = {part: at for part, at in behind.items() if await _holds_any(scan, part, at, committed[part])}
        if older:
            raise StatesOlder(self._stage, older, committed)

    def _id(self, topic: str, number: int) -> str:
        return f"watermark:{self._stage}:{topic}-{number}"


async def _holds_any(scan: Scan, part: TopicPartition, first: int, end: int) -> bool:
    begin, _ = await scan.bounds(part)
    async for _ in scan.stretch(part, max(first, begin), end):
        return True
    return False
