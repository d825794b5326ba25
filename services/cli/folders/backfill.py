"""`broadsheet backfill`: publish an archive of decades, beside the daily work of the pipeline."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from services.cli.folders.pace import Pace
from services.cli.folders.progress_file import Outcome, ProgressFile, open_progress
from services.cli.publish.inputs import MOST_NAMED, left_out, pages_in, sources_of
from services.cli.publish.publish import checked
from services.cli.publish.revisions import next_revisions, numbered
from services.cli.publish.sending import raw_sending
from services.cli.shared.console import EXIT_FAILED, err, out
from services.cli.shared.stages import look
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from services.cli.publish.inputs import IssueOptions, Source
    from services.cli.publish.sending import RawSending
    from services.runtime.settings import Settings

STATE: Final = ".broadsheet-backfill.jsonl"
AT_ONCE: Final = 20
"""The most files that are sent before the processors are asked again how far behind they are."""
LOOK_SECONDS: Final = 0.5
BLINK_SECONDS: Final = 60.0
"""How long a broker may be away, or a group's coordinator move, before a backfill of days ends."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """What to publish, and how fast.

    Attributes:
        folder: the archive; it is only read, but for the progress file.
        given: what is known of all its pages.
        state: the progress file.
        rate: the most pages per second; 0: any number.
        behind: how many records a stage may be behind while pages are sent.
        report: a file for the report as JSON.
    """

    folder: Path
    given: IssueOptions
    state: Path
    rate: float
    behind: int
    report: Path | None = None


def backfill(settings: Settings, how: Backfill) -> int:
    """Publish what the folder holds and the progress file does not, print the report, and return the exit code.

    Raises:
        BroadsheetError: there is no such folder, or the progress file is of something else.
        Unavailable: Kafka does not answer; starting the backfill again continues it.
    """
    if not how.folder.is_dir():
        raise BroadsheetError(f"{how.folder}: no such folder")
    progress = open_progress(how.state, int(time.time() * 1000))
    began = time.monotonic()
    before = len(progress.outcomes)
    try:
        asyncio.run(_run(settings, how, progress))
    finally:
        progress.close()
        _report(how, progress, before, time.monotonic() - began)
    return EXIT_FAILED if any(one.reasons for one in progress.outcomes.values()) else 0


async def _run(settings: Settings, how: Backfill, progress: ProgressFile) -> None:
    files = [file for file in files_in(how.folder) if file != how.state]
    waiting = [file for file in files if not progress.is_done(*_seen(how, file))]
    pace = Pace(how.rate)
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} files, time left"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    async with raw_sending(settings) as sending, _behind(settings) as behind:
        with shown:
            task = shown.add_task("sending", total=len(files), completed=len(files) - len(waiting))
            start = 0
            while start < len(waiting):
                while (most := await behind()) >= how.behind:
                    shown.update(task, description=f"waiting: the processors are {most:,} records behind")
                    await asyncio.sleep(LOOK_SECONDS)
                shown.update(task, description="sending")
                some = waiting[start : start + min(AT_ONCE, how.behind - most)]
                await _send(sending, how, progress, pace, some)
                shown.advance(task, len(some))
                start += len(some)


async def _send(sending: RawSending, how: Backfill, progress: ProgressFile, pace: Pace, files: Sequence[Path]) -> None:
    """Publish some files and keep what became of them."""
    progress.note([await _sent(sending, how, progress, pace, file) for file in files])


async def _sent(sending: RawSending, how: Backfill, progress: ProgressFile, pace: Pace, file: Path) -> Outcome:
    """Publish a file and return what became of it."""
    name, size, changed = _seen(how, file)
    again = progress.was_done(name)
    now = int(time.time() * 1000) if again else progress.began
    try:
        sources = await asyncio.to_thread(_read, file, how.given, sending.settings.names.raw, now)
    except (BroadsheetError, OSError) as error:
        return Outcome(name, size, changed, 0, (), (str(error),))
    sound, refused = checked(sources)
    unknown = [one for one in sound if again or one[1].issue_id not in progress.revisions]
    revisions = await next_revisions(sending.settings, unknown)
    if not again:
        progress.pin(revisions)
    pages = sum(len(arrival.pages) for _, arrival in sound)
    await asyncio.sleep(pace.wait(pages, time.monotonic()))
    await sending.send(numbered(sound, revisions if again else progress.revisions))
    issues = tuple(sorted({arrival.issue_id for _, arrival in sound}))
    return Outcome(name, size, changed, pages, issues, tuple(f"{one.origin}: {reason}" for one, reason in refused))


def _read(file: Path, given: IssueOptions, topic: str, now: int) -> list[Source]:
    return list(sources_of(file, given, topic, now))


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files with pages, in the order of their names; only one folder directly below is looked at at once."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from sorted(pages_in(path))
    yield from sorted(file for file in pages_in(folder) if file.parent == folder)


def _seen(how: Backfill, file: Path) -> tuple[str, int, int]:
    stat = file.stat()
    return str(file.relative_to(how.folder)), stat.st_size, stat.st_mtime_ns


@contextlib.asynccontextmanager
async def _behind(settings: Settings) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Give a question: how many records is the stage behind that is furthest behind? A stage that never ran is not."""
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings), isolation_level="read_committed")
    await admin.start()
    await consumer.start()

    async def most() -> int:
        return max((one.lag or 0 for one in await look(settings.names, admin, consumer)), default=0)

    try:
        yield lambda: through_a_blink(most, settings)
    finally:
        await consumer.stop()
        await admin.close()


async def through_a_blink(ask: Callable[[], Awaitable[int]], settings: Settings) -> int:
    """Ask Kafka; ask again for `BLINK_SECONDS` if it fails, as it does while a group's coordinator moves.

    Raises:
        Unavailable: Kafka has not answered for so long.
    """
    deadline = time.monotonic() + BLINK_SECONDS
    while True:
        try:
            return await ask()
        except (KafkaError, OSError) as error:
            if time.monotonic() >= deadline:
                raise await unreachable(settings, error) from error
            await asyncio.sleep(LOOK_SECONDS)


def _report(how: Backfill, progress: ProgressFile, before: int, seconds: float) -> None:
    """Print what is done, all runs together, and write it to the report's file."""
    outcomes = progress.outcomes.values()
    refused = [one for one in outcomes if one.reasons]
    others = left_out([how.folder])
    others.pop(how.state, None)
    total = {
        "files": len(outcomes),
        "files_in_this_run": len(outcomes) - before,
        "pages": sum(one.pages for one in outcomes),
        "issues": len({issue for one in outcomes for issue in one.issues}),
        "refused": [asdict(one) for one in refused],
        "left_out": {str(path): reason for path, reason in others.items()},
        "seconds_of_this_run": round(seconds, 1),
    }
    if how.report is not None:
        how.report.write_text(json.dumps(total, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for line in _named(reason for one in refused for reason in one.reasons):
        err.print(line, style="red", markup=False, soft_wrap=True)
    out.print(
        f"{total['pages']:,} pages of {total['issues']:,} issues in {total['files']:,} files are published, "
        f"{len(refused):,} files have refused pages, {len(others):,} files are left out; "
        f"this run: {total['files_in_this_run']:,} files in {seconds:,.0f} s",
        soft_wrap=True,
    )


def _named(reasons: Iterable[str]) -> list[str]:
    listed = list(reasons)
    more = [f"and {len(listed) - MOST_NAMED:,} more; --report writes all of them"] if len(listed) > MOST_NAMED else []
    return listed[:MOST_NAMED] + more
