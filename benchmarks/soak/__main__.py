"""A long run under load with rebalances: `python -m benchmarks.soak --seconds 1800`.

One worker of each stage runs on embedded servers. First the program measures how many pages a second they take from a
backlog. Then pages are published at 70 % of that. Every minute a second worker of a stage joins or leaves, so the
stage's group is rebalanced. Every five seconds the program looks at the memory and the backlog of each stage, and at
how long the pages that were found since the last look took from publishing to searchable.

It draws a picture (docs/pictures/soak.svg) and appends a line to docs/measurements/soak.jsonl. The exit code is 1 if a
page is missing at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from itertools import cycle
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from aiokafka import AIOKafkaConsumer
from rich.console import Console

from benchmarks.outage import whole_issues
from benchmarks.soak.picture import draw
from benchmarks.whole.__main__ import circumstances
from benchmarks.whole.corpus import STAGES, Makers, items
from benchmarks.whole.processes import use_of
from benchmarks.whole.site import our_worker, ready, site
from benchmarks.whole.trial import run, share
from services.cli.shared.stages import look
from services.index.names import Names as IndexNames
from services.local.ports import free
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection
from services.runtime.names import Names
from tests.servers import temporary_home
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.whole.corpus import Item
    from benchmarks.whole.site import Site
    from tests.workers import Worker

PICTURE: Final = ROOT / "docs" / "pictures" / "soak.svg"
RECORD: Final = ROOT / "docs" / "measurements" / "soak.jsonl"
WARM_UP_PAGES: Final = 20
BACKLOG_PAGES: Final = 40
FULL: Final = 0.7
LOOK_SECONDS: Final = 5.0
SEARCH_SECONDS: Final = 0.2
REBALANCE_SECONDS: Final = 60.0
LONGEST_SECONDS: Final = 600.0
JOINING: Final = ("segment", "ingest", "tag", "index")


class Soak:
    """A run on an installation.

    Attributes:
        samples: one for each look: second, memory in MB by stage, backlog by stage, p50 and greatest latency in s.
        rebalances: second, and what joined or left then.
    """

    def __init__(self, site: Site, console: Console) -> None:
        self.samples: list[dict[str, Any]] = []
        self.rebalances: list[tuple[float, str]] = []
        self._site = site
        self._console = console
        self._began = time.monotonic()
        self._published: dict[str, float] = {}
        self._all_sent = False
        self._all_found = asyncio.Event()
        self._seconds: list[float] = []
        self._extra: dict[str, Worker] = {}

    @property
    def second(self) -> float:
        """The seconds since the beginning."""
        return round(time.monotonic() - self._began, 1)

    async def publish(self, pages: Sequence[Item], rate: float) -> None:
        """Publish at a rate, in pages a second, and wait until a search has found every page."""
        for number, page in enumerate(pages):
            await asyncio.sleep(max(0.0, number / rate - self.second))
            self._published[page.issue_id] = time.monotonic()
            await self._site.producer.send(self._site.settings.names.raw, page.value, key=page.issue_id.encode())
        await self._site.producer.flush()
        self._all_sent = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._all_found.wait(), LONGEST_SECONDS)

    async def search(self) -> None:
        """Look for what was published, until cancelled."""
        alias = IndexNames(self._site.settings.prefix, "articles").read
        while True:
            await asyncio.sleep(SEARCH_SECONDS)
            if not self._published:
                if self._all_sent:
                    self._all_found.set()
                continue
            awaited = list(self._published)
            by_issue = {"issue": {"terms": {"field": "issue_id", "size": len(awaited)}}}
            query = {"terms": {"issue_id": awaited}}
            answer = await self._site.client.search(index=alias, size=0, query=query, aggs=by_issue)
            now = time.monotonic()
            for bucket in answer["aggregations"]["issue"]["buckets"]:
                self._seconds.append(now - self._published.pop(bucket["key"]))

    async def watch(self) -> None:
        """Take a sample every five seconds, until cancelled."""
        settings = self._site.settings
        admin = Admin(**connection(settings))
        await admin.start()
        try:
            async with AIOKafkaConsumer(**connection(settings), isolation_level="read_committed") as consumer:
                while True:
                    await asyncio.sleep(LOOK_SECONDS)
                    self._sample({one.stage: one.lag or 0 for one in await look(settings.names, admin, consumer)})
        finally:
            await admin.close()

    def _sample(self, behind: dict[str, int]) -> None:
        took, self._seconds = sorted(self._seconds), []
        memory = {stage: round(use_of(self._site.processes[stage]).megabytes) for stage in STAGES}
        extra = {stage: round(use_of([worker.process.pid]).megabytes) for stage, worker in self._extra.items()}
        waits = {"p50": round(share(took, 0.5), 2), "most": round(took[-1], 2)} if took else {}
        self.samples.append({"second": self.second, "mb": memory, "extra": extra, "behind": behind, **waits})

    async def rebalance(self) -> None:
        """Let a second worker join, and leave a minute later, stage by stage, until cancelled."""
        for stage in cycle(JOINING):
            await asyncio.sleep(REBALANCE_SECONDS)
            port = free(0)
            settings = self._site.settings.model_copy(update={"http_port": port})
            with our_worker(settings, stage) as worker:
                # A process that still loads its modules would end of a signal without leaving its group.
                await ready({stage: (worker, port)})
                self._extra[stage] = worker
                self._tell(f"+{stage}")
                await asyncio.sleep(REBALANCE_SECONDS)
                worker.process.send_signal(signal.SIGTERM)
                code = await asyncio.to_thread(worker.process.wait, REBALANCE_SECONDS)
                assert code == 0, f"the second worker of {stage} ended with {code}"
                del self._extra[stage]
                self._tell(f"-{stage}")

    def _tell(self, words: str) -> None:
        self.rebalances.append((self.second, words))
        last = self.samples[-1] if self.samples else {}
        self._console.print(f"{self.second:6.0f} s  {words:<9} {last}")


async def soak(here: Site, seconds: float, console: Console) -> dict[str, Any]:
    """Run it; return what was found."""
    makers = Makers(Names("unused."))
    warm, some = items(WARM_UP_PAGES), items(BACKLOG_PAGES, WARM_UP_PAGES)
    await run(here, warm, makers.make(warm).articles)
    backlog = await run(here, some, makers.make(some).articles)
    most = backlog.pages / backlog.seconds
    rate = most * FULL
    before = WARM_UP_PAGES + BACKLOG_PAGES
    pages = items(int(rate * seconds), before)
    console.print(f"{most:.1f} pages a second from a backlog; {len(pages)} pages at {rate:.1f} a second")
    held = Soak(here, console)
    others = [asyncio.create_task(one) for one in (held.search(), held.watch(), held.rebalance())]
    publishing = asyncio.create_task(held.publish(pages, rate))
    try:
        # A task that fails ends the run.
        await asyncio.wait([publishing, *others], return_when=asyncio.FIRST_COMPLETED)
        await publishing if publishing.done() else await next(one for one in others if one.done())
    finally:
        for one in (publishing, *others):
            one.cancel()
        await asyncio.gather(publishing, *others, return_exceptions=True)
    whole = await whole_issues(here.client, here.settings.prefix) - before
    return {
        "seconds": held.second,
        "most": round(most, 2),
        "rate": round(rate, 2),
        "pages": len(pages),
        "found": whole,
        "rebalances": held.rebalances,
        "samples": held.samples,
    }


def told(found: dict[str, Any]) -> str:
    """Return the memory, the backlog and the latency of the first and the last third of a run."""
    samples = found["samples"]
    third = max(1, len(samples) // 3)
    lines = []
    for name, some in (("first third", samples[:third]), ("last third", samples[-third:])):
        memory = {stage: max(one["mb"][stage] for one in some) for stage in STAGES}
        behind = max(sum(one["behind"].values()) for one in some)
        waits = sorted(one["p50"] for one in some if "p50" in one)
        most = max((one["most"] for one in some if "most" in one), default=0.0)
        lines.append(
            f"{name}: most MB {memory}, most behind {behind}, p50 {share(waits, 0.5):.1f} s, most {most:.1f} s"
        )
    return "\n".join(lines)


def main(
    seconds: Annotated[float, typer.Option(min=30, help="How long pages are published.")] = 1800.0,
    *,
    keep: Annotated[bool, typer.Option(help="Write the picture and the line of the record.")] = True,
) -> None:
    """Publish for a long time while workers come and go."""
    console = Console(width=160)
    with temporary_home() as home, TerminalProgress(console) as progress:
        stack = LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress)
        with stack:
            found = asyncio.run(_experiment(stack, seconds, console))
    console.print(told(found))
    console.print(f"{found['pages']} pages published, {found['found']} issues whole, {found['seconds']:.0f} s")
    if keep:
        PICTURE.write_text(draw(found), encoding="utf-8")
        with RECORD.open("a", encoding="utf-8") as record:
            record.write(json.dumps(found) + "\n")
    raise typer.Exit(found["found"] != found["pages"])


async def _experiment(stack: LocalStack, seconds: float, console: Console) -> dict[str, Any]:
    async with site(stack, "soak.") as here:
        return {**circumstances(), **await soak(here, seconds, console)}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        typer.run(main)
