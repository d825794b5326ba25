"""The installation under test: its own topics and indices on the site's servers, and a fleet of workers."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from elasticsearch import ApiError, TransportError

from services.cli.operate.setup import create_everything
from services.runtime.elasticsearch.store import connect
from services.runtime.kafka.connection import connection
from services.runtime.settings import load_settings
from services.topics.taxonomy.blocks import as_yaml
from tests.faults.breaking.plan import SESSION_SECONDS, SIDES
from tests.faults.breaking.steps import Traps
from tests.faults.judging.lights import Lights
from tests.faults.judging.watch import Watch
from tests.faults.servers.elasticsearch_proxy import ElasticsearchProxy
from tests.faults.servers.fleet import Fleet
from tests.faults.servers.kafka_link import KafkaLink
from tests.faults.work import operators
from tests.faults.work.taxonomy import pushed_taxonomy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings
    from tests.faults.breaking.steps import Place
    from tests.faults.servers.site import Site

PARTITIONS = 8
BATCH_RECORDS = 50
"""Small, so that faults have many chances to hit."""

TRY_AGAIN_SECONDS = 1.0
"""How long an operator waits after a command gave up."""

STATEFUL = ("ingest", "segment")
"""The stages that must be stopped for a rewind (docs/delivery.md)."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation; its `settings` and `client` reach the servers directly; workers use links and proxy."""

    site: Site
    settings: Settings
    client: AsyncElasticsearch
    proxy: ElasticsearchProxy
    fleet: Fleet
    watch: Watch
    lights: Lights
    traps: Traps
    links: Mapping[Place, KafkaLink]
    logs: Path
    in_force: list[str] = field(default_factory=list)
    full: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while its indices take no writes."""
    operator: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by who rebuilds or rewinds."""
    operations: Counter[str] = field(default_factory=Counter)
    """The results of operators' commands, such as `rebuild done`."""

    async def operate(self, what: Sequence[str], side: int, seconds: float) -> bool:
        """Run a command from one side for at most this long; retry if a server is down; tell if it succeeded."""
        by_link = self.fleet.settings("operator", side % SIDES)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            outcome = await operators.command(by_link, what, self._log, left)
            self.operations[f"{what[0]} {outcome}"] += 1
            if outcome == "done":
                return True
            await asyncio.sleep(TRY_AGAIN_SECONDS)
        return False

    async def rewind(self, side: int, seconds: float) -> None:
        """Rewind with ingest and segment stopped; run the command again until it is done.

        The command may be killed or may give up.

        Raises:
            operators.CommandFailed: the command is not done after a long time.
        """
        async with self.operator, self.fleet.without(*STATEFUL):
            if not await self.operate(("rewind",), side, seconds) and not await self.operate(
                ("rewind",), side, operators.PATIENCE_SECONDS
            ):
                raise operators.CommandFailed(f"a rewind did not succeed: {self._log}")

    async def retag(self, side: int, seconds: float) -> None:
        """Push a taxonomy, and retag for at most this long.

        Raises:
            operators.CommandFailed: the taxonomy is not pushed after a long time.
        """
        file = self.logs / "taxonomy.yaml"
        file.write_text(as_yaml(pushed_taxonomy()), "utf-8")
        if not await self.operate(("taxonomy", "push", str(file)), side, operators.PATIENCE_SECONDS):
            raise operators.CommandFailed(f"a taxonomy was not pushed: {self._log}")
        await self.operate(("retag",), side, seconds)

    async def retag_in_quiet(self) -> None:
        """Retag once more, as after any run that was killed, with nothing broken.

        Raises:
            operators.CommandFailed: the command does not succeed.
        """
        if not await self.operate(("retag",), 0, operators.PATIENCE_SECONDS):
            raise operators.CommandFailed(f"a retag in quiet did not succeed: {self._log}")

    async def rebuild_in_quiet(self) -> None:
        """Rebuild the index with nothing broken and no worker left.

        Raises:
            operators.CommandFailed: the command does not succeed.
        """
        outcome = await operators.command(self.settings, ("rebuild",), self._log, operators.PATIENCE_SECONDS)
        if outcome != "done":
            raise operators.CommandFailed(f"a rebuild in quiet was {outcome}: {self._log}")

    async def finish_rebuild(self) -> None:
        """Rebuild again if a rebuild ended half-way (see `operators`)."""
        if await operators.finish(self.client, self.settings, self._log):
            self.operations["rebuild finished afterwards"] += 1

    @property
    def was_rewound(self) -> bool:
        """Whether a rewind made the stages read everything again, so that records reach the topics again."""
        return self.operations["rewind done"] > 0

    @property
    def has_new_taxonomy(self) -> bool:
        """Whether a taxonomy was pushed, so that articles reach `articles.tagged` and the index again."""
        return self.operations["taxonomy done"] > 0

    @property
    def _log(self) -> Path:
        return self.logs / "operator.log"


@asynccontextmanager
async def installed(site: Site, seed: int, logs: Path) -> AsyncIterator[Installation]:
    """Set up an installation and start its workers; at the end only its logs are left."""
    ground = site.ground
    settings = load_settings(
        kafka=ground.kafka,
        elasticsearch=ground.elasticsearch,
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
        traps = Traps()
        proxy = await stack.enter_async_context(ElasticsearchProxy(ground.elasticsearch, seed, traps.passing))
        links: dict[Place, KafkaLink] = {}
        urls: dict[Place, str] = {}
        for place, door in ground.doors.items():
            link = KafkaLink(door.inner, door.port, partial(traps.passing, place))
            links[place] = await stack.enter_async_context(link)
            urls[place] = await proxy.url_for(place)

        def settings_of(stage: str, number: int) -> Settings:
            place = ground.door(stage, number)
            return settings.model_copy(update={"kafka": links[place].address, "elasticsearch": urls[place]})

        fleet = Fleet(settings_of, logs)
        stack.push_async_callback(fleet.stop)
        fleet.start()
        tending = asyncio.create_task(fleet.tend())
        stack.callback(tending.cancel)
        watch = await stack.enter_async_context(Watch(settings))
        lights = await stack.enter_async_context(Lights(fleet, watch))
        yield Installation(site, settings, client, proxy, fleet, watch, lights, traps, links, logs)


async def _remove(client: AsyncElasticsearch, settings: Settings) -> None:
    """Remove the installation; what a busy server keeps does no harm, and must not hide the verdict."""
    with suppress(ApiError, TransportError, KafkaError):
        await _remove_all(client, settings)


async def _remove_all(client: AsyncElasticsearch, settings: Settings) -> None:
    await client.indices.delete(index=list(await client.indices.get(index=f"{settings.prefix}*")))
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        await admin.delete_topics([spec.name for spec in settings.names.topics(PARTITIONS)])
    finally:
        await admin.close()
