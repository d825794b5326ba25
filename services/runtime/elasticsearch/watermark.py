"""How far a stage's states reach: a small document per partition in the index of states, which reveals a restore.

A group's offsets are in Kafka, and the matching states are in Elasticsearch. After you restore the index of states from
a snapshot, the states are older than the offsets. The stage would forget the pages that came in between. So a stage
writes a watermark for each batch: the offset where the next batch begins. It writes the watermark after the batch's
states and before it delivers the batch. The watermark has a request of its own, because Elasticsearch may refuse single
items of a bulk request, and the watermark must never be written before the states.
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
    """The states do not include records that the group has read."""

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
        stage: the stage that owns the states.
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
        """Write where the next batch begins, by topic and number; never replace a watermark that is further.

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
        """Compare the watermarks with the offsets that the group has committed for a worker's partitions.

        A partition without a watermark passes: an earlier release wrote none, and a rewind begins without one.

        Raises:
            StatesOlder: a record lies between the watermark and the committed offset.
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
            # Transaction markers take offsets too, but only records count.
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
