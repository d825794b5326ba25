"""Fill a new version of each index from its topic, beside the live index, and switch to it.

The write alias moves first. From then on the processor writes to the new index. Everything that it wrote to the old
index before is on the topic, and the rebuild copies it. The read alias moves last, so a search always finds everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from elasticsearch import NotFoundError

from services.index.admin import create, switch
from services.index.app import Prepared, portions, write
from services.index.comparison import Versions, lacking, still_lacking
from services.index.names import REBUILT, Kind, Names
from services.runtime.elasticsearch.bulk import Operation
from services.runtime.elasticsearch.store import patiently
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.scan import Scan
from services.runtime.messages.records import Batch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Record
    from services.runtime.names import Names as RuntimeNames
    from services.runtime.settings import Settings

ROUNDS = 50
"""The most rounds that copy new records; each is shorter than the last, unless writing is faster than reading."""

FEW_RECORDS = 500

BEGINNINGS = 10
"""How often a rebuild tries to create a new index. If the index already exists, it was created a moment ago. Either
another rebuild created it, and that rebuild then gives way. Or this rebuild created it, but the answer was lost and the
request was repeated or abandoned."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result for one kind: the index that is now live, and the number of documents in the old and new index."""

    kind: Kind
    index: str
    before: int
    after: int


class Fewer(BroadsheetError):
    """The new index would hold fewer documents than the live index, or older ones; the live index stays."""


class Superseded(BroadsheetError):
    """Another rebuild removed the index that this rebuild was filling."""

    def __init__(self) -> None:
        super().__init__("Another rebuild was started and goes on in place of this one.\nRun one at a time.")


@dataclass(frozen=True, slots=True)
class _Version:
    """A new index of one kind: its name and identity, and the live index that it replaces (None if it is lost)."""

    names: Names
    index: str
    uuid: str
    old: str | None


async def rebuild(
    settings: Settings,
    client: AsyncElasticsearch,
    pause: Callable[[float], Awaitable[None]],
    progress: Callable[[int, int], None],
    *,
    accept_fewer: bool = False,
) -> list[Rebuilt]:
    """Rebuild every index and return what is live now.

    Writing and searching continue in the live index. Once started, a rebuild waits while Elasticsearch is down. If a
    rebuild is killed, you can run it again. It first removes leftover indices, except those that an alias points to.

    Args:
        settings: where the servers are.
        client: Elasticsearch.
        pause: waits that many seconds.
        progress: called with the offsets done, and their total.
        accept_fewer: switch even if the new index holds fewer documents than the live index, or older ones.

    Raises:
        Fewer: the new index holds fewer or older documents, and `accept_fewer` is false.
        Superseded: another rebuild has started meanwhile.
        Unavailable: Kafka does not answer.
    """
    try:
        versions = [await _begin(client, Names(settings.prefix, kind)) for kind in REBUILT]
        async with Scan(settings, [settings.names.tagged, settings.names.quarantine]) as scan:
            copy = _Copy(scan, client, settings.names, {one.names.write: one.index for one in versions}, pause)
            await copy.until(FEW_RECORDS, progress)
            before = [await patiently(partial(_count, client, one.old), pause) for one in versions]
            # Everything that the live index held at the count was on the topic before the count.
            await copy.all(progress)
            after = [await patiently(partial(_count, client, one.index), pause) for one in versions]
            missing = [
                await lacking(client, one.names.kind, one.old, one.index, pause) if one.old else {} for one in versions
            ]
            if any(missing):
                # Copy what the live index received since then.
                await copy.all(progress)
                pairs = zip(versions, missing, strict=True)
                missing = [await still_lacking(client, one.index, found, pause) for one, found in pairs]
            await patiently(partial(_check_ours, client, versions), pause)
            try:
                if not accept_fewer:
                    _compare(versions, before, after, missing, copy.refused)
            except Fewer:
                await client.indices.delete(index=[one.index for one in versions], ignore_unavailable=True)
                raise
            for one in versions:
                await patiently(partial(switch, client, one.names, one.names.write, one.index), pause)
            # Copy until nothing is left. Retagged articles have equal versions, so the last record copied must be the
            # last record written.
            await copy.until(1, progress)
        after = [await patiently(partial(_count, client, one.index), pause) for one in versions]
        for one in versions:
            await patiently(partial(switch, client, one.names, one.names.read, one.index), pause)
        for one in versions:
            await patiently(partial(_remove_all_but, client, one.names, {one.index}), pause)
    except NotFoundError as error:
        raise Superseded from error
    return [
        Rebuilt(one.names.kind, one.index, *counted)
        for one, counted in zip(versions, zip(before, after, strict=True), strict=True)
    ]


