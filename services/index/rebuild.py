"""Fill a new version of each index from its topic, beside the live one, and switch to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.index.admin import create_index, ensure_template, switch
from services.index.app import action, write
from services.index.names import KINDS, Kind, Names
from services.runtime.records import Batch
from services.runtime.scan import Scan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.names import Names as RuntimeNames
    from services.runtime.settings import Settings

CATCH_UPS = 50
"""Rounds of catching up before the switch: each is shorter than the one before, unless writing outruns reading."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One kind of index after the rebuild: the index now live, and how many documents it and the one before hold."""

    kind: Kind
    index: str
    before: int
    after: int


class CannotKeepUp(Exception):
    """Records arrive faster than they are copied; the live index is untouched."""


async def rebuild(
    settings: Settings,
    client: AsyncElasticsearch,
    pause: Callable[[float], Awaitable[None]],
    progress: Callable[[int, int], None],
) -> list[Rebuilt]:
    """Rebuild every index and return what is live now.

    The live index goes on being written and searched. Indices left by a rebuild that was killed are removed first.

    Args:
        settings: where the servers are.
        client: Elasticsearch.
        pause: waits that many seconds.
        progress: told how many offsets of how many are done.

    Raises:
        CannotKeepUp: the switch was never possible.
        Unavailable: Kafka does not answer.
    """
    old = {kind: await _live(client, Names(settings.prefix, kind)) for kind in KINDS}
    new = {kind: await _prepare(client, Names(settings.prefix, kind), old[kind]) for kind in KINDS}
    targets = {Names(settings.prefix, kind).write: new[kind] for kind in KINDS}
    group = settings.names.group("index")
    async with Scan(settings, [settings.names.tagged, settings.names.quarantine]) as scan:
        copy = _Copy(scan, client, settings.names, targets, pause)
        for _ in range(CATCH_UPS):
            await copy.all(progress)
            done, seen = await scan.group_offsets(group), await scan.positions()
            if all(seen[part] >= offset for part, offset in done.items()):
                break
        else:
            raise CannotKeepUp("articles.tagged grows faster than it can be copied; try again at a quieter time")
        for kind in KINDS:
            await client.indices.refresh(index=[old[kind], new[kind]])
        before = {kind: await _count(client, old[kind]) for kind in KINDS}
        for kind in KINDS:
            await switch(client, Names(settings.prefix, kind), new[kind])
        # What the processor wrote to the old index between the last look and the switch.
        await copy.all(progress)
    results = []
    for kind in KINDS:
        await client.indices.refresh(index=new[kind])
        results.append(Rebuilt(kind, new[kind], before[kind], await _count(client, new[kind])))
        await client.indices.delete(index=old[kind])
    return results


@dataclass(frozen=True, slots=True)
class _Copy:
    """Copies what stands on the topics into the new indices.

    Attributes:
        targets: write alias -> new index.
    """

    scan: Scan
    client: AsyncElasticsearch
    names: RuntimeNames
    targets: dict[str, str]
    pause: Callable[[float], Awaitable[None]]

    async def all(self, progress: Callable[[int, int], None]) -> None:
        """Copy from where the last copy ended to where the topics end now."""
        total = sum((await self.scan.ends()).values())
        async for records in self.scan.records():
            batch = Batch(records)
            actions = []
            for record in records:
                # What does not decode went to quarantine when it came; it is in no index.
                with batch.attempt(record):
                    for _, operation, source in action(record, self.names):
                        target = operation["index"]
                        new = {"index": target | {"_index": self.targets[target["_index"]]}}
                        actions.append((record, new, source))
            await write(self.client, actions, lambda *_: None, self.pause)
            progress(sum((await self.scan.positions()).values()), total)


async def _live(client: AsyncElasticsearch, names: Names) -> str:
    found = await client.indices.get_alias(name=names.write)
    return str(next(iter(found)))


async def _prepare(client: AsyncElasticsearch, names: Names, live: str) -> str:
    """Remove what a killed rebuild left, and create the next index."""
    await ensure_template(client, names)
    existing = await client.indices.get(index=names.every_version, expand_wildcards="all")
    for name in existing:
        if name != live:
            await client.indices.delete(index=name)
    number = int(live.rpartition("-")[2]) + 1
    return await create_index(client, names, f"{number:06d}", live=False)


async def _count(client: AsyncElasticsearch, index: str) -> int:
    return int((await client.count(index=index))["count"])
