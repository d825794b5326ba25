"""What an installation does hold: read from Elasticsearch and the topics."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from elasticsearch.helpers import async_scan

from services.index.names import KINDS, Names
from services.index.quarantine import entry
from services.runtime.kafka.scan import Scan
from services.runtime.messages.quarantine import read_quarantined
from services.search import fields
from tests.faults.judging.expectation import Holdings, Standing, digest, put

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

PAGE_SIZE = 500


async def found(client: AsyncElasticsearch, settings: Settings, topics: dict[str, list[Record]]) -> Holdings:
    """Return what the indices of an installation hold, and what its topics (see `read_topics`) tell."""
    holdings = Holdings()
    for kind in KINDS:
        names = Names(settings.prefix, kind)
        await client.indices.refresh(index=names.write)
        async for hit in _documents(client, names.write):
            if kind == "quarantine":
                put_entry(holdings, hit["_id"], hit["_source"])
                continue
            put(holdings, kind, hit["_id"], hit["_source"])
            if not hit["_source"].get(fields.WITHDRAWN, False):
                _claim(holdings, hit["_source"])
    async for hit in _documents(client, Names(settings.prefix, "articles").read, source=False):
        holdings.visible.add(hit["_id"])
    for record in topics[settings.names.tagged]:
        _tagged(holdings, record)
    seen = set()
    for record in topics[settings.names.quarantine]:
        about = read_quarantined(record)
        origin = (about.stage, about.topic, about.partition, about.offset)
        if origin in seen:
            holdings.repeats += 1
            continue
        seen.add(origin)
        holdings.quarantined[about.stage, about.topic, record.key, digest(record.value)] += 1
    return holdings


def expect_strays(must: Holdings, settings: Settings, topics: dict[str, list[Record]]) -> None:
    """Take note that what others wrote to the topics behind ingest must be in quarantine: it has no headers of ours."""
    names = settings.names
    for stage, topic in (("segment", names.issues), ("tag", names.articles), ("index", names.tagged)):
        for record in topics[topic]:
            if record.header("ce_id") is None:
                must.quarantined[stage, topic, record.key, digest(record.value)] += 1


def expect_entries(must: Holdings, quarantine: Iterable[Record]) -> None:
    """Take note that each message on the quarantine's topic must be shown by the index."""
    for record in quarantine:
        found = entry(record)
        if found is not None:
            name, _, source = found
            put_entry(must, name, source)


def put_entry(holdings: Holdings, name: str, source: dict[str, Any]) -> None:
    """Take note of an entry of the quarantine in the index."""
    content = json.dumps(source, sort_keys=True, ensure_ascii=False).encode()
    holdings.documents["quarantine", name] = Standing(0, 0, withdrawn=False, digest=digest(content))


async def read_topics(settings: Settings, names: Iterable[str]) -> dict[str, list[Record]]:
    """Return the committed records of topics, those of each partition in their order."""
    read: dict[str, list[Record]] = {name: [] for name in names}
    async with Scan(settings, read) as scan:
        async for records in scan.records():
            for record in records:
                read[record.topic].append(record)
    return {name: sorted(records, key=lambda each: (each.partition, each.offset)) for name, records in read.items()}


def _documents(client: AsyncElasticsearch, index: str, *, source: bool = True) -> AsyncIterable[dict[str, Any]]:
    query = {"query": {"match_all": {}}, "_source": source}
    return async_scan(client, index=index, query=query, size=PAGE_SIZE)


def _claim(holdings: Holdings, source: dict[str, Any]) -> None:
    """Count the lines that a document says are its own: an article's, or an issue's furniture."""
    spans = source[fields.ARTICLE]["spans"] if fields.ARTICLE in source else source["furniture"]["spans"]
    lines = holdings.lines.setdefault(source["issue_id"], Counter())
    lines.update((span["page"], line) for span in spans for line in range(span["first"], span["last"] + 1))


def _tagged(holdings: Holdings, record: Record) -> None:
    event = record.header("ce_id")
    if record.key is None or event is None:
        return  # poison, which somebody else wrote there
    key = record.key.decode()
    version = int(event.removeprefix(f"{key}/").split("/")[0])
    holdings.tagged[key, version] += 1
    holdings.last[key] = version
