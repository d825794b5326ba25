"""Publish issues to a running installation, at a rate or all at once, and find out when each passed which stage.

Our topics have the time of appending as the timestamp of a record, so nothing needs to listen while the run lasts. Only
what a search finds must be asked for again and again.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.whole.processes import spent
from benchmarks.whole.site import PARTITIONS
from services.index.names import Names
from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.whole.corpus import Item
    from benchmarks.whole.site import Site

LOOK_SECONDS: Final = 0.05
BACKLOG_LOOK_SECONDS: Final = 1.0
"""Searches take Elasticsearch's time from its work, so a backlog is looked at rarely."""
PATIENCE_SECONDS: Final = 600.0
STEPS: Final = ("ingest", "segment", "tag", "index and refresh")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run gave.

    Attributes:
        pages: how many pages were published.
        articles: how many articles came of them.
        seconds: from the first page published to the last one searchable.
        cpu: stage or server -> seconds of CPU time.
        memory: stage or server -> megabytes at the end.
        waits: step -> seconds of each issue, ascending; `whole` is from publishing to searchable.
        topics: topic -> messages and bytes.
        elasticsearch: what Elasticsearch counted.
    """

    pages: int
    articles: int
    seconds: float
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    waits: Mapping[str, Sequence[float]]
    topics: Mapping[str, tuple[int, int]]
    elasticsearch: Mapping[str, int]


def share(values: Sequence[float], part: float) -> float:
    """Return the value that `part` of the ascending `values` do not exceed; 0 if there are none."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


async def run(site: Site, items: Sequence[Item], articles: Mapping[str, int], rate: float | None = None) -> Outcome:
    """Publish the issues and wait until a search finds all their articles.

    Args:
        site: the installation.
        items: what to publish.
        articles: issue -> how many articles it will have.
        rate: pages a second; None: all at once.
    """
    topics = _topics(site)
    async with AIOKafkaConsumer(**connection(site.settings), isolation_level="read_committed") as consumer:
        parts = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        starts = await consumer.end_offsets(parts)
        use, counted = site.use(), await site.counted()
        published: dict[str, float] = {}
        began = time.time()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_publish(site, items, published, rate))
            wanted = {one.issue_id: articles[one.issue_id] for one in items}
            found = await _searchable(site, wanted, published, BACKLOG_LOOK_SECONDS if rate is None else LOOK_SECONDS)
        seconds = max(found.values()) - began
        after = site.use()
        passed, sizes = await _passed(consumer, starts)
    now = await site.counted()
    return Outcome(
        len(items),
        sum(articles[name] for name in published),
        seconds,
        spent(use, after),
        {name: one.megabytes for name, one in after.items()},
        _waits(published, [passed[topic] for topic in topics[1:]], found),
        sizes,
        {name: now[name] - count for name, count in counted.items()},
    )


def _topics(site: Site) -> list[str]:
    names = site.settings.names
    return [names.raw, names.issues, names.articles, names.tagged]


async def _publish(site: Site, items: Sequence[Item], published: dict[str, float], rate: float | None) -> None:
    began = time.monotonic()
    waiting = []
    for number, item in enumerate(items):
        if rate is not None:
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        published[item.issue_id] = time.time()
        waiting.append(await site.producer.send(site.settings.names.raw, item.value, key=item.issue_id.encode()))
    for future in waiting:
        await future


async def _searchable(
    site: Site, wanted: dict[str, int], published: Mapping[str, float], pause: float
) -> dict[str, float]:
    """Return issue -> the time when a search found all its articles."""
    alias = Names(site.settings.prefix, "articles").read
    found: dict[str, float] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while wanted:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(wanted)} issues are not searchable after {PATIENCE_SECONDS:.0f} s: {wanted}")
        await asyncio.sleep(pause)
        awaited = [issue for issue in published if issue in wanted]
        if not awaited:
            continue
        query = {"terms": {"issue_id": awaited}}
        by_issue = {"issue": {"terms": {"field": "issue_id", "size": len(awaited)}}}
        answer = await site.client.search(index=alias, size=0, query=query, aggs=by_issue)
        now = time.time()
        for bucket in answer["aggregations"]["issue"]["buckets"]:
            if bucket["doc_count"] >= wanted[bucket["key"]]:
                found[bucket["key"]] = now
                del wanted[bucket["key"]]
        for empty in [issue for issue, count in wanted.items() if not count]:
            del wanted[empty]
    return found


async def _passed(
    consumer: AIOKafkaConsumer, starts: Mapping[TopicPartition, int]
) -> tuple[dict[str, dict[str, float]], dict[str, tuple[int, int]]]:
    """Return topic -> issue -> the time of its last record, and topic -> messages and bytes, of what is new."""
    passed: dict[str, dict[str, float]] = {part.topic: {} for part in starts}
    sizes = dict.fromkeys(passed, (0, 0))
    consumer.assign(list(starts))
    ends = await consumer.end_offsets(list(starts))
    for part, start in starts.items():
        consumer.seek(part, start)
    for part, end in ends.items():
        while await consumer.position(part) < end:
            for record in (await consumer.getmany(part, timeout_ms=200)).get(part, ()):
                issue = "/".join(record.key.decode().split("/")[:2])
                times = passed[part.topic]
                times[issue] = max(times.get(issue, 0.0), record.timestamp / 1000)
                messages, size = sizes[part.topic]
                sizes[part.topic] = messages + 1, size + len(record.key) + len(record.value)
    return passed, sizes


def _waits(
    published: Mapping[str, float], passed: Sequence[Mapping[str, float]], found: Mapping[str, float]
) -> dict[str, list[float]]:
    waits: dict[str, list[float]] = {step: [] for step in (*STEPS, "whole")}
    for issue, end in found.items():
        times = [published[issue], *(of_topic[issue] for of_topic in passed), end]
        for step, (before, after) in zip(STEPS, pairwise(times), strict=True):
            waits[step].append(after - before)
        waits["whole"].append(end - published[issue])
    return {step: sorted(values) for step, values in waits.items()}
