"""CPU time and memory of other processes, as Linux counts them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TICKS: Final = os.sysconf("SC_CLK_TCK")
USER, SYSTEM, GROUP = 11, 12, 2
"""Fields of /proc/PID/stat, counted from the one after the command's name: proc(5)."""


@dataclass(frozen=True, slots=True)
class Use:
    """What processes have used so far: seconds of CPU time, and megabytes of memory now."""

    seconds: float
    megabytes: float


def use_of(processes: Iterable[int]) -> Use:
    """Return what the processes use together; one that has ended counts as nothing."""
    seconds = megabytes = 0.0
    for process in processes:
        fields = _fields(process)
        if fields:
            seconds += (int(fields[USER]) + int(fields[SYSTEM])) / TICKS
            megabytes += _resident(process)
    return Use(seconds, megabytes)


def spent(before: Mapping[str, Use], after: Mapping[str, Use]) -> dict[str, float]:
    """Return name -> seconds of CPU time between two looks."""
    return {name: after[name].seconds - use.seconds for name, use in before.items()}


def group_of(leader: int) -> list[int]:
    """Return the processes of a process group."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            fields = _fields(int(path.name))
            if fields and int(fields[GROUP]) == leader:
                found.append(int(path.name))
    return found


def command_of(process: int) -> str:
    """Return the command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _fields(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _resident(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0.0)
