"""A stage that passes every record on: what the tests of the delivery run, kill and disturb.

Some keys make it misbehave: see `handle`. Run as `python -m tests.integration.runtime.relay [PAUSE [STALL
[elasticsearch]]]`: seconds that each batch takes, seconds without progress after which it is not live, and whether it
needs Elasticsearch.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from services.runtime.elasticsearch.store import connect, patiently
from services.runtime.entry import run_stage
from services.runtime.errors import Rejected
from services.runtime.messages.records import Batch, Emission
from services.runtime.stage import Stage

if TYPE_CHECKING:
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

NAME = "relay"
SLOW_SECONDS = 0.1


def run(settings: Settings) -> int:
    pause, stall = (float(argument) for argument in [*sys.argv[1:], "0", "300"][:2])
    client = connect(settings)
    needed = client if "elasticsearch" in sys.argv else None
    stage = Stage(NAME, settings, [settings.names.raw], stall_seconds=stall, elasticsearch=needed)
    stage.on_stop(client.close)
    worker = ("worker", str(os.getpid()).encode())

    async def handle(batch: Batch) -> None:
        log.info("batch begins")
        await asyncio.sleep(pause)
        for record in batch.records:
            await stage.delivery.breathe()
            if record.key == b"slow":
                time.sleep(SLOW_SECONDS)  # noqa: ASYNC251  # as a computation holds the event loop
            with batch.attempt(record):
                if record.value is None or record.key == b"bad":
                    raise Rejected("a bad record")
                emission = Emission(settings.names.issues, record.key, record.value, (worker,), record.timestamp)
                batch.emissions.append(emission)
            if record.key == b"break":
                raise OSError("a fault that nobody foresaw")
            if record.key == b"deaf":
                stage.delivery._consumer.pause(*stage.delivery._consumer.assignment())
            if record.key == b"gate":
                await asyncio.to_thread(at_gate, Path((record.value or b"").decode()))
            if record.key == b"stall":
                await asyncio.Event().wait()
            if record.key == b"ask":
                await patiently(client.cluster.health, stage.delivery.pause)

    return stage.run(handle)


def at_gate(gate: Path) -> None:
    """Wait, deaf to rebalances as a computation is, until a test opens the gate: makes that file."""
    while not gate.exists():
        time.sleep(0.05)


if __name__ == "__main__":
    run_stage(run)
