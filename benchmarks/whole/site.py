"""A running installation under measurement: both servers and one worker of each stage, all of them processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from benchmarks.whole.corpus import STAGES
from benchmarks.whole.processes import command_of, group_of, use_of
from services.cli.operate.setup import create_everything
from services.local.ports import free
from services.runtime.kafka.connection import connection
from services.runtime.settings import load_settings
from tests.workers import Worker, get, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from contextlib import AbstractContextManager

    from benchmarks.whole.processes import Use
    from services.local.stack import LocalStack
    from services.runtime.settings import Settings

PARTITIONS: Final = 4
START_SECONDS: Final = 300.0
SERVERS: Final = {"kafka": "kafka.Kafka", "elasticsearch": "org.elasticsearch"}
"""Server -> a word of its command line."""


@dataclass(frozen=True, slots=True)
class Site:
    """The installation.

    Attributes:
        settings: where its servers are.
        client: for Elasticsearch.
        producer: for Kafka.
        processes: the name of a stage or server -> its processes.
    """

    settings: Settings
    client: AsyncElasticsearch
    producer: AIOKafkaProducer
    processes: Mapping[str, list[int]]

    def use(self) -> dict[str, Use]:
        """Return what each stage and each server has used so far."""
        return {name: use_of(processes) for name, processes in self.processes.items()}

    async def counted(self) -> dict[str, int]:
        """Return what Elasticsearch has counted in the installation's indices so far."""
        wanted = ["indexing", "get", "bulk", "refresh"]
        stats = await self.client.indices.stats(index=f"{self.settings.prefix}*", metric=wanted)
        every: Mapping[str, Any] = stats["_all"]["primaries"]
        return {
            "items": every["indexing"]["index_total"],
            "gets": every["get"]["total"],
            "bulks": every["bulk"]["total_operations"],
            "bytes": every["bulk"]["total_size_in_bytes"],
            "refreshes": every["refresh"]["total"],
        }


Start = Callable[["Settings", str], "AbstractContextManager[Worker]"]


def our_worker(settings: Settings, stage: str) -> AbstractContextManager[Worker]:
    """Start a worker of this checkout."""
    return running(settings, f"services.{stage}")


@asynccontextmanager
async def site(
    stack: LocalStack, prefix: str, start: Start = our_worker, *, prepared: bool = False
) -> AsyncIterator[Site]:
    """Give an installation whose workers are ready, on servers that run.

    Args:
        stack: the servers.
        prefix: begins the names of its topics and indices.
        start: starts a worker of a stage that answers on `/ready`.
        prepared: whether its topics and indices are there.
    """
    settings = load_settings(
        kafka=stack.kafka, elasticsearch=stack.elasticsearch, prefix=prefix, partitions=PARTITIONS, log_level="error"
    )
    if not prepared:
        await create_everything(settings)
    servers = {name: _server(stack, word) for name, word in SERVERS.items()}
    with ExitStack() as workers:
        found: dict[str, tuple[Worker, int]] = {}
        for stage in STAGES:
            port = free(0)
            of_stage = settings.model_copy(update={"http_port": port})
            found[stage] = workers.enter_context(start(of_stage, stage)), port
        await ready(found)
        async with (
            AsyncElasticsearch(settings.elasticsearch_address) as client,
            AIOKafkaProducer(**connection(settings), max_request_size=2**24) as producer,
        ):
            own = {stage: [worker.process.pid] for stage, (worker, _) in found.items()}
            yield Site(settings, client, producer, own | servers)


def _server(stack: LocalStack, word: str) -> list[int]:
    return [one for leader in stack.process_ids for one in group_of(leader) if word in command_of(one)]


async def ready(workers: Mapping[str, tuple[Worker, int]]) -> None:
    """Wait until each stage's worker, with its port, says that it does its work.

    Raises:
        RuntimeError: a worker was not ready in time.
    """
    deadline = time.monotonic() + START_SECONDS
    for stage, (worker, port) in workers.items():
        while get(port, "/ready")[0] != 200:
            worker.runs()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{stage} was not ready after {START_SECONDS:.0f} s")
            await asyncio.sleep(0.2)