def _compare(
    versions: list[_Version], before: list[int], after: list[int], missing: list[Versions], refused: list[str]
) -> None:
    for one, live, new, lacks in zip(versions, before, after, missing, strict=True):
        if new >= live and not lacks:
            continue
        why = f"{len(refused)} were refused, the first: {refused[0]}" if refused else "the topic has no more"
        first = f"; {len(lacks):,} are missing or older, such as {next(iter(lacks))}" if lacks else ""
        raise Fewer(
            f"The new index of {one.names.kind} would hold {new:,} documents, the live one holds {live:,}{first} "
            f"({why}). The live one stays.\n`broadsheet rebuild --fewer` switches all the same."
        )


class _Copy:
    """Copies the topics into the new indices.

    Args:
        scan: the topics.
        client: Elasticsearch.
        names: the names of the installation.
        targets: write alias -> new index.
        pause: waits that many seconds.
    """

    def __init__(
        self,
        scan: Scan,
        client: AsyncElasticsearch,
        names: RuntimeNames,
        targets: dict[str, str],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._scan = scan
        self._client = client
        self._names = names
        self._targets = targets
        self._pause = pause
        self.refused: list[str] = []

    async def until(self, few: int, progress: Callable[[int, int], None]) -> None:
        """Copy round after round until a round has fewer than `few` records."""
        for _ in range(ROUNDS):
            if await self.all(progress) < few:
                return

    async def all(self, progress: Callable[[int, int], None]) -> int:
        """Copy from the end of the last copy to the present end of the topics; return the number of records."""
        total = sum((await self._scan.ends()).values())
        copied = 0
        async for records in self._scan.records():
            await self._copy(records)
            copied += len(records)
            progress(sum((await self._scan.positions()).values()), total)
        return copied

    async def _copy(self, records: list[Record]) -> None:
        for portion in portions(Batch(records, in_a_hurry=False), self._names, every_version=True):
            copied = [
                Prepared(record, Operation({"index": self._retarget(one.action["index"])}, one.source))
                for record, one in portion
            ]
            await write(self._client, copied, lambda _, reason: self.refused.append(reason), self._pause, _superseded)

    def _retarget(self, target: dict[str, Any]) -> dict[str, Any]:
        """Lead to the new index; versions of articles go to the live one, which no rebuild replaces."""
        new = self._targets.get(target["_index"])
        return target if new is None else target | {"_index": new, "require_alias": False}


async def _superseded() -> None:
    raise Superseded


async def _begin(client: AsyncElasticsearch, names: Names) -> _Version:
    """Remove the indices that a killed rebuild left, and create the next index."""
    reading, writing = await _behind(client, names.read), await _behind(client, names.write)
    for _ in range(BEGINNINGS):
        serials = await _remove_all_but(client, names, reading | writing)
        serial = f"{max(serials, default=0) + 1:06d}"
        if await create(client, names, serial):
            index = names.index(serial)
            return _Version(names, index, await _uuid(client, index), next(iter(writing), None))
    raise Superseded


async def _behind(client: AsyncElasticsearch, alias: str) -> set[str]:
    try:
        return set(await client.indices.get_alias(name=alias))
    except NotFoundError:
        return set()


async def _remove_all_but(client: AsyncElasticsearch, names: Names, kept: set[str]) -> list[int]:
    """Remove every index of this kind except `kept`; return the serial numbers of all indices of this kind."""
    existing = await client.indices.get(index=names.every_version, expand_wildcards="all")
    for name in existing:
        if name not in kept:
            await client.indices.delete(index=name, ignore_unavailable=True)
    return [int(serial) for name in existing if (serial := name.rpartition("-")[2]).isdigit()]


async def _check_ours(client: AsyncElasticsearch, versions: list[_Version]) -> None:
    for one in versions:
        if await _uuid(client, one.index) != one.uuid:
            raise Superseded


async def _uuid(client: AsyncElasticsearch, index: str) -> str:
    answer = await client.indices.get_settings(index=index, name="index.uuid")
    return str(answer[index]["settings"]["index"]["uuid"])


async def _count(client: AsyncElasticsearch, index: str | None) -> int:
    if index is None:
        return 0
    await client.indices.refresh(index=index)
    return int((await client.count(index=index))["count"])
