"""Elasticsearch away under load: `python -m benchmarks.outage --minutes 3`, or `make outage MINUTES=3`.

Two workers of each stage run on embedded servers while a newsroom publishes. Elasticsearch hangs for half of the time
(SIGSTOP: it accepts connections and answers nothing) and refuses connections for the other half. The program prints
each worker's memory at intervals, and at the end the time until the backlog was done, how often each group was
rebalanced, and what the index lacks. The exit code is 1 if anything is missing, if a group was rebalanced, if a worker
ended, or if a worker's memory grew beyond the bound while Elasticsearch was away.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from elasticsearch import AsyncElasticsearch
from rich.console import Console
from rich.table import Table

from benchmarks.newsroom import Newsroom, day
from services.cli.operate.setup import create_everything
from services.cli.shared.stages import stage_status
from services.index.names import Names
from services.local.ports import free
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.proxy import Proxy
from tests.servers import temporary_home
from tests.workers import Worker, get, running

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from services.runtime.settings import Settings

WORKERS = 2
PARTITIONS = 8
LOOK_SECONDS = 20.0
WARM_UP_SECONDS = 40.0
"""Load before the outage, until models are read, caches are full, and each worker's memory is stable."""

LONGEST_SECONDS = 900.0
"""How long to wait for the workers' start and for the recovery."""

GROWTH_BOUND_MB = 40
"""How much a worker may grow while it waits: the consumer fetches up to 4 MB of each partition ahead."""

MOST_ISSUES = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """One worker under observation: its name such as segment 2, its process and log, and its health server's port."""

    name: str
    worker: Worker
    port: int

    def memory(self) -> int:
        """Return the resident memory in MB."""
        ps = ("ps", "-o", "rss=", "-p", str(self.worker.process.pid))
        return int(subprocess.run(ps, capture_output=True, check=True).stdout) // 1024

    def ready(self) -> bool:
        """Tell whether it says that it does its work."""
        return get(self.port, "/ready")[0] == 200

    def rebalances(self) -> int:
        """Return how often the group has assigned partitions to it again."""
        return self.worker.log.read_text("utf-8").count("partitions assigned")


class Watch:
    """Prints a line about all workers at intervals, and records their memory."""

    def __init__(self, settings: Settings, members: list[Member], newsroom: Newsroom, console: Console) -> None:
        self.settings = settings
        self.members = members
        self.newsroom = newsroom
        self._console = console
        self._began = time.monotonic()
        console.print(f"{'s':>5}  {'Elasticsearch':<13} {'published':>9} {'behind':>7} {'ready':>5}  MB of memory")
        console.print(f"{'':>45} " + "".join(f"{member.name:>10}" for member in members))

    async def look(self, phase: str) -> list[int]:
        """Print the present state; return the memory of each worker in MB."""
        behind = await self.behind()
        ready = sum(member.worker.runs() and member.ready() for member in self.members)
        memory = [member.memory() for member in self.members]
        self._console.print(
            f"{time.monotonic() - self._began:5.0f}  {phase:<13} {self.newsroom.published:>9,} {behind:>7,} {ready:>3}/"
            f"{len(self.members)}  " + "".join(f"{megabytes:>10,}" for megabytes in memory)
        )
        return memory

    async def during(
        self, phase: str, seconds: float, done: Callable[[], Awaitable[bool]] | None = None
    ) -> list[list[int]]:
        """Look at intervals, for that long or until it is done; return what was seen."""
        began = looked = time.monotonic()
        seen = []
        while time.monotonic() - began < seconds and not (done and await done()):
            await asyncio.sleep(1)
            if time.monotonic() - looked >= LOOK_SECONDS:
                looked = time.monotonic()
                seen.append(await self.look(phase))
        return seen

    async def all_ready(self) -> bool:
        """Tell whether every worker does its work."""
        return all(member.worker.runs() and member.ready() for member in self.members)

    async def nothing_left(self) -> bool:
        """Tell whether no stage is behind."""
        return not await self.behind()

    async def behind(self) -> int:
        """Return how many records the stages together have yet to take."""
        return sum(one.lag or 0 for one in await stage_status(self.settings))


@contextlib.contextmanager
def members(settings: Settings) -> Iterator[list[Member]]:
    """Run all workers."""
    with contextlib.ExitStack() as stack:
        found = []
        for stage in STAGES:
            for number in range(1, WORKERS + 1):
                port = free(0)
                worker = stack.enter_context(
                    running(settings.model_copy(update={"http_port": port}), f"services.{stage}")
                )
                found.append(Member(f"{stage} {number}", worker, port))
        yield found


def elasticsearch_process(stack: LocalStack) -> int:
    """Return the process group of the embedded Elasticsearch."""
    for process_id in stack.process_ids:
        ps = ("ps", "-o", "args=", "-p", str(process_id))
        if b"org.elasticsearch" in subprocess.run(ps, capture_output=True, check=True).stdout:
            return process_id
    raise RuntimeError("no process of Elasticsearch")


