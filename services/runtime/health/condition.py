"""Is the worker alive, and is it ready? Judged by progress."""

from __future__ import annotations

from dataclasses import dataclass

STALL_SECONDS = 300.0
"""Without progress for so long while there is work, a worker is taken for dead; a batch takes seconds."""

SILENT_SESSIONS = 0.75
"""Part of a session after which a server that does not answer counts as away."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a worker knows of itself.

    Attributes:
        starting: it has not yet joined its group, and may be waiting for servers.
        running: its delivery goes on.
        settled: its group is stable, with or without partitions for this worker.
        waiting: it holds a batch and waits for Elasticsearch.
        lag: records of its partitions that are not delivered.
        idle_seconds: since a batch was last delivered, or since there was last nothing to do.
        obstacle: what keeps the worker from going on until a person does something; empty: nothing.
        kafka_seconds: since Kafka last answered.
        elasticsearch_seconds: the same of Elasticsearch; 0 where the stage does not need it.
        session_seconds: how long Kafka keeps the place of a worker that it does not hear of.
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

    @property
    def silent(self) -> str:
        """The server that does not answer, and for how long; empty: those that the stage needs do.

        Each is asked every quarter of a session, so that a worker says so within one.
        """
        asked = (("Kafka", self.kafka_seconds), ("Elasticsearch", self.elasticsearch_seconds))
        for server, seconds in asked:
            if seconds > self.session_seconds * SILENT_SESSIONS:
                return f"{server} has not answered for {seconds:.0f} s"
        return ""


def is_live(condition: Condition, stall_seconds: float = STALL_SECONDS) -> tuple[bool, str]:
    """Tell whether the worker lives, and why; one that does not is to be started anew.

    Waiting for a server is life: starting anew would not bring the server back.
    """
    if condition.starting:
        return True, "starting"
    if not condition.running:
        return False, "the delivery has ended"
    if condition.waiting:
        return True, "waiting for Elasticsearch"
    if condition.obstacle or condition.silent:
        return True, condition.obstacle or condition.silent
    if condition.lag and condition.idle_seconds > stall_seconds:
        return False, f"no progress for {condition.idle_seconds:.0f} s with {condition.lag} records to go"
    return True, "working"


def is_ready(condition: Condition) -> tuple[bool, str]:
    """Tell whether the worker does its work now, and why not."""
    hindrances = (
        condition.obstacle,
        condition.starting and "starting",
        not condition.running and "the delivery has ended",
        condition.silent,
        not condition.settled and "the group is rebalancing",
        condition.waiting and "waiting for Elasticsearch",
    )
    for why in hindrances:
        if why:
            return False, why
    return True, "working"
