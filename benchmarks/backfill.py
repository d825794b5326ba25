"""An archive is published beside the daily work: `make bench-backfill PAGES=300 FROM=DIR`.

One worker of each stage runs on a real Kafka and Elasticsearch. `broadsheet backfill` publishes an archive of so many
pages; after a third it is killed (SIGKILL) and started again. Meanwhile the newsroom publishes today's issue several
times, each time another day's; the program measures when all its articles can be found, and compares that with the
idle pipeline. At the end it counts what the index holds. The exit code is 1 if a page or an article is missing.

FROM is a folder of issues that `python -m training.pages` made. If they have fewer pages than wanted, they are used
again under later dates, so that each page is of an issue of its own. Without FROM, pages are invented.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from elasticsearch import AsyncElasticsearch
from rich.console import Console

from benchmarks.archive import Archive, archive_of
from benchmarks.installation import installation
from benchmarks.newsroom import page
from benchmarks.outage import whole_issues
from schemas.raw import RawIssue, RawPage
from services.cli.shared.stages import look
from services.index.names import Names
from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection
from services.runtime.names import STAGES
from tests.kafka import written
from tests.workers import command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator, Awaitable, Callable

    from services.runtime.settings import Settings

TODAYS: Final = "今日晚报"
TODAY: Final = dt.date(2026, 1, 1)
TODAYS_PAGES: Final = 4
IDLE: Final = 3
"""How often today's issue is published before the backfill."""
DURING: Final = 8
"""How often it is published during the backfill, at equal distances."""
FOUND_SECONDS: Final = 0.2
LOOK_SECONDS: Final = 30.0
LONGEST_SECONDS: Final = 900.0
STATE: Final = ".broadsheet-backfill.jsonl"


