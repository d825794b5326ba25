"""The workers of an installation: processes that are killed, frozen and added, and restarted after they end.

They run what `python -m services.STAGE` runs. But they are forked from a process that has imported everything and read
the models. So a start costs milliseconds instead of three seconds of a processor; a run starts about fifty workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import forkserver
from typing import TYPE_CHECKING

from services.local.ports import free
from services.runtime.settings import load_settings
from tests.faults.breaking.plan import WORKERS
from tests.kafka import wait_until
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from services.runtime.settings import Settings

RESTART_SECONDS = 0.5
STOP_SECONDS = 20.0
READY_SECONDS = 300.0
READY = "worker ready"
LOOK_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1
FIRST_PORT, PORTS = 10_000, 9_000
"""The ports where workers serve /ready: outside the ports that the system gives to connections."""

CONTEXT = multiprocessing.get_context("forkserver")


def prepare() -> None:
    """Fork new processes from a process that has loaded what workers need; call this before the first start."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    CONTEXT.set_forkserver_preload(["tests.faults.servers.warm", "tests.faults.servers.tethered"])
    # Started here: the kernel ends it with the thread that started it, and this is the main one.
    forkserver.ensure_running()


def end_with_parent() -> None:
    """Have the kernel end this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def work(stage: str, environment: dict[str, str], log: Path) -> None:
    """Run as a worker of a stage, and write its output to a file."""
    end_with_parent()
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    sys.exit(import_module(f"services.{stage}.app").run(load_settings()))


@dataclass(slots=True)
class Worker:
    """A place for a worker: its stage and number, and the process that fills it now."""

    stage: str
    number: int
    environment: dict[str, str]
    log: Path
    http_port: int
    process: ForkServerProcess | None = None
    wanted: bool = True
    due: float = 0.0

    @property
    def runs(self) -> bool:
        """Whether a process fills the place."""
        return self.process is not None and self.process.is_alive()

    @property
    def is_ready(self) -> bool:
        """Whether the worker has ever reported that it is ready."""
        return self.log.exists() and READY in self.log.read_text("utf-8")

    def start(self) -> None:
        """Start a process."""
        self.process = CONTEXT.Process(
            target=work, args=(self.stage, self.environment, self.log), name=f"{self.stage}-{self.number}"
        )
        self.process.start()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, which may have ended."""
        if self.process is not None and self.process.pid is not None and self.process.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)


@dataclass(slots=True)
class Fleet:
    """All workers; they are restarted when they end, as a supervisor does.

    Attributes:
        settings: the settings of the worker at each place.
        logs: the folder of their logs.
        ended: how often workers ended by themselves, by stage and exit code.
    """

    settings: Callable[[str, int], Settings]
    logs: Path
    workers: dict[tuple[str, int], Worker] = field(default_factory=dict)
    ended: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    starts: int = 0
    _stopped: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Start the workers of each stage."""
        for stage, count in WORKERS.items():
            for number in range(count):
                self._add(stage, number)

    async def ready(self) -> None:
        """Return when every worker has reported that it is ready."""
        workers = list(self.workers.values())
        await asyncio.to_thread(
            wait_until, lambda: all(worker.is_ready for worker in workers), "the workers to be ready", READY_SECONDS
        )

    async def tend(self) -> None:
        """Restart workers that have ended, until cancelled."""
        while True:
            for worker in self.workers.values():
                if worker.runs or not worker.wanted or worker.stage in self._stopped:
                    continue
                if worker.process is not None:
                    self._take_note(worker)
                elif time.monotonic() >= worker.due:
                    self._start(worker)
            await asyncio.sleep(LOOK_SECONDS)

    async def kill(self, stage: str, number: int, seconds: float) -> None:
        """End a worker at once; it is restarted after this many seconds."""
        await self._end(self.workers[stage, number], signal.SIGKILL, seconds)

    async def stop_one(self, stage: str, number: int, seconds: float) -> None:
        """Ask a worker to stop; it is restarted this many seconds after it has stopped."""
        await self._end(self.workers[stage, number], signal.SIGTERM, seconds)

    async def freeze(self, stage: str, number: int, seconds: float) -> None:
        """Freeze a worker for this many seconds."""
        worker = self.workers[stage, number]
        worker.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        worker.send(signal.SIGCONT)

    async def add(self, stage: str, seconds: float) -> None:
        """Run an additional worker for this many seconds."""
        place = max(other for of, other in self.workers if of == stage) + 1
        worker = self._add(stage, place)
        await asyncio.sleep(seconds)
        worker.wanted = False
        worker.send(signal.SIGTERM)
        await asyncio.to_thread(_join, worker, STOP_SECONDS)

    @contextlib.asynccontextmanager
    async def without(self, *stages: str) -> AsyncIterator[None]:
        """Run no worker of some stages while the context lasts."""
        self._stopped |= set(stages)
        try:
            workers = [worker for worker in self.workers.values() if worker.stage in stages]
            for worker in workers:
                worker.send(signal.SIGTERM)
                worker.send(signal.SIGCONT)
            await asyncio.gather(*(asyncio.to_thread(_join, worker, STOP_SECONDS) for worker in workers))
            for worker in workers:
                if not worker.runs:
                    worker.process = None
            yield
        finally:
            self._stopped -= set(stages)

    async def stop(self) -> None:
        """Ask all workers to stop, kill those that do not, and return when all have ended."""
        for worker in self.workers.values():
            worker.wanted = False
            worker.send(signal.SIGTERM)
        await asyncio.gather(*(asyncio.to_thread(_join, worker, STOP_SECONDS) for worker in self.workers.values()))

    def _add(self, stage: str, number: int) -> Worker:
        settings = self.settings(stage, number)
        environment = {
            f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
            for name in settings.model_fields_set
            if getattr(settings, name) is not None
        }
        http_port = free(FIRST_PORT + (os.getpid() * 100 + len(self.workers)) % PORTS)
        environment |= {"BROADSHEET_LOG_FORMAT": "ecs", "BROADSHEET_HTTP_PORT": str(http_port)}
        worker = Worker(stage, number, environment, self.logs / f"{stage}-{number}.log", http_port)
        self.workers[stage, number] = worker
        self._start(worker)
        return worker

    def _start(self, worker: Worker) -> None:
        if worker.stage not in self._stopped:
            self.starts += 1
            worker.start()

    def _take_note(self, worker: Worker) -> None:
        assert worker.process is not None
        self.ended[worker.stage, worker.process.exitcode] += 1
        worker.process = None
        worker.due = time.monotonic() + RESTART_SECONDS

    async def _end(self, worker: Worker, how: signal.Signals, seconds: float) -> None:
        worker.send(how)
        if how is signal.SIGTERM:
            worker.send(signal.SIGCONT)
        if not worker.wanted:
            return  # another fault is already ending it, and will restart it
        worker.wanted = False
        await asyncio.to_thread(_join, worker, STOP_SECONDS)
        await asyncio.sleep(seconds)
        worker.process = None
        worker.due = 0.0
        worker.wanted = True


def _join(worker: Worker, seconds: float) -> None:
    process = worker.process
    if process is None:
        return
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
