"""Two revisions by turns on the same servers: `python -m benchmarks.versus OLD`, where OLD is a revision.

Each has an installation of its own with one worker of each stage. By turns, each gets the same pages: all at once,
slowly as a newsroom sends them, and the pages of large issues one by one. The program prints the CPU time a page of our
processes and of the servers, what Elasticsearch counted, and how long it took until the articles were found. Each
figure is the median of the rounds.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import tempfile
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.upgrade import set_up
from benchmarks.whole.corpus import STAGES, Makers, items, page_by_page
from benchmarks.whole.site import PARTITIONS, our_worker, site
from benchmarks.whole.trial import STEPS, Outcome, run, share
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.names import Names
from services.runtime.settings import load_settings
from tests.servers import temporary_home
from tests.workers import ROOT, Worker, running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from benchmarks.whole.corpus import Item
    from benchmarks.whole.site import Site
    from services.runtime.settings import Settings

RATE: Final = 2.4
"""Pages a second of a newsroom that publishes slowly."""
ISSUE_PAGES: Final = 16
WARM_UP_PAGES: Final = 8

Trials = dict[str, dict[str, list[Outcome]]]
"""Name of the trial -> version -> outcome of each round."""


def old_worker(root: Path, settings: Settings, stage: str) -> AbstractContextManager[Worker]:
    """Start a worker of another checkout."""
    return running(settings, f"services.{stage}", root=root)


async def experiment(  # noqa: PLR0913, PLR0917  # where, how much, and what to say
    stack: LocalStack, root: Path, rounds: int, pages: int, only: str, console: Console
) -> Trials:
    """Start both installations on the servers, and let them work by turns."""
    async with AsyncExitStack() as sites:
        found: dict[str, Site] = {}
        for name, start, place in (("old", partial(old_worker, root), root), ("new", our_worker, ROOT)):
            settings = load_settings(
                kafka=stack.kafka, elasticsearch=stack.elasticsearch, prefix=f"{name}.", partitions=PARTITIONS
            )
            set_up(settings, place)
            found[name] = await sites.enter_async_context(site(stack, f"{name}.", start, prepared=True))
        return await by_turns(found, rounds, pages, only, console)


async def by_turns(sites: Mapping[str, Site], rounds: int, pages: int, only: str, console: Console) -> Trials:
    """Give each installation the same work, round by round; only the work whose name has the word `only`."""
    makers, trials = Makers(Names("unused.")), Trials()
    warm = items(WARM_UP_PAGES)
    for one in sites.values():
        await run(one, warm, makers.make(warm).articles)
    first = WARM_UP_PAGES
    for number in range(rounds):
        console.print(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}")
        single, whole = page_by_page(max(1, pages // ISSUE_PAGES), ISSUE_PAGES, first + 2 * pages)
        work: dict[str, tuple[Sequence[Item], dict[str, int], float | None]] = {}
        for name, some, rate in (
            ("at once", items(pages, first), None),
            (f"{RATE} pages a second", items(pages, first + pages), RATE),
        ):
            work[name] = some, makers.make(some).articles, rate
        work[f"issues of {ISSUE_PAGES} pages, page by page"] = single, makers.make(whole).articles, RATE * 2
        first += 3 * pages
        for name, (published, articles, rate) in work.items():
            if only not in name:
                continue
            # The other one begins in every second round.
            for version in sorted(sites, reverse=bool(number % 2)):
                outcome = await run(sites[version], published, articles, rate)
                trials.setdefault(name, {}).setdefault(version, []).append(outcome)
    return trials


def table(trials: Trials) -> Table:
    """Return the medians as a table."""
    found = Table(title="Medians of the rounds; CPU time in ms a page")
    headings = (
        "work",
        "version",
        "our processes",
        "Elasticsearch",
        "Kafka",
        "refreshes",
        "bulks",
        "bytes",
        "found p50, p99",
        "index p50",
    )
    for heading in headings:
        found.add_column(heading)
    for name, versions in trials.items():
        for version, outcomes in versions.items():
            pages = outcomes[0].pages
            cpu = {
                part: statistics.median(sum(one.cpu[each] for each in parts) for one in outcomes) * 1000 / pages
                for part, parts in (("ours", STAGES), ("elasticsearch", ("elasticsearch",)), ("kafka", ("kafka",)))
            }
            counted = {
                part: statistics.median(one.elasticsearch[part] for one in outcomes) / pages
                for part in ("refreshes", "bulks", "bytes")
            }
            waits = (
                statistics.median(share(one.waits[step], part) for one in outcomes)
                for step, part in (("whole", 0.5), ("whole", 0.99), (STEPS[-1], 0.5))
            )
            half, slowest, index = (f"{each:.2f} s" for each in waits)
            found.add_row(
                name,
                version,
                *(f"{each:.1f}" for each in cpu.values()),
                f"{counted['refreshes']:.2f}",
                f"{counted['bulks']:.1f}",
                f"{counted['bytes']:,.0f}",
                f"{half}, {slowest}",
                index,
            )
    return found


def main(
    old: Annotated[str, typer.Argument(help="The revision to compare with.")],
    rounds: Annotated[int, typer.Option(min=1, help="How often each gets each work.")] = 3,
    pages: Annotated[int, typer.Option(min=16, help="Pages of each work.")] = 48,
    only: Annotated[str, typer.Option(help="A word in the names of the work to do.")] = "",
) -> None:
    """Run both revisions by turns."""
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as name, temporary_home() as home, TerminalProgress(console) as progress:
        archive = subprocess.run(["git", "archive", old], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        stack = LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress)
        with stack:
            trials = asyncio.run(experiment(stack, Path(name), rounds, pages, only, console))
    console.print(table(trials))


if __name__ == "__main__":
    typer.run(main)
