"""The plan of what breaks, when, and for how long: the same seed gives the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from services.runtime.names import STAGES
from tests.faults.breaking.steps import EVERY, Step

Kind = Literal[
    "worker killed",
    "worker frozen",
    "worker frozen past its session",
    "worker stopped",
    "worker added",
    "worker killed at a step",
    "worker frozen at a step",
    "worker cut off at a step",
    "Kafka stopped",
    "Kafka killed",
    "Kafka link cut",
    "Kafka link silent",
    "Elasticsearch stopped",
    "Elasticsearch killed",
    "Elasticsearch cut off",
    "Elasticsearch slow",
    "Elasticsearch refuses",
    "Elasticsearch refuses parts",
    "Elasticsearch full",
    "Elasticsearch answers lost",
    "rebuild",
    "replay",
    "rewind",
    "retag",
]

SESSION_SECONDS = 6.0
"""The shortest value that the settings accept; the installation under test runs with it."""

SIDES = 2
"""Each worker has its own link to Kafka; a network fault breaks the link of every second worker."""

WORKERS = {"ingest": 2, "segment": 4, "tag": 2, "index": 2}
"""The number of workers of each stage; segment has the most work."""

STRUCK: tuple[Kind, ...] = ("worker killed at a step", "worker frozen at a step", "worker cut off at a step")

SECONDS: dict[Kind, tuple[float, float]] = {
    "worker killed": (0.2, 3),
    "worker frozen": (0.5, 4),
    "worker frozen past its session": (SESSION_SECONDS + 2, SESSION_SECONDS + 10),
    "worker stopped": (0.2, 3),
    "worker added": (2, 8),
    "worker killed at a step": (0.2, 3),
    # Longer than the worker's session, and shorter than Kafka waits for its transaction.
    "worker frozen at a step": (SESSION_SECONDS + 3, SESSION_SECONDS + 6),
    "worker cut off at a step": (0, 0),
    "Kafka stopped": (0.2, 3),
    "Kafka killed": (0.2, 3),
    "Kafka link cut": (0.5, 9),
    "Kafka link silent": (0.5, 9),
    "Elasticsearch stopped": (0.2, 3),
    "Elasticsearch killed": (0.2, 3),
    "Elasticsearch cut off": (0.5, 6),
    "Elasticsearch slow": (2, 8),
    "Elasticsearch refuses": (1, 6),
    "Elasticsearch refuses parts": (2, 8),
    "Elasticsearch full": (1, 6),
    "Elasticsearch answers lost": (2, 8),
    "rebuild": (0.5, 20),
    "replay": (2, 20),
    "rewind": (1, 15),
    "retag": (1, 15),
}
"""The shortest and the longest duration of each fault. A server that was ended is down for this long before it is
started again. An operator's command is killed if it is not done by then."""

OFTEN: tuple[Kind, ...] = (
    "worker killed",
    "worker killed",
    "worker killed",
    "worker frozen",
    "worker frozen past its session",
    "worker stopped",
    "worker added",
    "Kafka link cut",
    "Kafka link silent",
    "Elasticsearch cut off",
    "Elasticsearch slow",
    "Elasticsearch refuses",
    "Elasticsearch refuses parts",
    "Elasticsearch refuses parts",
    "Elasticsearch full",
    "Elasticsearch answers lost",
    "Elasticsearch answers lost",
    "rebuild",
    "replay",
)
"""The faults in addition to one of each kind; restarts of servers take the longest and are not included."""

REWOUND = 5
"""In one seed of this many, an operator rewinds. Then everything is read again, so repeated records say nothing."""

RETAGGED = 4
"""In one seed of this many, the last of four, an operator pushes a taxonomy and retags: records come again."""

ELASTICSEARCH_RESTARTS: tuple[Kind, ...] = ("Elasticsearch stopped", "Elasticsearch killed")
FIRST, LAST = 0.06, 0.97


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault.

    Attributes:
        at: when it begins, as a share of the time in which newsrooms publish.
        stage: the stage of the worker, for a worker's fault.
        number: which worker of the stage, or which side of the network (the count wraps around).
        seconds: how long it lasts.
        step: the step at which the worker is hit, if the fault has a step.
    """

    at: float
    kind: Kind
    stage: str
    number: int
    seconds: float
    step: Step | None = None


def _points() -> tuple[tuple[Kind, Step], ...]:
    """Return each step with each way to hit a worker there, alternating and in no particular order."""
    chance = random.Random("points")
    orders = [chance.sample(EVERY, len(EVERY)) for _ in STRUCK]
    return tuple(point for steps in zip(*orders, strict=True) for point in zip(STRUCK, steps, strict=True))


POINTS = _points()
POINTS_IN_A_SEED = 9
"""How many of a seed's 34 faults hit a worker at a point; 18 seeds in a row hit every point."""


