"""`broadsheet watch`: publish what is put into a folder, and move it to processed/ or failed/."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from services.cli.folders.journal import Entry, Journal
from services.cli.folders.units import Stillness, unit_at, units_in
from services.cli.publish.inputs import SUFFIXES, IssueOptions, left_out, read_sources
from services.cli.publish.printed_files import is_printed
from services.cli.publish.publish import checked
from services.cli.publish.revisions import next_revisions, numbered
from services.cli.publish.sending import RawSending, raw_sending
from services.cli.shared.console import err, out
from services.cli.shared.stopping import run_until_told
from services.runtime.errors import BroadsheetError, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from services.arrivals.reading import Arrival
    from services.cli.folders.units import Unit
    from services.cli.publish.inputs import Source
    from services.runtime.settings import Settings

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0
MOST_REASONS: Final = 50


@dataclass(frozen=True, slots=True)
class Watching:
    """How a folder is watched.

    Attributes:
        folder: the folder.
        given: what is known of all its pages.
        still_seconds: how long a file must stay unchanged to count as whole.
        look_seconds: how often to look at the folder, whatever the file system says of changes.
        once: end when nothing is left that is whole or on its way to be.
    """

    folder: Path
    given: IssueOptions
    still_seconds: float
    look_seconds: float
    once: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a unit: the sources that can be published, and the reasons why others cannot."""

    sound: list[tuple[Source, Arrival]]
    reasons: list[str]


def watch_folder(settings: Settings, how: Watching) -> int:
    """Publish what is whole in a folder until it is told to stop; return the number of units that failed.

    Raises:
        BroadsheetError: there is no such folder, or another watcher has it.
    """
    if not how.folder.is_dir():
        raise BroadsheetError(f"{how.folder}: no such folder")
    journal = Journal(how.folder)
    try:
        journal.sweep()
        return run_until_told(_watch(settings, how, journal)) or 0
    finally:
        journal.close()


async def _watch(settings: Settings, how: Watching, journal: Journal) -> int:
    stillness = Stillness(how.still_seconds)
    pause, failed = FIRST_PAUSE_SECONDS, 0
    err.print(f"watching {how.folder}", markup=False, soft_wrap=True)
    async with _changes(how) as changed:
        while True:
            try:
                async with raw_sending(settings) as sending:
                    pause = FIRST_PAUSE_SECONDS
                    while True:
                        units = units_in(how.folder)
                        for unit in stillness.whole(units, time.monotonic()):
                            failed += not await _take(sending, how, journal, unit)
                        if how.once and not units_in(how.folder):
                            return failed
                        with contextlib.suppress(TimeoutError):
                            async with asyncio.timeout(min(how.look_seconds, how.still_seconds or how.look_seconds)):
                                await changed.wait()
                        changed.clear()
            except Unavailable as error:
                err.print(f"{error}\nNothing is lost; trying again.", style="yellow", markup=False, soft_wrap=True)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _take(sending: RawSending, how: Watching, journal: Journal, unit: Unit) -> bool:
    """Publish a unit and move it; return whether everything in it was accepted."""
    entry = journal.entry(unit)
    now = entry.time if entry is not None else int(time.time() * 1000)
    read = await asyncio.to_thread(_read, how, unit, sending.settings.names.raw, now)
    if unit_at(unit.path) != unit:
        return True  # it changed while it was read, so it was not whole
    if read.sound:
        if entry is None:
            revisions = await next_revisions(sending.settings, read.sound)
            entry = Entry(unit.name, unit.fingerprint, now, revisions)
            journal.note(entry, unit)
        await sending.send(numbered(read.sound, entry.revisions))
    reason = _reason(read)
    place = journal.done(unit, now, reason)
    issues = ", ".join(sorted({arrival.issue_id for _, arrival in read.sound}))
    if reason:
        said = read.reasons[0]
        told = said if said.startswith(unit.name) else f"{unit.name}: {said}"
        err.print(told, style="red", markup=False, soft_wrap=True)
    else:
        pages = sum(len(arrival.pages) for _, arrival in read.sound)
        told = f"{unit.name}: {issues}, {pages} page{'' if pages == 1 else 's'}"
        out.print(f"{told}, now {place.parent.name}/{place.name}", soft_wrap=True)
    return not reason


def _read(how: Watching, unit: Unit, topic: str, now: int) -> Read:
    """Return what a unit holds, with the reasons for everything in it that cannot be published."""
    if not unit.path.is_dir() and unit.path.suffix.lower() not in SUFFIXES and not is_printed(unit.path):
        return Read([], [f"{unit.name}: not a page; pages end in .txt, .json or .pdf, or are ALTO or hOCR"])
    try:
        sources = read_sources([unit.path], how.given, topic, now)
    except (BroadsheetError, OSError) as error:
        return Read([], [str(error).replace(f"{how.folder}/", "")])
    sound, refused = checked(sources)
    reasons = [f"{source.origin}: {reason}" for source, reason in refused]
    reasons += [f"{path}: left out: {reason}" for path, reason in left_out([unit.path]).items()]
    return Read(sound, [reason.replace(f"{how.folder}/", "") for reason in reasons])


def _reason(read: Read) -> str:
    """Return the text beside a unit that failed; empty if everything in it was accepted."""
    if not read.reasons:
        return ""
    lines = read.reasons[:MOST_REASONS]
    if len(read.reasons) > MOST_REASONS:
        lines.append(f"and {len(read.reasons) - MOST_REASONS} more")
    accepted = [f"{arrival.issue_id} page {page.page}" for _, arrival in read.sound for page in arrival.pages]
    if accepted:
        lines.append(f"published all the same: {', '.join(accepted)}")
    return "\n".join(lines)


@contextlib.asynccontextmanager
async def _changes(how: Watching) -> AsyncIterator[asyncio.Event]:
    """Give an event that is set whenever the file system tells of a change, if it does and watchfiles is installed."""
    changed = asyncio.Event()
    task = asyncio.create_task(_notify(how.folder, changed)) if find_spec("watchfiles") is not None else None
    try:
        yield changed
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _notify(folder: Path, changed: asyncio.Event) -> None:
    from watchfiles import awatch

    try:
        async for _ in awatch(folder, recursive=True, ignore_permission_denied=True):
            changed.set()
    except (OSError, RuntimeError) as error:
        err.print(f"{folder}: no notice of changes ({error}); it is looked at instead", style="yellow", markup=False)
