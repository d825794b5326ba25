"""The steps of a delivery, given by its requests to the servers: a worker can be hit at each step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

Moment = Literal["before", "after"]
"""Before the server receives a request, or after the server has done it and before the worker knows."""

Place = tuple[str, int]
"""A place for a worker: its stage and number."""

DELIVERED = ("OffsetCommit", "AddOffsetsToTxn", "TxnOffsetCommit", "EndTxn")
EMITTED = ("AddPartitionsToTxn", "Produce", *DELIVERED)
REQUESTS: dict[str, tuple[str, ...]] = {
    "ingest": ("read states", "bulk", *EMITTED),
    "segment": ("read states", "bulk", *EMITTED),
    "tag": EMITTED,
    "index": ("bulk", *DELIVERED),
}
"""The requests that each stage sends to Elasticsearch and Kafka with a batch; the index stage emits nothing."""

ARMED_SECONDS = 15.0
"""How long a trap waits for its step, because a stage may have nothing to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage's request, and whether to hit before or after it."""

    stage: str
    request: str
    moment: Moment

    def __str__(self) -> str:
        return f"{self.stage} {self.moment} {self.request}"


EVERY: tuple[Step, ...] = tuple(
    Step(stage, request, moment)
    for stage, requests in REQUESTS.items()
    for request in requests
    for moment in ("before", "after")
)

Strike = Callable[[Place], Awaitable[bool]]
"""Hits the worker at a place; tells whether the request or answer continues."""


@dataclass(slots=True)
class _Trap:
    step: Step
    strike: Strike
    sprung: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Traps:
    """Traps set at steps, each for the first worker that reaches the step.

    Attributes:
        sprung: how often a worker was hit at each step; `missed`: traps that no worker reached.
    """

    sprung: Counter[Step] = field(default_factory=Counter)
    missed: Counter[Step] = field(default_factory=Counter)
    _set: list[_Trap] = field(default_factory=list)

    async def spring(self, step: Step, strike: Strike) -> None:
        """Set a trap, and return when it has hit a worker, or when no worker has come for `ARMED_SECONDS`."""
        trap = _Trap(step, strike)
        self._set.append(trap)
        try:
            async with asyncio.timeout(ARMED_SECONDS):
                await trap.sprung.wait()
        except TimeoutError:
            if trap in self._set:
                self._set.remove(trap)
                self.missed[step] += 1
                return
        await trap.done.wait()

    async def passing(self, place: Place, request: str, moment: Moment) -> bool:
        """Receive the news that a worker sends a request or gets its answer; return whether it continues."""
        for trap in self._set:
            step = trap.step
            if (step.stage, step.request, step.moment) == (place[0], request, moment):
                self._set.remove(trap)
                self.sprung[step] += 1
                trap.sprung.set()
                try:
                    return await trap.strike(place)
                finally:
                    trap.done.set()
        return True
