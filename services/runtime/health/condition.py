"""Is the worker alive, and is it ready? Judged by progress."""

from __future__ import annotations

from dataclasses import dataclass

STALL_SECONDS = 300.0
"""Without progress for so long while there is work, a worker is taken for dead; a batch takes seconds."""


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
    """

    starting: bool
    running: bool
    settled: bool
    waiting: bool
    lag: int
    idle_seconds: float


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
    if condition.lag and condition.idle_seconds > stall_seconds:
        return False, f"no progress for {condition.idle_seconds:.0f} s with {condition.lag} records to go"
    return True, "working"


def is_ready(condition: Condition) -> tuple[bool, str]:
    """Tell whether the worker does its work now, and why not."""
    if condition.starting:
        return False, "starting"
    if not condition.running:
        return False, "the delivery has ended"
    if not condition.settled:
        return False, "the group is rebalancing"
    if condition.waiting:
        return False, "waiting for Elasticsearch"
    return True, "working"
