"""What lies in a watched folder, and when it is whole.

A unit is published and moved as one: a file directly in the folder, with the file that says where its lines are
printed, or a folder with everything in it. An upload is whole when its files have not changed for a while and, on a
file system of this machine, no program has them open for writing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from services.cli.publish.inputs import PLACES, SIDE_CARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PROCESSED: Final = "processed"
FAILED: Final = "failed"
OURS: Final = (PROCESSED, FAILED)
UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
"""How names end while a program is still writing the file."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to publish.

    Attributes:
        path: the file or folder, directly in the watched folder.
        files: its files, each with its size in bytes and the time of its last change in ns.
    """

    path: Path
    files: tuple[tuple[Path, int, int], ...]

    @property
    def name(self) -> str:
        """Its name in the watched folder."""
        return self.path.name

    @property
    def fingerprint(self) -> str:
        """Tells this content from any other content under the same name."""
        beside = self.path.parent
        listed = [f"{path.relative_to(beside)}\0{size}\0{changed}" for path, size, changed in self.files]
        return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogateescape")).hexdigest()


def units_in(folder: Path) -> list[Unit]:
    """Return the units in a folder, in the order of their names.

    It leaves out hidden files, side-cars, files that a program is still writing, and the folders for what is done.
    """
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in (*OURS, *SIDE_CARS) or _is_unfinished(path):
            continue
        if path.name.lower().endswith(PLACES) and not path.is_dir():
            continue
        unit = unit_at(path)
        if unit is not None:
            found.append(unit)
    return found


def unit_at(path: Path) -> Unit | None:
    """Return the unit at a path as it is now; None if it has gone."""
    try:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.is_file())
        else:
            places = path.with_suffix(PLACES)
            files = [path, *([places] if places.is_file() else [])]
        return Unit(path, tuple((one, one.stat().st_size, one.stat().st_mtime_ns) for one in files))
    except FileNotFoundError:
        return None


@dataclass(slots=True)
class Stillness:
    """Remembers since when each unit has not changed.

    Args:
        seconds: how long a unit must stay unchanged to count as whole.
    """

    seconds: float
    _seen: dict[Path, tuple[str, float]] = field(default_factory=dict)

    def whole(self, units: Iterable[Unit], now: float) -> Iterator[Unit]:
        """Yield the units that are whole at `now`, in seconds of a steady clock."""
        present: dict[Path, tuple[str, float]] = {}
        for unit in units:
            known = self._seen.get(unit.path)
            since = known[1] if known is not None and known[0] == unit.fingerprint else now
            present[unit.path] = unit.fingerprint, since
            if now - since >= self.seconds and unit.files and not _is_being_written(unit):
                yield unit
        self._seen = present


def _is_unfinished(path: Path) -> bool:
    return path.name.lower().endswith(UNFINISHED)


def _is_being_written(unit: Unit) -> bool:
    """Return whether a file of the unit is unfinished by its name, or a program has it open for writing."""
    return any(_is_unfinished(path) or _is_open_for_writing(path) for path, _, _ in unit.files)


def _is_open_for_writing(path: Path) -> bool:
    """Return whether the kernel knows of a writer: it grants a read lease only if there is none (fcntl(2)).

    Network file systems and other users' files give no lease; there, only the time without a change counts.
    """
    lease = getattr(fcntl, "F_SETLEASE", None)
    if lease is None:
        return False
    try:
        opened = os.open(path, os.O_RDONLY)
    except OSError:
        return True  # it has gone, or cannot be read yet
    try:
        fcntl.fcntl(opened, lease, fcntl.F_RDLCK)
        fcntl.fcntl(opened, lease, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(opened)
    return False