def points(seed: int, count: int) -> list[tuple[Kind, Step]]:
    """Return the points of a seed; consecutive seeds have consecutive points."""
    first = seed * POINTS_IN_A_SEED
    return [POINTS[(first + number) % len(POINTS)] for number in range(count)]


def plan(seed: int, faults: int) -> tuple[Fault, ...]:
    """Return this many faults in the order of their start: first a fault of each kind, then faults of any kind.

    Only one of the two restarts of Elasticsearch is included, because its start uses a processor for 20 s. For rewinds
    see `REWOUND`, for retags `RETAGGED`.
    """
    chance = random.Random(f"plan {seed}")
    spared = chance.choice(ELASTICSEARCH_RESTARTS)
    now: dict[Kind, bool] = {"rewind": seed % REWOUND == 0, "retag": seed % RETAGGED == RETAGGED - 1}
    rare = [kind for kind, comes in now.items() if not comes]
    every = [kind for kind in SECONDS if kind not in (spared, *STRUCK, *rare)]
    chance.shuffle(every)
    struck = points(seed, min(POINTS_IN_A_SEED, faults // 3))
    left = faults - len(struck)
    kinds = [*every[:left], *(chance.choice(OFTEN) for _ in range(left - len(every)))]
    planned = [*(_fault(chance, kind) for kind in kinds), *(_fault(chance, kind, step) for kind, step in struck)]
    return tuple(sorted(planned, key=lambda fault: (fault.at, fault.kind)))


def short_plan() -> tuple[Fault, ...]:
    """Return the plan of the short form: the faults that reveal each bug planted by `make mutants`.

    Faults that would hide a bug do not overlap. Workers are hit one stage after another, at the steps where a delivery
    can go wrong. The servers are never restarted, because that takes the longest.
    """
    killed, frozen, cut = STRUCK
    struck: tuple[tuple[Kind, float, Step], ...] = (
        (killed, 1, Step("ingest", "bulk", "before")),
        (killed, 1, Step("segment", "bulk", "after")),
        (frozen, 10, Step("tag", "EndTxn", "before")),
        (killed, 1, Step("index", "EndTxn", "before")),
        (killed, 1, Step("ingest", "bulk", "after")),
        (killed, 1, Step("segment", "EndTxn", "before")),
        (frozen, 10, Step("ingest", "EndTxn", "before")),
        (killed, 1, Step("tag", "EndTxn", "before")),
        (cut, 0, Step("segment", "EndTxn", "after")),
        (killed, 1, Step("ingest", "EndTxn", "before")),
        (killed, 1, Step("segment", "EndTxn", "after")),
        (killed, 1, Step("index", "bulk", "after")),
        (frozen, 10, Step("segment", "AddPartitionsToTxn", "before")),
    )
    others: tuple[tuple[Kind, float], ...] = (
        ("Elasticsearch refuses parts", 5),
        ("Elasticsearch cut off", 4),
        ("Elasticsearch answers lost", 4),
        ("Kafka link cut", 4),
    )
    first, last = 0.05, 0.85
    strikes = [
        Fault(round(first + (last - first) * place / len(struck), 3), kind, step.stage, 0, seconds, step)
        for place, (kind, seconds, step) in enumerate(struck)
    ]
    pauses = [
        Fault(round(0.15 + 0.75 * place / len(others), 3), kind, "index", place, seconds)
        for place, (kind, seconds) in enumerate(others)
    ]
    return tuple(sorted((*strikes, *pauses), key=lambda fault: (fault.at, fault.kind)))


def _fault(chance: random.Random, kind: Kind, step: Step | None = None) -> Fault:
    stage = step.stage if step is not None else chance.choice(STAGES)
    return Fault(
        at=round(chance.uniform(FIRST, LAST), 4),
        kind=kind,
        stage=stage,
        number=chance.randrange(WORKERS[stage]),
        seconds=round(chance.uniform(*SECONDS[kind]), 2),
        step=step,
    )