@dataclass(slots=True)
class Run:
    """The installation under observation.

    Attributes:
        todays: how many of today's issues were published.
        behind: gives how many records each stage is behind.
    """

    settings: Settings
    client: AsyncElasticsearch
    producer: AIOKafkaProducer
    behind: Callable[[], Awaitable[dict[str, int]]]
    console: Console
    todays: int = 0
    began: float = field(default_factory=time.monotonic)

    def say(self, words: str) -> None:
        """Print something with the time."""
        self.console.print(f"{time.monotonic() - self.began:6.0f} s  {words}")

    async def today(self) -> float:
        """Publish today's issue; return the seconds until all its articles can be found."""
        number, self.todays = self.todays, self.todays + 1
        day = TODAY + dt.timedelta(days=number)
        texts = [page(1_000_000 + number * TODAYS_PAGES + place) for place in range(TODAYS_PAGES)]
        pages = tuple(RawPage(page=place, text=text) for place, text in enumerate(texts, 1))
        value = RawIssue(paper=TODAYS, date=day, pages=pages).model_dump_json(exclude_none=True).encode()
        issue_id = f"{TODAYS}/{day}"
        await self.producer.send_and_wait(self.settings.names.raw, value, key=issue_id.encode())
        began = time.monotonic()
        while not await self._found(issue_id):
            if time.monotonic() - began > LONGEST_SECONDS:
                return LONGEST_SECONDS
            await asyncio.sleep(FOUND_SECONDS)
        return time.monotonic() - began

    async def _found(self, issue_id: str) -> bool:
        query = {"term": {"issue_id": issue_id}}
        record = await self.client.search(index=Names(self.settings.prefix, "issues").read, query=query)
        hits = record["hits"]["hits"]
        if not hits:
            return False
        counted = await self.client.count(index=Names(self.settings.prefix, "articles").read, query=query)
        return bool(counted["count"] == hits[0]["_source"]["articles"] > 0)

    async def until_idle(self) -> None:
        """Wait until no stage is behind, and all can be found."""
        deadline, looks = time.monotonic() + LONGEST_SECONDS, 0
        # What one stage finished, the next one may see only a look later.
        while looks < len(STAGES) and time.monotonic() < deadline:
            looks = 0 if any((await self.behind()).values()) else looks + 1
            await asyncio.sleep(0.5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured.

    Attributes:
        idle: seconds until today's issue could be found, before the backfill; `during`: during it.
        sent: seconds from the start of the backfill until it ended; `done`: until the last article was indexed.
    """

    idle: list[float]
    during: list[float]
    sent: float
    done: float


async def observe(run: Run, archive: Archive, behind: int, report: Path) -> Outcome:
    """Publish the archive, kill the command once, and publish today's issue in between."""
    idle = [await run.today() for _ in range(IDLE)]
    run.say(f"idle: today's issue is found after {_seconds(idle)}")
    options = ("backfill", str(archive.folder), "--behind", str(behind), "--report", str(report))
    began = looked = time.monotonic()
    process = command(run.settings, *options)
    was_killed, during = False, list[float]()
    while process.poll() is None:
        done = _files_done(archive)
        if not was_killed and done >= archive.pages / 3:
            was_killed = True
            process.kill()
            process.communicate()
            run.say(f"{done:,} pages are sent; killed and started again")
            process = command(run.settings, *options)
        elif done >= archive.pages * (len(during) + 1) / (DURING + 1):
            during.append(await run.today())
            run.say(f"{done:,} pages are sent; today's issue is found after {during[-1]:.1f} s")
        elif time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            run.say(f"{done:,} pages are sent; behind: {await run.behind()}")
        await asyncio.sleep(1)
    sent = time.monotonic() - began
    run.say(_last_words(process))
    await run.until_idle()
    return Outcome(idle, during, sent, time.monotonic() - began)


def _files_done(archive: Archive) -> int:
    with contextlib.suppress(FileNotFoundError):
        return (archive.folder / STATE).read_bytes().count(b'"file"')
    return 0


def _last_words(process: subprocess.Popen[str]) -> str:
    return " ".join(process.communicate()[0].split())


async def judge(run: Run, archive: Archive, outcome: Outcome, report: dict[str, Any]) -> int:
    """Print the results; return the exit code."""
    issues = Names(run.settings.prefix, "issues").read
    whole = await whole_issues(run.client, run.settings.prefix)
    query = {"bool": {"must_not": {"term": {"paper": TODAYS}}}}
    answer = await run.client.search(index=issues, size=10_000, query=query, source_includes=["page"])
    pages = sum(len(hit["_source"]["page"]) for hit in answer["hits"]["hits"])
    repeats = await asyncio.to_thread(written, run.settings, run.settings.names.raw) - archive.pages - run.todays
    missing = len(archive.issues) + run.todays - whole
    articles = (await run.client.count(index=Names(run.settings.prefix, "articles").read))["count"]
    run.say(
        f"{archive.pages:,} pages of {len(archive.issues):,} issues, sent in {outcome.sent:,.0f} s, indexed after "
        f"{outcome.done:,.0f} s: {archive.pages / outcome.done:.1f} pages a second; {articles:,} articles"
    )
    idle, during = _seconds(outcome.idle), _seconds(outcome.during)
    run.say(f"today's issue is found after {idle} when idle, {during} during the backfill")
    run.say(
        f"sent again after the kill: {repeats:,} pages; the report counts {report['pages']:,} pages, "
        f"{len(report['refused']):,} refused files; the index has {pages:,} pages; issues missing: {missing:,}"
    )
    refused = len(report["refused"])
    return 0 if pages + refused == archive.pages and (missing == 0 or refused) else 1


def _seconds(found: list[float]) -> str:
    if not found:
        return "-"
    return f"{statistics.median(found):.1f} s (median of {len(found)}, at most {max(found):.1f} s)"


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Run]:
    """Connect to the servers."""
    admin = Admin(**connection(settings))
    await admin.start()
    try:
        async with (
            AsyncElasticsearch(settings.elasticsearch_address) as client,
            AIOKafkaProducer(**connection(settings)) as producer,
            AIOKafkaConsumer(**connection(settings), isolation_level="read_committed") as consumer,
        ):

            async def behind() -> dict[str, int]:
                return {one.stage: one.lag or 0 for one in await look(settings.names, admin, consumer)}

            yield Run(settings, client, producer, behind, Console(width=160))
    finally:
        await admin.close()


async def experiment(settings: Settings, archive: Archive, behind: int, file: Path) -> int:
    """Run it, and return the exit code; the command writes its report to the file."""
    async with connected(settings) as run:
        outcome = await observe(run, archive, behind, file)
        report = await asyncio.to_thread(file.read_text, "utf-8")
        return await judge(run, archive, outcome, json.loads(report))


def main(
    pages: Annotated[int, typer.Option(min=20, help="Pages of the archive.")] = 300,
    source: Annotated[Path | None, typer.Option("--from", help="Issues that training.pages made.")] = None,
    behind: Annotated[int, typer.Option(min=1, help="The option of that name of broadsheet backfill.")] = 40,
) -> None:
    """Publish an archive beside the daily work, and see that nothing is lost and that today's issue need not wait."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        archive = archive_of(folder / "archive", pages, source)
        settings = stack.enter_context(installation("backfill"))
        raise typer.Exit(asyncio.run(experiment(settings, archive, behind, folder / "report.json")))


if __name__ == "__main__":
    typer.run(main)
