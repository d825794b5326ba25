"""What an article costs when issues or backlogs grow: CPU time and bytes, against the smallest of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from benchmarks.whole.corpus import STAGES, items, page_by_page
from benchmarks.whole.trial import Outcome, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from benchmarks.whole.corpus import Item, Makers
    from benchmarks.whole.site import Site

PAGES_AN_ISSUE: Final = (1, 4, 16, 32)
BACKLOGS: Final = (100, 400)
PAGES: Final = 64
"""The pages of each row with issues of several pages: fewer issues of more pages."""


async def grow(site: Site, makers: Makers, first: int, console: Console) -> list[dict[str, Any]]:
    """Return a row for each size; `first` is the first number of an issue that was not published before.

    The pages of an issue are records of their own, one after the other, and all of them wait at the beginning.
    """
    rows = []
    for pages in PAGES_AN_ISSUE:
        single, whole = page_by_page(PAGES // pages, pages, first)
        rows.append(await _row(site, "pages an issue", pages, single, makers.make(whole).articles, console))
        first += len(whole)
    for pages in BACKLOGS:
        some = items(pages, first)
        rows.append(await _row(site, "pages that wait", pages, some, makers.make(some).articles, console))
        first += pages
    return rows


async def _row(  # noqa: PLR0913, PLR0917  # what is published, and how the row is told
    site: Site, kind: str, size: int, some: Sequence[Item], articles: Mapping[str, int], console: Console
) -> dict[str, Any]:
    console.print(f"growth: {size} {kind}")
    return {"kind": kind, "size": size, **costs(await run(site, some, articles))}


def costs(one: Outcome) -> dict[str, float]:
    """Return what an article cost: milliseconds of CPU time, bytes to Elasticsearch, and messages."""
    milliseconds = 1000 / one.articles
    return {
        "articles": one.articles,
        "pages_a_second": round(one.pages / one.seconds, 1),
        "ours_ms": round(sum(one.cpu[stage] for stage in STAGES) * milliseconds, 2),
        "kafka_ms": round(one.cpu["kafka"] * milliseconds, 2),
        "elasticsearch_ms": round(one.cpu["elasticsearch"] * milliseconds, 2),
        "bytes": round(one.elasticsearch["bytes"] / one.articles),
        "messages": round(sum(count for count, _ in one.topics.values()) / one.articles, 2),
    }


COLUMNS: Final = ("articles", "pages_a_second", "ours_ms", "kafka_ms", "elasticsearch_ms", "bytes", "messages")


def growth_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the rows as a table that a person reads."""
    found = Table(title="Growth: CPU time in ms, bytes to Elasticsearch and messages, each an article")
    headings = ("", "size", "articles", "pages/s", "ours", "Kafka", "Elasticsearch", "bytes", "messages", "CPU")
    for heading in headings:
        found.add_column(heading, justify="right" if found.columns else "left")
    smallest: dict[str, float] = {}
    for row in rows:
        whole = row["ours_ms"] + row["kafka_ms"] + row["elasticsearch_ms"]
        least = smallest.setdefault(row["kind"], whole)
        found.add_row(row["kind"], *(f"{row[name]:,}" for name in ("size", *COLUMNS)), f"{whole / least:.2f} x")
    return found


def peers_table(pipeline: Sequence[Outcome], peers: Sequence[Outcome]) -> Table:
    """Return what an article costs in the pipeline, and in plain programs with the same functions."""
    found = Table(title="Peers with the same functions: CPU time in ms an article, each round")
    for heading in ("", "pages/s", "ours", "Kafka", "Elasticsearch"):
        found.add_column(heading, justify="right" if found.columns else "left")
    for name, outcomes in (("pipeline", pipeline), ("plain aiokafka", peers)):
        for one in map(costs, outcomes):
            cells = (f"{one[part]:.1f}" for part in ("pages_a_second", "ours_ms", "kafka_ms", "elasticsearch_ms"))
            found.add_row(name, *cells)
    return found
