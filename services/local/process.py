"""A server as a child process that never outlives its parent."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from services.local.errors import NotSupported, ServerDied, StartCancelled

_POLL = 0.05
_TAIL_LINES = 10
_TAIL_BYTES = 8192
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a server.

    Attributes:
        server: its name, for people.
        arguments: the program and its arguments.
        directory: its working directory.
        environment: its complete environment.
        log: the file for all its output; the log of the previous run is kept as NAME.1.
        user: the user and group id to run as; None means our own.
    """

    server: str
    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]
    log: Path
    user: int | None = None


class Spawner:
    """Starts server processes from one thread that lives until `close`.

    Linux sends a child its parent-death signal when the *thread* that started it ends. This thread starts every server,
    so even a short-lived thread may ask for one.
    """

    def __init__(self, inherited: int) -> None:
        """Prepare to start servers that inherit the file descriptor `inherited`."""
        self._thread = ThreadPoolExecutor(1, "spawner")
        self._inherited = inherited

    def start(self, command: Command) -> "Server":
        """Start a server.

        Raises:
            NotSupported: we are not allowed to switch to the user that the server must run as.
        """
        return self._thread.submit(Server, command, self._inherited).result()

    def close(self) -> None:
        """End the thread; a server that still runs gets SIGTERM."""
        self._thread.shutdown()


class Server:
    """A running server process, in a session of its own so that Ctrl-C in the terminal reaches only us."""

    def __init__(self, command: Command, inherited: int) -> None:
        self.command = command
        self.started = time.monotonic()
        parent = os.getpid()

        def tie_to_parent() -> None:
            if _LIBC is not None:
                _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        _keep_previous(command.log)
        with command.log.open("wb") as log:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - the command is made by this package alone
                    command.arguments,
                    cwd=command.directory,
                    env=dict(command.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(inherited,),
                    # It makes only system calls, with code already loaded. So it is safe between fork and exec, even
                    # with threads.
                    preexec_fn=tie_to_parent,  # noqa: PLW1509
                    user=command.user,
                    group=command.user,
                    extra_groups=None if command.user is None else [],
                )
            except OSError as error:
                if command.user is None:
                    raise
                raise NotSupported(
                    f"{command.server} refuses to run as root, and root may not become another user here "
                    f"({error.strerror}): run it as an ordinary user."
                ) from error

    @property
    def process_id(self) -> int:
        """The process id, which is also the id of its session and of its process group."""
        return int(self._process.pid)

    @property
    def alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    @property
    def ending(self) -> str:
        """How the server ended: the signal's name or the exit code; empty while it runs."""
        code = self._process.poll()
        if code is None:
            return ""
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def check(self) -> None:
        """Do nothing if the server runs.

        Raises:
            ServerDied: the server ended by itself.
        """
        if not self.alive:
            raise ServerDied(self.command.server, f"ended with {self.ending}", self.command.log, tail(self.command.log))

    def wait_ready(self, probe: Callable[[], bool], seconds: float, cancel: threading.Event) -> float:
        """Wait until the probe succeeds, and return the seconds since the start.

        Raises:
            ServerDied: the server ended, or the probe failed for that many seconds.
            StartCancelled: `cancel` was set.
        """
        while not probe():
            self.check()
            if cancel.wait(_POLL):
                raise StartCancelled
            if time.monotonic() - self.started > seconds:
                what = f"did not answer within {seconds:.0f} s"
                raise ServerDied(self.command.server, what, self.command.log, tail(self.command.log))
        return time.monotonic() - self.started

    def terminate(self) -> None:
        """Ask the server to stop."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait_gone(self, seconds: float) -> None:
        """Wait for the end of the server; after that many seconds, kill it and every process it started."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def tail(log: Path, lines: int = _TAIL_LINES) -> tuple[str, ...]:
    """Return the last lines of a log that are not blank, without frames of Java stack traces."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        text = file.read().decode("utf-8", "replace")
    kept = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("\tat ")]
    return tuple(kept[-lines:])


def responds(host: str, port: int, path: str) -> bool:
    """Return whether the server answers an HTTP GET, sent without any proxy, with status 200."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _keep_previous(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
