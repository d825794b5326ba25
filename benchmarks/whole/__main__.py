"""Measure the whole pipeline against its ceilings, in one run: `python -m benchmarks.whole`, or `make bench`.

Three times, one after the other: our pure functions alone, a plain bulk of the documents, the pipeline with the same
pages all at once, a plain copy of its messages. Each figure is the median of the three. Then pages are published at 20,
50 and 80 % of the rate that the pipeline reached, and each page's way is timed.

With --long, each round also runs plain aiokafka programs with the same functions, and at the end issues and backlogs
grow.

It prints a table, writes a picture, and appends a line to docs/measurements/bench.jsonl, so that a loss shows.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from benchmarks.whole.ceilings import plain_bulk, plain_copy
from benchmarks.whole.corpus import Makers, items
from benchmarks.whole.growth import grow, growth_table, peers_table
from benchmarks.whole.peer import peer_worker
from benchmarks.whole.picture import draw
from benchmarks.whole.report import Measured, Round, figures, tables
from benchmarks.whole.site import Site, site
from benchmarks.whole.trial import run
from services.index.admin import ensure_indices
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.names import Names
from tests.servers import temporary_home

ROOT: Final = Path(__file__).parents[2]
PICTURE: Final = ROOT / "docs" / "pictures" / "bench.svg"
RECORD: Final = ROOT / "docs" / "measurements" / "bench.jsonl"
ROUNDS: Final = 3
LOADS: Final = (0.2, 0.5, 0.8)
WARM_UP_PAGES: Final = 8
CEILING_PREFIX: Final = "ceiling."


async def measure(here: Site, pages: int, seconds: float, console: Console, peers: Site | None = None) -> Measured:
    """Do everything that is measured.

    Args:
        here: the installation.
        pages: how many pages each round publishes at once.
        seconds: how long each rate lasts.
        console: where progress is told.
        peers: an installation of plain programs; with it, growth is measured, too.
    """
    await ensure_indices(here.client, CEILING_PREFIX)
    makers, measured, first = Makers(Names(CEILING_PREFIX)), Measured(), 0
    warm = items(WARM_UP_PAGES)
    for one in filter(None, (here, peers)):
        await run(one, warm, makers.make(warm).articles)
    first += WARM_UP_PAGES
    for number in range(ROUNDS):
        console.print(f"round {number + 1} of {ROUNDS}: {pages} pages")
        some = items(pages, first)
        first += pages
        made = makers.make(some)
        bulk = await plain_bulk(here, made.operations)
        backlog = await run(here, some, made.articles)
        if peers is not None:
            measured.peers.append(await run(peers, some, made.articles))
        measured.rounds.append(Round(made, bulk, backlog, await plain_copy(here, made.tagged)))
    most = statistics.median(one.backlog.pages / one.backlog.seconds for one in measured.rounds)
    for load in LOADS:
        count = max(10, int(most * load * seconds))
        console.print(f"{load:.0%} of {most:.1f} pages a second: {count} pages")
        some = items(count, first)
        first += count
        measured.paced[load] = await run(here, some, makers.make(some).articles, most * load)
    if peers is not None:
        measured.growth = await grow(here, makers, first, console)
    return measured


def circumstances() -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    return {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "revision": told.stdout.strip(),
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
    }


async def experiment(stack: LocalStack, pages: int, seconds: float, console: Console, *, long: bool) -> Measured:
    """Start an installation on the servers and measure it; `long` says whether to add peers and growth."""
    prefix = f"bench{time.time_ns() % 10**9}."
    async with AsyncExitStack() as sites:
        here = await sites.enter_async_context(site(stack, prefix))
        peers = await sites.enter_async_context(site(stack, f"peers.{prefix}", peer_worker)) if long else None
        return await measure(here, pages, seconds, console, peers)


def main(
    pages: Annotated[int, typer.Option(min=5, help="Pages of each round.")] = 40,
    seconds: Annotated[float, typer.Option(min=2, help="How long each rate lasts.")] = 20.0,
    *,
    long: Annotated[bool, typer.Option("--long", help="200 pages, a minute for each rate, peers and growth.")] = False,
    extended: Annotated[
        bool, typer.Option("--peers-and-growth", help="Add peers and growth, without more pages.")
    ] = False,
    keep: Annotated[bool, typer.Option(help="Write the picture and the line of the record.")] = True,
) -> None:
    """Measure the whole pipeline against its ceilings."""
    if long:
        pages, seconds = 200, 60.0
    console = Console(width=120)
    found: dict[str, Any] = {**circumstances(), "pages": pages, "seconds": seconds}
    with temporary_home() as home, TerminalProgress(console) as progress:
        stack = LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress)
        with stack:
            measured = asyncio.run(experiment(stack, pages, seconds, console, long=long or extended))
    found |= figures(measured, found["cores"])
    for table in tables(found):
        console.print(table)
    if measured.peers:
        console.print(peers_table([one.backlog for one in measured.rounds], measured.peers))
        console.print(growth_table(measured.growth))
    if keep:
        PICTURE.write_text(draw(found), encoding="utf-8")
        with RECORD.open("a", encoding="utf-8") as record:
            record.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    typer.run(main)
