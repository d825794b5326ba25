"""A killed harness leaves no process behind, neither a server nor a worker."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.breaking.plan import WORKERS
from tests.kafka import wait_until
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent"),
]


def test_a_harness_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    harness = subprocess.Popen(
        [sys.executable, "-m", "tests.faults", "--short", "--logs", tmp_path],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        count = sum(WORKERS.values())
        wait_until(lambda: len(list(tmp_path.glob("seed-1/*.log"))) >= count, "the workers", 200)
        family = set(descendants(harness.pid))
        assert len(family) >= count + 2
    finally:
        harness.send_signal(signal.SIGKILL)
        harness.wait()
    wait_until(lambda: not [one for one in family if runs(one)], "all its processes to end", 60)


def descendants(ancestor: int) -> Iterator[int]:
    """Yield the processes that a process started, directly or indirectly."""
    parents = {int(folder.name): parent(folder) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    found = {ancestor}
    while more := {one for one, its_parent in parents.items() if its_parent in found} - found:
        found |= more
        yield from more


def parent(folder: Path) -> int:
    """Return the parent of a process; 0 when it has just ended."""
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def runs(process: int) -> bool:
    """Tell whether a process runs; a zombie, for which no parent waits, does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
