"""What an installation actually holds, read from Elasticsearch and the topics."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from elasticsearch.helpers import async_scan

from schemas.article import IssueRecord
from schemas.contract import ContractError, decode
from schemas.tagged import TAGGED_MESSAGE
from services.index.names import REBUILT, Names
from services.index.quarantine import entry
from services.runtime.kafka.scan import Scan
from services.runtime.messages.quarantine import read_quarantined
from services.runtime.messages.resolved import RESOLVED
from services.search import fields
from tests.faults.judging.holdings import Holdings, Standing, digest, issue_of, put
from tests.faults.judging.model import wandering_ids
from tests.faults.judging.searching import unsearchable

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Iterator, Mapping

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

PAGE_SIZE = 500


async def found(client: AsyncElasticsearch, settings: Settings, topics: dict[str, list[Record]]) -> Holdings:
    """Return what the indices of an installation hold, and what its topics (see `read_topics`) say."""
    holdings = Holdings()
    articles = await _read_indices(holdings, client, settings)
    holdings.titles = {
        (one["article_id"], what): one.get(what, "") for one in articles for what in ("headline", "kind")
    }
    names = settings.names
    for topic, counter in (
        (names.issues, holdings.issues),
        (names.articles, holdings.segmented),
        (names.tagged, holdings.tagged),
    ):
        holdings.last = _count(holdings, topics[topic], counter)
    holdings.wandering = _wandering(topics[names.tagged])
    holdings.unsearchable = await unsearchable(client, settings, articles)
    holdings.unkept = await _unkept(client, settings, topics[names.tagged])
    for record in topics[settings.names.quarantine]:
        _set_aside(holdings, record)
    return holdings


async def _read_indices(holdings: Holdings, client: AsyncElasticsearch, settings: Settings) -> list[dict[str, Any]]:
    """Record all documents, and return the documents of articles that are not withdrawn."""
    articles: list[dict[str, Any]] = []
    contents: dict[str, dict[str, int]] = {}
    for kind in REBUILT:
        names = Names(settings.prefix, kind)
        await client.indices.refresh(index=names.write)
        async for hit in _documents(client, names.write):
            if kind == "quarantine":
                put_entry(holdings, hit["_id"], hit["_source"])
                continue
            put(holdings, kind, hit["_id"], hit["_source"])
            if kind == "issues":
                contents[hit["_id"]] = hit["_source"].get("contents", {})
            if not hit["_source"].get(fields.WITHDRAWN, False):
                _claim(holdings, hit["_source"])
                if kind == "articles" and fields.ARTICLE in hit["_source"]:
                    articles.append(hit["_source"])
    holdings.misnamed = _misnamed(holdings, contents)
    async for hit in _documents(client, Names(settings.prefix, "articles").read, source=False):
        holdings.visible.add(hit["_id"])
    return articles


def _misnamed(holdings: Holdings, contents: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the issues whose record names other articles or other versions than the index holds."""
    there: dict[str, dict[str, int]] = {issue_id: {} for issue_id in contents}
    for (kind, name), standing in holdings.documents.items():
        if kind == "articles" and not standing.withdrawn:
            there.setdefault(issue_of(name), {})[name] = standing.version
    return [
        f"the record of {issue_id} names {contents.get(issue_id)}, there are {versions}"
        for issue_id, versions in there.items()
        if contents.get(issue_id) != versions
    ]


async def rebuilt_otherwise(before: Holdings, client: AsyncElasticsearch, settings: Settings) -> list[str]:
    """Return the documents that differ between a newly rebuilt index and the index before it."""
    after = Holdings()
    await _read_indices(after, client, settings)
    names = sorted(before.documents.keys() | after.documents.keys())
    return [
        f"{kind} {name}: was {before.documents.get((kind, name))}, rebuilt it is {after.documents.get((kind, name))}"
        for kind, name in names
        if before.documents.get((kind, name)) != after.documents.get((kind, name))
    ]


async def _unkept(client: AsyncElasticsearch, settings: Settings, tagged: Iterable[Record]) -> list[str]:
    """Return the versions of articles that are on the topic, are changes, and are not in the history.

    It does not ask the index stage which versions it keeps, because that may be what is wrong.
    """
    index = Names(settings.prefix, "history").write
    await client.indices.refresh(index=index)
    kept = {hit["_id"] async for hit in _documents(client, index, source=False)}
    wanted: dict[str, None] = {}
    for record in tagged:
        with suppress(ContractError):
            message = decode(TAGGED_MESSAGE, record.value)
            if isinstance(message, IssueRecord):
                continue
            if message.difference is None or message.difference.kind != "unchanged":
                wanted[f"{message.article_id}@{message.version}.{message.generation}"] = None
    return [name for name in wanted if name not in kept]


