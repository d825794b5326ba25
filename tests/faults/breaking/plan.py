"""What breaks, when, and for how long: the same seed gives the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from services.runtime.names import STAGES

Kind = Literal[
    "worker killed",
    "worker frozen",
    "worker frozen past its session",
    "worker stopped",
    "worker added",
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
]

SESSION_SECONDS = 6.0
"""The shortest that the settings take; the installation under test runs with it."""

LINKS = 2
"""Ways to Kafka; the workers of a stage use them in turn."""

WORKERS = {"ingest": 2, "segment": 4, "tag": 2, "index": 2}
"""Workers of each stage; segment has the most to do."""

SECONDS: dict[Kind, tuple[float, float]] = {
    "worker killed": (0.2, 3),
    "worker frozen": (0.5, 4),
    "worker frozen past its session": (SESSION_SECONDS + 2, SESSION_SECONDS + 10),
    "worker stopped": (0.2, 3),
    "worker added": (2, 8),
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
}
"""The least and the most that each takes; a server that was ended is down for so long before it is started again, and a
rebuild of the index is killed if it is not done by then."""

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
)
"""What comes beside one of each kind: the restarts of servers take the longest and are not among them."""

ELASTICSEARCH_RESTARTS: tuple[Kind, ...] = ("Elasticsearch stopped", "Elasticsearch killed")
FIRST, LAST = 0.06, 0.97


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        at: when it begins, as a share of the time in which newsrooms publish.
        stage: whose worker, where it is a worker's.
        number: which worker of the stage, or which link (they are counted round).
        seconds: how long it lasts.
    """

    at: float
    kind: Kind
    stage: str
    number: int
    seconds: float


def plan(seed: int, faults: int) -> tuple[Fault, ...]:
    """Return so many faults in the order of their beginning: one of each kind as far as they reach, then any.

    Of the two restarts of Elasticsearch there is one: its start takes a processor for 20 s.
    """
    chance = random.Random(f"plan {seed}")
    spared = chance.choice(ELASTICSEARCH_RESTARTS)
    every = [kind for kind in SECONDS if kind != spared]
    chance.shuffle(every)
    kinds = [*every[:faults], *(chance.choice(OFTEN) for _ in range(faults - len(every)))]
    return tuple(sorted((_fault(chance, kind) for kind in kinds), key=lambda fault: (fault.at, fault.kind)))


def _fault(chance: random.Random, kind: Kind) -> Fault:
    stage = chance.choice(STAGES)
    return Fault(
        at=round(chance.uniform(FIRST, LAST), 4),
        kind=kind,
        stage=stage,
        number=chance.randrange(WORKERS[stage]),
        seconds=round(chance.uniform(*SECONDS[kind]), 2),
    )
