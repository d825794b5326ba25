"""Locks that allow one run at a time in a home directory, and no run while servers of a killed run still live."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO

from services.local.errors import HomeBusy

_REMAINS_DEADLINE = 30.0
_POLL = 0.05


class HomeLock:
    """Two file locks of the operating system, so that a killed process leaves no stale lock.

    The run holds `run.lock`. Its server processes inherit `servers.lock`, so the lock stays held until the last server
    is gone. If a new run finds only `servers.lock` held, it waits for the servers of the killed run to end.
    """

    def __init__(self, home: Path, remains_deadline: float = _REMAINS_DEADLINE) -> None:
        """Take both locks.

        Args:
            home: an existing directory.
            remains_deadline: the seconds to wait for the servers of a killed run to end.

        Raises:
            HomeBusy: another run, or a server that a killed run left behind, uses the home directory.
        """
        self._run = _open(home / "run.lock")
        self._servers = _open(home / "servers.lock")
        if not _try_lock(self._run):
            holder = _holder(self._run)
            self.release()
            raise HomeBusy(home, holder)
        deadline = time.monotonic() + remains_deadline
        while not _try_lock(self._servers):
            if time.monotonic() > deadline:
                holder = _holder(self._run)
                self.release()
                raise HomeBusy(home, holder)
            time.sleep(_POLL)
        self._run.truncate(0)
        self._run.write(str(os.getpid()))
        self._run.flush()

    @property
    def inherited(self) -> int:
        """The file descriptor that server processes inherit."""
        return self._servers.fileno()

    def release(self) -> None:
        """Release both locks; servers that still run keep their lock."""
        self._run.close()
        self._servers.close()


def _open(path: Path) -> IO[str]:
    return path.open("a+", encoding="ascii")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> int:
    file.seek(0)
    text = file.read().strip()
    return int(text) if text.isdecimal() else 0
