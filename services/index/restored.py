"""Detect an index that is older than its group's offsets: it must hold the documents of the newest records."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from schemas.contract import ContractError, decode
from schemas.tagged import TAGGED_MESSAGE
from services.index.document import document_id, index_kind
from services.index.names import Names
from services.runtime.elasticsearch.store import patiently
from services.runtime.errors import NeedsOperator, Rejected
from services.runtime.kafka.scan import Scan
from services.runtime.messages.quarantine import read_quarantined

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiokafka import TopicPartition
    from elasticsearch import AsyncElasticsearch

    from services.index.names import Kind
    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

OFFSETS_LOOKED_AT: Final = 50
"""How many offsets to read before a partition's committed offset; they include markers and every kind of document."""
QUARANTINED_LOOKED_AT: Final = 500


class IndexOlder(NeedsOperator):
    """An index lacks documents of records that the group has read."""

    def __init__(self, missing: Mapping[str, Record]) -> None:
        named = ", ".join(f"{one.topic}-{one.partition} offset {one.offset}" for one in missing.values())
        super().__init__(
            f"The index is older than what its group has read: the document of {named} is not there, or older. "
            "An older snapshot was restored, it seems.\nRun `broadsheet rebuild`, then start the index processor."
        )


class Restored:
    """Checks at each takeover whether someone has restored an older index.

    Args:
        settings: where Kafka is.
        client: Elasticsearch.
        pause: how to wait for Elasticsearch.
    """

    def __init__(
        self, settings: Settings, client: AsyncElasticsearch, pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._settings = settings
        self._client = client
        self._pause = pause

    async def check(self, committed: Mapping[TopicPartition, int]) -> None:
        """Compare the newest records below the committed offsets, per kind and partition, with their documents.

        An empty index was lost. Other code reports that, and a rebuild fills the index.

        Raises:
            IndexOlder: a document is missing or has an older version, and Elasticsearch did not refuse it.
            Abandoned: from `pause`.
            Unavailable: Kafka does not answer.
        """
        tagged, quarantine = self._settings.names.tagged, self._settings.names.quarantine
        newest: dict[Kind, dict[str, tuple[Record, int]]] = {}
        async with Scan(self._settings, [tagged, quarantine]) as scan:
            for part, end in committed.items():
                if part.topic == tagged:
                    for kind, (name, record, version) in (await _newest(scan, part, end)).items():
                        newest.setdefault(kind, {})[name] = record, version
            missing: dict[str, Record] = {}
            for kind, documents in newest.items():
                missing |= await self._missing(Names(self._settings.prefix, kind).write, documents)
            if missing:
                refused = await _refused_lately(scan, quarantine)
                missing = {
                    name: record
                    for name, record in missing.items()
                    if _place(record) not in refused and not await self._was_refused(record)
                }
        if missing:
            raise IndexOlder(missing)

    async def _missing(self, alias: str, documents: Mapping[str, tuple[Record, int]]) -> dict[str, Record]:
        found = await patiently(
            lambda: self._client.search(index=alias, size=0, terminate_after=1, ignore_unavailable=True), self._pause
        )
        if not found["hits"]["total"]["value"]:
            return {}
        answer = await patiently(
            lambda: self._client.mget(index=alias, ids=list(documents), source_includes=["version"]), self._pause
        )
        there = {one["_id"]: int(one["_source"]["version"]) for one in answer["docs"] if one.get("found")}
        return {name: record for name, (record, version) in documents.items() if there.get(name, 0) < version}

    async def _was_refused(self, record: Record) -> bool:
        """Return whether the index shows the record in quarantine."""
        place = zip(("topic", "partition", "offset"), _place(record), strict=True)
        asked = {"bool": {"filter": [{"term": {name: value}} for name, value in place]}}
        alias = Names(self._settings.prefix, "quarantine").write
        found = await patiently(
            lambda: self._client.search(index=alias, query=asked, size=0, ignore_unavailable=True), self._pause
        )
        return bool(found["hits"]["total"]["value"])


async def _newest(scan: Scan, part: TopicPartition, end: int) -> dict[Kind, tuple[str, Record, int]]:
    """Return the newest record of each kind below `end`, with the id and version of its document."""
    begin, _ = await scan.bounds(part)
    found: dict[Kind, tuple[str, Record, int]] = {}
    async for record in scan.stretch(part, max(begin, end - OFFSETS_LOOKED_AT), end):
        with suppress(ContractError):
            message = decode(TAGGED_MESSAGE, record.value)
            found[index_kind(message)] = document_id(message), record, message.version
    return found


async def _refused_lately(scan: Scan, quarantine: str) -> set[tuple[str, int, int]]:
    """Return the latest records in quarantine, by topic, partition and offset: the index may not show them yet."""
    places = set()
    for part in scan.parts:
        if part.topic == quarantine:
            begin, end = await scan.bounds(part)
            async for record in scan.stretch(part, max(begin, end - QUARANTINED_LOOKED_AT), end):
                with suppress(Rejected, ValueError):
                    facts = read_quarantined(record)
                    places.add((facts.topic, facts.partition, facts.offset))
    return places


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset
