"""Speed of search over many articles: `python -m benchmarks.search_load [ARTICLES]` (default: 100,000).

The index is created as in an installation, filled by one process per core, and searched with the desk's own code.
Elasticsearch answers no search from its request cache, which keeps only requests without hits. Beside each latency the
table has the CPU time of Elasticsearch, which says more on a busy machine.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from elasticsearch import AsyncElasticsearch, Elasticsearch
from elasticsearch.helpers import bulk
from rich.console import Console
from rich.progress import Progress, TimeRemainingColumn
from rich.table import Table

from benchmarks.press import article
from benchmarks.search_servers import elasticsearch
from services.index.admin import ensure_indices
from services.index.document import document
from services.index.names import KINDS, Names
from services.search.asking import ask
from services.search.request.body import Search
from services.search.results import result_page
from services.search.rewriting.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX: Final = "bench-load-"
ARTICLES: Final = 100_000
BATCH: Final = 500
ROUNDS: Final = 5
PAGE: Final = 5
COMMON: Final = ("中国", "我们", "没有", "发展", "国家", "经济", "企业", "工作")
"""Some of the most frequent words: in a tenth to more than half of the articles."""
QUERIES: Final[dict[str, tuple[str, ...]]] = {
    "a common word": COMMON,
    "a word": ("海关", "钢铁", "教授", "铁路", "走私", "台风", "粮食", "画家"),
    "two words": (
        "中国 经济",
        "钢铁 产量",
        "国家 发展",
        "海关 走私",
        "学校 教师",
        "企业 改革",
        "广东 台风",
        "我们 没有",
    ),
    "words together": ("经济发展", "走私案件", "国有企业", "前三季度", "粮食生产", "台风预警", "学校教育", "GDP增长"),
    "a phrase": (
        '"经济发展"',
        '"没有我们"',
        '"中国的"',
        '"这是一个"',
        '"工业生产"',
        '"他们的"',
        '"零关税"',
        '"国家的"',
    ),
    "in a field": (
        "标题:中国",
        "正文:海关",
        "标题:发展",
        "图说:我们",
        "标题:台风",
        "栏目:经济",
        "正文:企业",
        "记者:王",
    ),
    "boolean": (
        *(
            "中国 OR 经济",
            "台风 OR 暴雨",
            "国家 -企业",
            "(钢铁 OR 煤炭) 生产",
            "中国 NOT 经济 NOT 企业",
            "工业 AND 增长",
        ),
        *("海关 OR 关税 OR 进口", "标题:中国 OR 正文:经济"),
    ),
    "a character": ("人", "雪", "茶", "水", "年", "大", "车", "党"),
    "everything": ("",) * 8,
}


@dataclass(frozen=True, slots=True)
class Times:
    """How long searches took, in milliseconds, from the quickest to the slowest."""

    found: tuple[float, ...]

    def share(self, part: float) -> str:
        """Return the time that `part` of the searches did not exceed."""
        return f"{self.found[min(len(self.found) - 1, int(len(self.found) * part))]:,.0f}"

    @property
    def row(self) -> tuple[str, str, str]:
        """The median, the 95th and the 99th percentile."""
        return self.share(0.5), self.share(0.95), self.share(0.99)


def search_for(text: str) -> Search:
    """Return the search that the desk makes of a typed question."""
    understanding = understand(text)
    return Search(understanding.meant, understanding=understanding)


def searches() -> dict[str, tuple[Search, ...]]:
    """Return the kinds of search with several of each."""
    found = {kind: tuple(search_for(text) for text in queries) for kind, queries in QUERIES.items()}
    common = found["a common word"]
    chosen = {"topic": ("industry", "customs"), "paper": ("示例日报",)}
    found["values of facets chosen"] = tuple(replace(search, chosen=chosen) for search in common)
    found["days chosen"] = tuple(replace(search, first="2010-01-01", last="2012-12-31") for search in common)
    found["newest first"] = tuple(replace(search, sort="newest") for search in common)
    return found


def send(address: str, index: str, first: int, last: int) -> int:
    """Index the articles from number `first` to `last` (exclusive); return how many."""
    with Elasticsearch(address, request_timeout=300) as client:
        actions = ({"_index": index, "_id": str(n), "_source": document(article(n))} for n in range(first, last))
        bulk(client, actions, chunk_size=BATCH)
    return last - first


def fill(address: str, index: str, count: int) -> None:
    """Index `count` articles with a process for every core, showing how far it is."""
    batches = [(first, min(count, first + BATCH)) for first in range(0, count, BATCH)]
    columns = (*Progress.get_default_columns()[:-1], TimeRemainingColumn())
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool,
    ):
        task = progress.add_task("indexing", total=count)
        for done in as_completed([pool.submit(send, address, index, *batch) for batch in batches]):
            progress.advance(task, done.result())


async def measure(client: AsyncElasticsearch, index: str) -> None:
    """Time every kind of search with and without facets, and print a table."""
    titles = [f"{name} {part}" for name in ("facets", "none") for part in (*PARTS, "CPU")]
    table = Table("milliseconds", "matches", *titles)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind, asked in searches().items():
        await _add(client, index, table, kind, asked)
    deep = [await _deep(client, index, search_for(word)) for word in COMMON]
    await _add(client, index, table, f"page {PAGE} of a common word", deep)
    Console(width=140).print(table)


async def snippets(client: AsyncElasticsearch, index: str) -> Times:
    """Return how long it takes to find and mark the snippets of a page of a result."""
    times = []
    for word in COMMON:
        search = search_for(word)
        answer = await ask(client, index, search, facets=False)
        started = time.perf_counter()
        result_page(search, answer)
        times.append((time.perf_counter() - started) * 1000)
    return Times(tuple(sorted(times)))


PARTS: Final = ("p50", "p95", "p99")


async def _add(client: AsyncElasticsearch, index: str, table: Table, kind: str, asked: Sequence[Search]) -> None:
    row: list[str] = []
    matches: list[int] = []
    for facets in (True, False):
        before = await _cpu(client)
        times, matches = await _times(client, index, asked, facets=facets)
        spent = (await _cpu(client) - before) / len(matches)
        row += [*times.row, f"{spent:,.0f}"]
    table.add_row(kind, f"{matches[0]:,}-{matches[-1]:,}", *row)


async def _cpu(client: AsyncElasticsearch) -> int:
    """Return the CPU time of Elasticsearch's nodes since their start, in milliseconds."""
    stats = await client.nodes.stats(metric="process")
    return sum(node["process"]["cpu"]["total_in_millis"] for node in stats["nodes"].values())