def _set_aside(holdings: Holdings, record: Record) -> None:
    """Count a record of the quarantine's topic; each place of origin counts once."""
    if record.header(RESOLVED) is not None:
        return  # it says that a message is no longer in quarantine
    about = read_quarantined(record)
    origin = (about.stage, about.topic, about.partition, about.offset)
    if origin in holdings.origins:
        holdings.repeats += 1
        return
    holdings.origins.add(origin)
    holdings.quarantined[about.stage, about.topic, record.key, digest(record.value)] += 1


def expect_strays(
    must: Holdings, settings: Settings, topics: dict[str, list[Record]], rewound: Holdings | None = None
) -> None:
    """Record that foreign messages on the topics after ingest must be in quarantine: they lack our headers.

    A rewind lets segment skip what it has not read, because ingest sends that again. It does not send foreign messages
    again, so after a rewind only those of segment's that were found (in `rewound`) must be there.
    """
    names = settings.names
    for stage, topic in (("segment", names.issues), ("tag", names.articles), ("index", names.tagged)):
        for record in topics[topic]:
            if record.header("ce_id") is None:
                refusal = stage, topic, record.key, digest(record.value)
                if rewound is None or stage != "segment" or rewound.quarantined[refusal] > must.quarantined[refusal]:
                    must.quarantined[refusal] += 1


def expect_entries(must: Holdings, quarantine: Iterable[Record]) -> None:
    """Record that the index must show each message on the quarantine's topic.

    A message that was replayed or dropped stays so, even if it fails again after a rewind.
    """
    versions: dict[str, int] = {}
    for record in quarantine:
        found = entry(record)
        if found is not None and found[1] >= versions.get(found[0], 0):
            name, versions[name], source = found
            put_entry(must, name, source)


def put_entry(holdings: Holdings, name: str, source: dict[str, Any]) -> None:
    """Record an entry of the quarantine in the index."""
    content = json.dumps(source, sort_keys=True, ensure_ascii=False).encode()
    holdings.documents["quarantine", name] = Standing(0, 0, withdrawn=False, digest=digest(content))


async def read_topics(settings: Settings, names: Iterable[str]) -> dict[str, list[Record]]:
    """Return the committed records of topics, in the order of each partition."""
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
    """Count the lines that a document claims: an article's lines, or an issue's furniture."""
    claims = source.get(fields.ARTICLE) or source.get("furniture")
    if claims is None:
        return  # neither an article nor an issue, such as a tombstone that looks like an article: it is stale
    spans = claims["spans"]
    lines = holdings.lines.setdefault(source["issue_id"], Counter())
    lines.update((span["page"], line) for span in spans for line in range(span["first"], span["last"] + 1))


def _count(holdings: Holdings, records: Iterable[Record], counter: Counter[tuple[str, int]]) -> dict[str, int]:
    """Count the records of each key and version, check their order, and return the last version of each key."""
    last: dict[str, int] = {}
    partitions: dict[str, int] = {}
    for record in records:
        event = record.header("ce_id")
        if record.key is None or event is None:
            continue  # poison, which another program wrote there
        key = record.key.decode()
        version = int(event.removeprefix(f"{key}/").split("/")[0])
        counter[key, version] += 1
        if partitions.setdefault(key, record.partition) != record.partition:
            holdings.disordered.append(f"{key} stands in two partitions of {record.topic}")
        elif version < last.get(key, 0):
            holdings.disordered.append(f"{key} at {version} follows {last[key]} on {record.topic}")
        last[key] = version
    return last


def _wandering(records: Iterable[Record]) -> list[str]:
    """Return what is wrong with the article ids of issues that no editor corrected."""
    versions: dict[str, dict[int, dict[str, str | None]]] = {}
    corrected = set()
    for record in records:
        if record.value is None or record.header("ce_id") is None:
            continue
        content = json.loads(record.value)
        if content.get("corrections"):
            corrected.add(content["issue_id"])
        if content.get("type") == "issue":
            continue
        of_issue = versions.setdefault(content["issue_id"], {})
        text = None
        if content.get("type") == "tagged_article":
            text = content["headline"] + "".join(block["text"] for block in content["body"])
        of_issue.setdefault(content["version"], {})[content["article_id"]] = text
    return [
        wrong
        for issue_id, of_issue in versions.items()
        if issue_id not in corrected
        for wrong in wandering_ids(_whole(of_issue))
    ]


def _whole(changes: Mapping[int, Mapping[str, str | None]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each version with the texts of all its articles; a message says only what changed, None what is gone."""
    texts: dict[str, str | None] = {}
    for version, changed in sorted(changes.items()):
        texts |= changed
        yield version, {name: text for name, text in texts.items() if text is not None}
