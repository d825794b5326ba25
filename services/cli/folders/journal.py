"""The journal of a watched folder: what is about to be sent, noted before it is sent.

An entry pins the time, and the revisions taken from it, with which a unit is sent. If the watcher is killed between
sending a unit and moving it, it sends the same records again, and the pipeline takes them for what they are: the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from services.cli.folders.units import FAILED, PROCESSED
from services.cli.publish.inputs import PLACES
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from services.cli.folders.units import Unit

HOME: Final = ".broadsheet-watch"
REASON: Final = ".reason.txt"


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that is about to be sent: its content, the time in ms, and the revision of each issue that needs one."""

    name: str
    fingerprint: str
    time: int
    revisions: Mapping[str, int] = field(default_factory=dict)


class Journal:
    """The journal in a watched folder; only one watcher may hold it.

    Raises:
        BroadsheetError: another watcher holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder / HOME
        self._home.mkdir(exist_ok=True)
        self._lock: IO[str] = (self._home / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise BroadsheetError(f"{folder}: another `broadsheet watch` watches this folder; stop it first") from None

    def close(self) -> None:
        """Let another watcher have the folder."""
        self._lock.close()

    def entry(self, unit: Unit) -> Entry | None:
        """Return the entry for exactly this content of the unit; None if there is none."""
        try:
            known: dict[str, Any] = json.loads(self._place(unit).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        entry = Entry(**known)
        return entry if entry.fingerprint == unit.fingerprint else None

    def note(self, entry: Entry, unit: Unit) -> None:
        """Write an entry so that it is there after a crash, before anything is sent."""
        place = self._place(unit)
        beside = place.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(entry), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)

    def done(self, unit: Unit, time: int, reason: str = "") -> Path:
        """Move a unit to processed/, or to failed/ with the reason beside it, and return where it is now."""
        target = self._folder / (FAILED if reason else PROCESSED)
        target.mkdir(exist_ok=True)
        place = target / unit.name
        if place.exists():
            place = target / f"{unit.path.stem}.{time}{unit.path.suffix}"
        if reason:
            place.with_name(place.name + REASON).write_text(reason + "\n", encoding="utf-8")
        unit.path.rename(place)
        beside = unit.path.with_suffix(PLACES)
        if beside.is_file():
            beside.rename(target / beside.name)
        self._place(unit).unlink(missing_ok=True)
        return place

    def sweep(self) -> None:
        """Finish the moves that a killed watcher did not finish."""
        for file in sorted(self._home.glob("*.json")):
            try:
                name = Entry(**json.loads(file.read_text(encoding="utf-8"))).name
            except (ValueError, TypeError):
                continue
            path = self._folder / name
            if path.exists():
                continue
            beside = path.with_suffix(PLACES)
            if beside.is_file():
                (self._folder / PROCESSED).mkdir(exist_ok=True)
                beside.rename(self._folder / PROCESSED / beside.name)
            file.unlink()

    def _place(self, unit: Unit) -> Path:
        name = hashlib.sha256(unit.name.encode("utf-8", "surrogateescape")).hexdigest()[:24]
        return self._home / f"{name}.json"
