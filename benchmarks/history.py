"""Cost and speed of the history of articles: `python -m benchmarks.history [ISSUES]` (default: 10,000).

The articles are made up, 19 to an issue as on the bench, and 8 % of them have a second version, an editor's correction
of a paragraph. Documents and requests are those of the index processor and the desk.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from elasticsearch import AsyncElasticsearch
from pydantic_core import to_json
from rich.console import Console

from benchmarks.press import article
from benchmarks.search_servers import elasticsearch
from schemas.difference import Difference
from services.desk.reading.comparison import compare
from services.desk.reading.history import history_request, versions_of
from services.index.admin import ensure_indices
from services.index.document import document
from services.index.history import version_of
from services.index.names import KINDS, Names
from services.runtime.elasticsearch.bulk import Operation, write_bulk
from services.runtime.messages.records import Record
from services.runtime.names import Names as RuntimeNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.tagged import TaggedArticle

PREFIX: Final = "bench-history-"
ISSUES: Final = 10_000
ARTICLES_AN_ISSUE: Final = 19
CORRECTED: Final = 0.08
"""The share of articles with a second version: 59 of 751 changed again when the bench was published page by page."""
DIFFERENT: Final = 2_000
"""How many different texts there are; an article made up takes longer to make than to index."""
BATCH: Final = 200
COMPARED: Final = 400
ASKED: Final = 300
TIME: Final = int(dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
NAMES: Final = RuntimeNames(PREFIX)
HISTORY: Final = Names(PREFIX, "history")


def versions(number: int, texts: list[TaggedArticle]) -> Iterator[TaggedArticle]:
    """Yield the versions of article `number`."""
    one = texts[number % len(texts)]
    issue = f"{one.paper}{number // ARTICLES_AN_ISSUE % 97}/{one.date}"
    first = one.model_copy(update={"article_id": f"{issue}/{number:012x}", "difference": Difference(kind="created")})
    yield first
    if number % 100 < CORRECTED * 100:
        body = (one.body[0].model_copy(update={"text": f"订正{one.body[0].text[:-4]}。"}), *one.body[1:])
        yield first.model_copy(update={"version": 1, "body": body, "difference": Difference(kind="changed")})


def kept(numbers: range, texts: list[TaggedArticle]) -> list[Operation]:
    """Return what the index processor writes to the history for articles."""
    found = []
    for number in numbers:
        for message in versions(number, texts):
            record = Record(NAMES.tagged, 0, number, TIME + message.version, b"", b"")
            made = version_of(message, record, every=False)
            assert made is not None
            found.append(Operation({"index": {"_index": HISTORY.write, "_id": made[0]}}, to_json(made[1])))
    return found


async def run(server: str, issues: int) -> None:
    """Fill a history, and print its size, the time to fill it, and how long requests take."""
    texts = [article(number) for number in range(DIFFERENT)]
    total = issues * ARTICLES_AN_ISSUE
    out = Console()
    async with AsyncElasticsearch(server, request_timeout=120) as client:
        await ensure_indices(client, PREFIX)
        try:
            began, cpu = time.perf_counter(), time.process_time()
            for start in range(0, total, BATCH):
                numbers = range(start, min(total, start + BATCH))
                await write_bulk(client, kept(numbers, texts), asyncio.sleep)
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
            await _report(client, texts, total, out)
            out.print(f"filled in {seconds:,.0f} s, {1e6 * cpu / total:,.0f} µs of our CPU time an article")
            _compare_cost(texts, out)
        finally:
            for kind in KINDS:
                await client.indices.delete(index=Names(PREFIX, kind).index(), ignore_unavailable=True)


async def _report(client: AsyncElasticsearch, texts: list[TaggedArticle], total: int, out: Console) -> None:
    index = HISTORY.read
    await client.indices.refresh(index=index)
    stats = (await client.indices.stats(index=index, metric=["store", "docs"]))["_all"]["primaries"]
    count, size = stats["docs"]["count"], stats["store"]["size_in_bytes"]
    out.print(f"{total:,} articles, {count:,} versions, {size / 1e9:.2f} GB, {size / count:,.0f} bytes a version")
    asked, compared = [], []
    for step in range(ASKED):
        # Every article asked for has two versions, and the requests are spread over the whole history.
        number = (step * 7919 * 100) % total
        article_id = next(versions(number, texts)).article_id
        began = time.perf_counter()
        hits = (await client.search(index=index, **history_request(article_id)))["hits"]["hits"]
        found = versions_of([hit["_source"] for hit in hits])
        asked.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        compare(*([block.text for block in one.article.body] for one in found if one.article))
        compared.append((time.perf_counter() - began) * 1000)
    out.print(f"the versions of an article: {_times(asked)}; two of them compared: {_times(compared)}")


def _compare_cost(texts: list[TaggedArticle], out: Console) -> None:
    """Print the CPU time to make the document of an article for the index, and that of its version."""
    some = texts[:COMPARED]
    began = time.process_time()
    for one in some:
        to_json(document(one))
    article_time = time.process_time() - began
    began = time.process_time()
    kept(range(COMPARED), some)
    version_time = time.process_time() - began
    each = (1e6 * spent / COMPARED for spent in (article_time, version_time))
    out.print("CPU time to make documents: {:,.0f} µs an article, {:,.0f} µs its versions".format(*each))


def _times(found: list[Any]) -> str:
    ordered = sorted(found)
    return f"median {ordered[len(ordered) // 2]:.1f} ms, 99 % under {ordered[int(len(ordered) * 0.99)]:.1f} ms"


if __name__ == "__main__":
    with elasticsearch() as address:
        asyncio.run(run(address, int(sys.argv[1]) if len(sys.argv) > 1 else ISSUES))
