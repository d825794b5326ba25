"""The installation under test: topics and indices of its own on the site's servers, and a fleet of workers."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient

from services.cli.operate.setup import create_everything
from services.index.names import KINDS, Names
from services.runtime.elasticsearch.store import connect
from services.runtime.kafka.connection import connection
from services.runtime.settings import load_settings
from tests.faults.breaking.plan import LINKS, SESSION_SECONDS
from tests.faults.judging.watch import Watch
from tests.faults.servers.elasticsearch_proxy import ElasticsearchProxy
from tests.faults.servers.fleet import Fleet
from tests.faults.work import operators

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings
    from tests.faults.servers.site import Site

PARTITIONS = 8
BATCH_RECORDS = 50
"""Small, so that there are many moments to be struck in."""

TRY_AGAIN_SECONDS = 1.0
"""How long an operator waits after a rebuild that gave up."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation; its `settings` and `client` reach the servers directly, the workers' go by links and proxy."""

    site: Site
    settings: Settings
    client: AsyncElasticsearch
    proxy: ElasticsearchProxy
    fleet: Fleet
    watch: Watch
    logs: Path
    in_force: list[str] = field(default_factory=list)
    full: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while its indices take no writes."""
    operator: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by who rebuilds."""
    rebuilds: Counter[str] = field(default_factory=Counter)
    """What became of rebuilds of the index."""

    async def rebuild(self, link: int, seconds: float) -> None:
        """Rebuild the index by one of the links, again when a server is away, for so many seconds at the most."""
        by_link = self.fleet.settings[link % LINKS]
        async with self.operator:
            deadline = time.monotonic() + seconds
            while (left := deadline - time.monotonic()) > 0:
                outcome = await operators.rebuild(by_link, self._rebuild_log, left)
                self.rebuilds[outcome] += 1
                if outcome == "done":
                    break
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def finish_rebuild(self) -> None:
        """Rebuild once more if a rebuild ended half-way (see `operators`)."""
        if await operators.finish(self.client, self.settings, self._rebuild_log):
            self.rebuilds["finished afterwards"] += 1

    @property
    def _rebuild_log(self) -> Path:
        return self.logs / "rebuild.log"


@asynccontextmanager
async def installed(site: Site, seed: int, logs: Path) -> AsyncIterator[Installation]:
    """Set up an installation and start its workers; at the end nothing of it is left but its logs."""
    settings = load_settings(
        kafka=site.kafka_address,
        elasticsearch=site.elasticsearch_address,
        prefix=f"seed{seed}-{uuid.uuid4().hex[:6]}.",
        partitions=PARTITIONS,
        session_timeout=SESSION_SECONDS,
        batch_records=BATCH_RECORDS,
    )
    await create_everything(settings)
    async with AsyncExitStack() as stack:
        client = connect(settings)
        stack.push_async_callback(client.close)
        stack.push_async_callback(_remove, client, settings)
        proxy = await stack.enter_async_context(ElasticsearchProxy(site.elasticsearch_address, seed))
        by_links = [
            settings.model_copy(update={"kafka": site.link_address(number), "elasticsearch": proxy.url})
            for number in range(LINKS)
        ]
        fleet = Fleet(tuple(by_links), logs)
        stack.push_async_callback(fleet.stop)
        fleet.start()
        tending = asyncio.create_task(fleet.tend())
        stack.callback(tending.cancel)
        watch = await stack.enter_async_context(Watch(settings))
        yield Installation(site, settings, client, proxy, fleet, watch, logs)


async def _remove(client: AsyncElasticsearch, settings: Settings) -> None:
    await client.indices.delete(index=list(await client.indices.get(index=f"{settings.prefix}*")))
    for kind in KINDS:
        await client.indices.delete_index_template(name=Names(settings.prefix, kind).template)
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        await admin.delete_topics([spec.name for spec in settings.names.topics(PARTITIONS)])
    finally:
        await admin.close()
