"""Decide from a worker's progress whether it is alive and ready."""

from __future__ import annotations

from dataclasses import dataclass

STALL_SECONDS = 300.0
"""A worker that has work but makes no progress for this long counts as dead; a batch takes seconds."""

SILENT_SESSIONS = 0.75
"""The part of a session after which a server that does not answer counts as down."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a worker knows about itself.

    Attributes:
        starting: the worker has not yet joined its group, and may be waiting for servers.
        running: its delivery is running.
        settled: its group is stable, with or without partitions for this worker.
        waiting: the worker holds a batch and waits for Elasticsearch.
        lag: how many records of its partitions are not delivered.
        idle_seconds: the time since a batch was last delivered, or since the worker last had nothing to do.
        obstacle: why the worker cannot go on until a person acts; empty: it can go on.
        kafka_seconds: the time since Kafka last answered.
        elasticsearch_seconds: the time since Elasticsearch last answered; 0 if the stage does not need it.
        session_seconds: how long Kafka keeps the place of a worker that sends no heartbeat.
        held_by: what keeps the worker from its partitions or from records although Kafka answers; empty: nothing.
        held_seconds: for how long it does.
    """

    starting: bool
    running: bool
    settled: bool
    waiting: bool
    lag: int
    idle_seconds: float
    obstacle: str = ""
    kafka_seconds: float = 0.0
    elasticsearch_seconds: float = 0.0
    session_seconds: float = 12.0
    held_by: str = ""
    held_seconds: float = 0.0

    @property
    def silent(self) -> str:
        """The server that does not answer, and for how long; empty: all servers that the stage needs answer.

        The worker asks every server once per quarter of a session, so it reports a silent server within a session.
        """
        asked = (("Kafka", self.kafka_seconds), ("Elasticsearch", self.elasticsearch_seconds))
        for server, seconds in asked:
            if seconds > self.session_seconds * SILENT_SESSIONS:
                return f"{server} has not answered for {seconds:.0f} s"
        return ""

    @property
    def held(self) -> str:
        """What keeps the worker from its work for more than a session, and for how long; empty: nothing does.

        A worker that takes over waits a moment in any case, until the session of the one before it has ended.
        """
        if self.held_by and self.held_seconds > self.session_seconds:
            return f"{self.held_by}, for {self.held_seconds:.0f} s"
        return ""


def is_live(condition: Condition, stall_seconds: float = STALL_SECONDS) -> tuple[bool, str]:
    """Return whether the worker is alive, and why; a worker that is not alive must be restarted.

    A worker that waits for a server is alive: a restart would not bring the server back.
    """
    if condition.starting:
        return True, "starting"
    if not condition.running:
        return False, "the delivery has ended"
    if condition.waiting:
        return True, "waiting for Elasticsearch"
    known = condition.obstacle or condition.silent or condition.held
    if known:
        return True, known
    if condition.lag and condition.idle_seconds > stall_seconds:
        return False, f"no progress for {condition.idle_seconds:.0f} s with {condition.lag} records to go"
    return True, "working"


def is_ready(condition: Condition) -> tuple[bool, str]:
    """Return whether the worker does its work now, and why not."""
    hindrances = (
        condition.obstacle,
        condition.starting and "starting",
        not condition.running and "the delivery has ended",
        condition.silent,
        not condition.settled and "the group is rebalancing",
        condition.held,
        condition.waiting and "waiting for Elasticsearch",
    )
    for why in hindrances:
        if why:
            return False, why
    return True, "working"