async def _times(
    client: AsyncElasticsearch, index: str, asked: Sequence[Search], *, facets: bool
) -> tuple[Times, list[int]]:
    times, totals = [], []
    for round_number in range(ROUNDS + 1):
        for search in asked:
            started = time.perf_counter()
            answer = await ask(client, index, search, facets=facets)
            if round_number:
                times.append((time.perf_counter() - started) * 1000)
            totals.append(answer.total)
    return Times(tuple(sorted(times))), sorted(totals)


async def _deep(client: AsyncElasticsearch, index: str, search: Search) -> Search:
    for _ in range(PAGE - 1):
        answer = await ask(client, index, search, facets=False)
        search = replace(search, after=answer.hits[-1].sort)
    return search


async def run(address: str, count: int) -> None:
    """Make the index, fill it, measure, and leave nothing behind."""
    names = Names(PREFIX, "articles")
    async with AsyncElasticsearch(address, request_timeout=300) as client:
        await _clear(client)
        await ensure_indices(client, PREFIX)
        settings: dict[str, Any] = {"refresh_interval": "-1", "auto_expand_replicas": "false", "number_of_replicas": 0}
        await client.indices.put_settings(index=names.write, settings=settings)
        try:
            started = time.perf_counter()
            await asyncio.to_thread(fill, address, names.write, count)
            await client.indices.refresh(index=names.write)
            seconds = time.perf_counter() - started
            stats = (await _settled(client, names.write))["_all"]["total"]
            size, segments = stats["store"]["size_in_bytes"], stats["segments"]["count"]
            print(
                f"{count:,} articles indexed in {seconds:,.0f} s ({count / seconds:,.0f} a second); "
                f"index {size / 1e6:,.0f} MB in {segments} segments, {size / count / 1e3:.1f} kB an article"
            )
            await measure(client, names.read)
            median, p95, _ = (await snippets(client, names.read)).row
            print(f"reading a page of 20 articles and marking their snippets: p50 {median} ms, p95 {p95} ms")
        finally:
            await _clear(client)


async def _settled(client: AsyncElasticsearch, index: str) -> dict[str, Any]:
    """Return the index's statistics once Elasticsearch merges no more of it."""
    while True:
        stats = await client.indices.stats(index=index, metric=["store", "segments", "merge"])
        if not stats["_all"]["total"]["merges"]["current"]:
            return dict(stats)
        await asyncio.sleep(1)


async def _clear(client: AsyncElasticsearch) -> None:
    for kind in KINDS:
        names = Names(PREFIX, kind)
        await client.indices.delete(index=names.index(), ignore_unavailable=True)


if __name__ == "__main__":
    with elasticsearch() as server:
        asyncio.run(run(server, int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))
