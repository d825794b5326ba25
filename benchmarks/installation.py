"""An installation for a benchmark: real servers, its own topics and indices, and one worker of each stage."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from typing import TYPE_CHECKING, Final

from services.cli.operate.setup import create_everything
from services.local.ports import free
from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.kafka import PARTITIONS
from tests.servers import running_servers
from tests.workers import get, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.runtime.settings import Settings

READY_SECONDS: Final = 900.0


@contextlib.contextmanager
def installation(name: str) -> Iterator[Settings]:
    """Run the servers and the workers until the block ends; `name` begins the names of topics and indices."""
    with running_servers() as servers:
        settings = load_settings(
            kafka=servers.kafka,
            elasticsearch=servers.elasticsearch,
            prefix=f"{name}-{uuid.uuid4().hex[:8]}.",
            partitions=PARTITIONS,
        )
        asyncio.run(create_everything(settings))
        with workers(settings):
            yield settings


@contextlib.contextmanager
def workers(settings: Settings) -> Iterator[None]:
    """Run one worker of each stage, and wait until each does its work."""
    with contextlib.ExitStack() as stack:
        found = []
        for stage in STAGES:
            port = free(0)
            worker = running(settings.model_copy(update={"http_port": port}), f"services.{stage}")
            found.append((stack.enter_context(worker), port))
        deadline = time.monotonic() + READY_SECONDS
        while not all(worker.runs() and get(port, "/ready")[0] == 200 for worker, port in found):
            if time.monotonic() > deadline:
                raise TimeoutError("the workers are not ready")
            time.sleep(0.5)
        yield
