"""What workers report on /ready and /metrics while things break; they are asked again and again."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import aiohttp

from services.runtime.names import STAGES

if TYPE_CHECKING:
    from tests.faults.judging.watch import Watch
    from tests.faults.servers.fleet import Fleet, Worker

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 2.0
LAG = re.compile(r"^broadsheet_lag_records\{.*\} ([0-9.e+]+)$", re.MULTILINE)
STORING = ("ingest", "segment", "index")
"""The stages that need both servers for each batch."""

SHOWN_WITHIN_SECONDS = 3.0
MUCH = 15
"""A lag larger than the records that arrive between two looks."""

LEAST_LOOKS = 10
"""At how many looks at a stage that is behind, with a worker that is ready, the lag must be seen at least once.

A worker asks Kafka for the ends of its partitions every 5 seconds, so a single look may come too early.
"""


@dataclass(slots=True)
class Lights:
    """Asks all workers of a fleet; an asynchronous context manager.

    Attributes:
        unseen: what the workers should have reported and did not.
    """

    fleet: Fleet
    watch: Watch
    unseen: list[str] = field(default_factory=list)
    _reasons: list[tuple[float, str, str]] = field(default_factory=list)
    _behind: Counter[str] = field(default_factory=Counter)
    _shown: int = 0
    _looking: asyncio.Task[None] = field(init=False)

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)

    async def away(self, what: str, began: float, server: str, least_seconds: float) -> None:
        """Record that a server was down from `began` until now: a worker of a stage that needs it must have said so.

        If no such stage had anything to do, or the server was down for less than `least_seconds`, no report is needed.
        """
        ended = time.monotonic()
        if ended - began < least_seconds or not any(self.watch.lag.get(stage, 0) for stage in STORING):
            return
        await asyncio.sleep(SHOWN_WITHIN_SECONDS)
        if not any(began <= at and stage in STORING and server in said for at, stage, said in self._reasons):
            self.unseen.append(f"{what} for {ended - began:.1f} s: no worker named {server} on /ready")

    def conclude(self) -> list[str]:
        """Return everything that the workers should have reported and did not."""
        if self._shown or self._behind.total() < LEAST_LOOKS:
            return self.unseen
        looks = ", ".join(f"{stage} at {count} looks" for stage, count in self._behind.items())
        return [*self.unseen, f"stages were behind ({looks}), and no worker showed a lag among its metrics"]

    async def now(self) -> list[str]:
        """Return what each worker says on /ready, and its lag by partition."""
        said = []
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS)) as session:
            for name, worker in self.fleet.workers.items():
                address = f"http://127.0.0.1:{worker.http_port}"
                try:
                    async with session.get(f"{address}/ready") as answer:
                        ready = (await answer.text()).strip()
                    async with session.get(f"{address}/metrics") as answer:
                        lags = [line for line in (await answer.text()).splitlines() if LAG.match(line)]
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    said.append(f"{name} does not answer ({type(error).__name__})")
                else:
                    said.append(f"{name} says {ready!r}, {', '.join(lags)}")
        return said

    async def _look_on(self) -> None:
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                workers = [worker for worker in self.fleet.workers.values() if worker.runs]
                lags: Counter[str] = Counter()
                ready: set[str] = set()
                answers = await asyncio.gather(*(self._ask(session, worker) for worker in workers))
                for worker, found in zip(workers, answers, strict=True):
                    if found is not None:
                        ready.add(worker.stage)
                        lags[worker.stage] += found
                for stage in STAGES:
                    if self.watch.lag.get(stage, 0) > MUCH and stage in ready:
                        self._behind[stage] += 1
                        self._shown += lags[stage] > 0
                await asyncio.sleep(LOOK_SECONDS)

    async def _ask(self, session: aiohttp.ClientSession, worker: Worker) -> int | None:
        """Return the lag among a worker's metrics; None if the worker is not ready or does not answer."""
        address = f"http://127.0.0.1:{worker.http_port}"
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with session.get(f"{address}/ready") as answer:
                if answer.status != 200:
                    self._reasons.append((time.monotonic(), worker.stage, (await answer.text()).strip()))
                    return None
            async with session.get(f"{address}/metrics") as answer:
                return int(sum(map(float, LAG.findall(await answer.text()))))
        return None