@dataclass(slots=True)
class Outage:
    """Takes Elasticsearch away from the workers, who reach it through `proxy`, and gives it back."""

    process_group: int
    proxy: Proxy

    def hang(self) -> None:
        """Let it accept connections and answer nothing."""
        os.killpg(self.process_group, signal.SIGSTOP)

    def refuse(self) -> None:
        """End connections and refuse new ones."""
        self.proxy.close()
        os.killpg(self.process_group, signal.SIGCONT)

    def end(self) -> None:
        """Let it answer again."""
        self.proxy.open()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results of the run.

    Attributes:
        before: MB of each worker before the outage; `during`: at most while it lasted; `after`: at the end.
        rebalances: of each worker, since the outage began.
        recovery_seconds: from its end until everything published by then was indexed, under continuing load.
        published: all issues; `missing`: those that the index lacks or has only in part.
    """

    before: list[int]
    during: list[int]
    after: list[int]
    rebalances: list[int]
    recovery_seconds: float
    published: int
    missing: int


async def observe(watch: Watch, client: AsyncElasticsearch, outage: Outage, seconds: float) -> Outcome:
    """Publish, take Elasticsearch away for that long, give it back, and wait until all is done."""
    found, newsroom = watch.members, watch.newsroom
    issues = Names(watch.settings.prefix, "issues").read
    await watch.during("starting", LONGEST_SECONDS, watch.all_ready)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(newsroom.publish())
        await watch.during("there", WARM_UP_SECONDS)
        before = await watch.look("there")
        joined = [member.rebalances() for member in found]
        outage.hang()
        seen = await watch.during("hangs", seconds / 2)
        outage.refuse()
        seen += await watch.during("refuses", seconds / 2)
        seen.append(await watch.look("refuses"))
        outage.end()
        back, due = time.monotonic(), newsroom.published

        async def caught_up() -> bool:
            query = {"range": {"date": {"lt": day(due).isoformat()}}}
            return int((await client.count(index=issues, query=query))["count"]) >= due

        await watch.during("back", LONGEST_SECONDS, caught_up)
        recovery = time.monotonic() - back
        newsroom.close()
    await watch.during("there", LONGEST_SECONDS, watch.nothing_left)
    return Outcome(
        before,
        [max(column) for column in zip(*seen, strict=True)],
        await watch.look("there"),
        [member.rebalances() - times for member, times in zip(found, joined, strict=True)],
        recovery,
        newsroom.published,
        newsroom.published - await whole_issues(client, watch.settings.prefix),
    )


async def whole_issues(client: AsyncElasticsearch, prefix: str) -> int:
    """Return how many issues the index holds with as many articles as their records count."""
    articles, issues = Names(prefix, "articles").read, Names(prefix, "issues").read
    await client.indices.refresh(index=[articles, issues])
    by_issue = {"issue": {"terms": {"field": "issue_id", "size": MOST_ISSUES}}}
    answer = await client.search(index=articles, size=0, aggs=by_issue)
    counted = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["issue"]["buckets"]}
    answer = await client.search(index=issues, size=MOST_ISSUES)
    records = [hit["_source"] for hit in answer["hits"]["hits"]]
    return sum(counted.get(one["issue_id"], 0) == one["articles"] > 0 for one in records)


def report(found: list[Member], outcome: Outcome, console: Console) -> int:
    """Print the results; return the exit code."""
    table = Table(title="MB of memory, and how often the group was rebalanced")
    for heading in ("", "before", "at most while away", "growth", "at the end", "rebalances"):
        table.add_column(heading, justify="right" if heading else "left")
    columns = (outcome.before, outcome.during, outcome.after, outcome.rebalances)
    grown = [during - before for before, during in zip(outcome.before, outcome.during, strict=True)]
    for member, growth, *cells in zip(found, grown, *columns, strict=True):
        before, during, after, rebalances = map(str, cells)
        table.add_row(member.name, before, during, f"{growth:+d}", after, rebalances)
    console.print(table)
    good = max(grown) <= GROWTH_BOUND_MB and not outcome.missing and not any(outcome.rebalances)
    console.print(
        f"{outcome.published:,} issues published, {outcome.missing:,} missing or in part; "
        f"the backlog was worked off {outcome.recovery_seconds:.0f} s after Elasticsearch was back: "
        + ("[green]within bounds[/green]" if good else "[red]out of bounds[/red]")
    )
    return 0 if good else 1


async def experiment(stack: LocalStack, seconds: float, pages_a_second: float, console: Console) -> int:
    """Set everything up, observe it, and return the exit code."""
    address = urlsplit(stack.elasticsearch)
    with Proxy(str(address.hostname), address.port or 0) as proxy:
        proxy.open()
        direct = load_settings(
            kafka=stack.kafka, elasticsearch=stack.elasticsearch, prefix="outage.", partitions=PARTITIONS
        )
        await create_everything(direct)
        proxied = direct.model_copy(update={"elasticsearch": f"http://127.0.0.1:{proxy.port}"})
        outage = Outage(elasticsearch_process(stack), proxy)
        with members(proxied) as found:
            async with AsyncElasticsearch(direct.elasticsearch_address) as client:
                watch = Watch(direct, found, Newsroom(direct, pages_a_second), console)
                outcome = await observe(watch, client, outage, seconds)
            return report(found, outcome, console)


def main(
    minutes: Annotated[float, typer.Option(min=0.5, max=60, help="How long Elasticsearch is away.")] = 3.0,
    rate: Annotated[float, typer.Option(min=0.1, max=100, help="Pages published a second.")] = 2.0,
) -> None:
    """Take Elasticsearch away under load, and see that nothing grows, moves or is lost."""
    console = Console(width=160)
    with temporary_home() as home, TerminalProgress(console) as progress:
        stack = LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress)
        with stack:
            raise typer.Exit(asyncio.run(experiment(stack, minutes * 60, rate, console)))


if __name__ == "__main__":
    typer.run(main)
