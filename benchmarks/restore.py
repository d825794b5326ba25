"""Lose both servers and get everything back: `python -m benchmarks.restore`, or `make drill-restore`.

The four stages run on embedded servers. A newsroom publishes and an editor corrects. Then come the backups: a snapshot
of Elasticsearch in a repository of type `fs`, and what `broadsheet dump` writes. After some more issues both servers
lose their disks. New servers get the snapshot, `broadsheet load` loads the dump, and the stages start.

The program prints the figures, and what differs between the documents of the backup and those at the end: ids, versions
or contents. The exit code is 1 if anything does, or if a page published afterwards does not arrive.

- RPO: what was published after the backup is lost; the newsroom must publish it again.
- RTO: from the loss until searches find what they found, and until the stages have worked everything off.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch
from rich.console import Console

from benchmarks.drills import counted
from benchmarks.newsroom import issue
from services.cli.operate.setup import create_everything
from services.cli.operate.sources import dump_sources, load_sources
from services.cli.shared.stages import stage_status
from services.index.names import Names
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.kafka.connection import connection
from services.runtime.kafka.corrections import new_correction, send_correction
from services.runtime.names import STAGES
from services.runtime.settings import Settings, load_settings
from tests.servers import temporary_home
from tests.workers import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.index.names import Kind

Documents = dict[str, tuple[int, dict[str, Any]]]
"""Version and content of each document, by index and id."""

KINDS: Final[tuple[Kind, ...]] = ("articles", "issues")
CORRECTIONS = 5
CORRECTED = "渔港开渔，已改"
AFTER_BACKUP = 5
PARTITIONS = 4
LONGEST_SECONDS = 900.0
MOST_DOCUMENTS = 10_000
REPOSITORY = "backups"


@contextlib.contextmanager
def servers(snapshots: Path, console: Console) -> Iterator[Settings]:
    """Run both servers with empty disks, which are gone at the end."""
    with (
        temporary_home() as home,
        LocalStack(
            home, kafka_port=0, elasticsearch_port=0, snapshots=snapshots, on_progress=TerminalProgress(console)
        ) as stack,
    ):
        yield load_settings(kafka=stack.kafka, elasticsearch=stack.elasticsearch, partitions=PARTITIONS)


@contextlib.contextmanager
def stages(settings: Settings) -> Iterator[None]:
    """Run a worker of each stage."""
    with contextlib.ExitStack() as stack:
        for stage in STAGES:
            stack.enter_context(running(settings, f"services.{stage}"))
        yield


async def publish(settings: Settings, first: int, count: int) -> None:
    """Publish so many issues, each with a page of four stories."""
    async with AIOKafkaProducer(**connection(settings)) as producer:
        for number in range(first, first + count):
            key, value = issue(number)
            await producer.send_and_wait(settings.names.raw, value, key=key.encode())


async def worked_off(settings: Settings, client: AsyncElasticsearch, issues: int) -> None:
    """Return once that many issues are indexed and no stage has anything left.

    Raises:
        TimeoutError: it takes too long.
    """
    async with asyncio.timeout(LONGEST_SECONDS):
        while True:
            if await counted(client, "issues") >= issues and await nothing_left(settings):
                return
            await asyncio.sleep(0.5)


async def nothing_left(settings: Settings) -> bool:
    """Return whether no stage is behind; a transaction's marker at the end of a partition is no record."""
    return all(one.lag is not None and one.lag <= PARTITIONS for one in await stage_status(settings))


async def documents(client: AsyncElasticsearch) -> Documents:
    """Return every document of every kind, withdrawn ones included."""
    found: Documents = {}
    for kind in KINDS:
        alias = Names("", kind).write
        await client.indices.refresh(index=alias)
        answer = await client.search(index=alias, size=MOST_DOCUMENTS, version=True)
        found |= {f"{kind}/{hit['_id']}": (hit["_version"], hit["_source"]) for hit in answer["hits"]["hits"]}
    return found


async def correct_some(settings: Settings, client: AsyncElasticsearch) -> None:
    """Correct the headline of some articles, and wait until searches see it."""
    answer = await client.search(index=Names("", "articles").read, size=CORRECTIONS, sort=["_doc"])
    for hit in answer["hits"]["hits"]:
        await send_correction(
            settings, new_correction(hit["_id"], {"change": "headline", "headline": CORRECTED}, "周敏")
        )
    async with asyncio.timeout(LONGEST_SECONDS):
        while True:
            found = await documents(client)
            if sum(content.get("headline") == CORRECTED for _, content in found.values()) == CORRECTIONS:
                return
            await asyncio.sleep(0.5)


async def before(settings: Settings, folder: Path, issues: int, console: Console) -> tuple[Documents, float]:
    """Publish, correct, back up, publish some more; return what the backup holds, and when it was taken."""
    async with AsyncElasticsearch(settings.elasticsearch_address, request_timeout=120) as client:
        with stages(settings):
            await publish(settings, 0, issues)
            await worked_off(settings, client, issues)
            await correct_some(settings, client)
            held = await documents(client)
            began = time.monotonic()
            await asyncio.to_thread(dump_sources, settings, folder / "sources.jsonl")
            dumped = time.monotonic()
            location = {"location": str(folder / "snapshots")}
            await client.snapshot.create_repository(name=REPOSITORY, repository={"type": "fs", "settings": location})
            await client.snapshot.create(
                repository=REPOSITORY, snapshot="last", include_global_state=False, wait_for_completion=True
            )
            console.print(
                f"backup: both sources in {dumped - began:.1f} s, "
                f"{len(held)} documents in a snapshot in {time.monotonic() - dumped:.1f} s"
            )
            await publish(settings, issues, AFTER_BACKUP)
            await worked_off(settings, client, issues + AFTER_BACKUP)
    return held, began


async def after(settings: Settings, folder: Path, held: Documents, lost: float, console: Console) -> list[str]:
    """Restore, start the stages, publish a page; return what differs from the backup."""
    issues = sum(name.startswith("issues/") for name in held)
    async with AsyncElasticsearch(settings.elasticsearch_address, request_timeout=120) as client:
        console.print(f"new servers were up {time.monotonic() - lost:.0f} s after the loss")
        location = {"location": str(folder / "snapshots"), "readonly": True}
        await client.snapshot.create_repository(name=REPOSITORY, repository={"type": "fs", "settings": location})
        await client.snapshot.restore(repository=REPOSITORY, snapshot="last", wait_for_completion=True)
        assert await counted(client, "issues") == issues
        console.print(f"RTO of searching: {time.monotonic() - lost:.0f} s")
        await create_everything(settings)
        await asyncio.to_thread(load_sources, settings, folder / "sources.jsonl")
        with stages(settings):
            await worked_off(settings, client, issues)
            console.print(f"RTO of the pipeline: {time.monotonic() - lost:.0f} s")
            differences = differing(held, await documents(client))
            await publish(settings, issues, AFTER_BACKUP)
            await worked_off(settings, client, issues + AFTER_BACKUP)
            console.print("what was lost was published again, and arrived")
    return differences


def differing(held: Documents, found: Documents) -> list[str]:
    """Return the ids of documents that are missing, new, of another version, or of other content."""
    return [
        f"{name}: {what}"
        for name in sorted(held.keys() | found.keys())
        if (what := _difference(held.get(name), found.get(name)))
    ]


def _difference(held: tuple[int, dict[str, Any]] | None, found: tuple[int, dict[str, Any]] | None) -> str:
    if held is None or found is None:
        return "is new" if held is None else "is missing"
    if held[0] != found[0]:
        return f"version {found[0]} instead of {held[0]}"
    changed = sorted(key for key in held[1].keys() | found[1].keys() if held[1].get(key) != found[1].get(key))
    return f"differs in {', '.join(changed)}" if changed else ""


def main(
    issues: Annotated[int, typer.Option(min=1, help="How many issues to publish before the backup.")] = 60,
) -> None:
    """Run the drill."""
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        snapshots = folder / "snapshots"
        snapshots.mkdir()
        # Elasticsearch runs as a user of its own when this is run as root.
        snapshots.chmod(0o777)
        with servers(snapshots, console) as settings:
            asyncio.run(create_everything(settings))
            held, backed_up = asyncio.run(before(settings, folder, issues, console))
            age = time.monotonic() - backed_up
        lost = time.monotonic()
        console.print(f"both servers are gone with their disks; RPO: {age:.0f} s, in which {AFTER_BACKUP} issues came")
        with servers(snapshots, console) as settings:
            differences = asyncio.run(after(settings, folder, held, lost, console))
    console.print(f"{len(held)} documents compared by id, version and content: {len(differences)} differ")
    for one in differences[:20]:
        console.print(f"  {one}", markup=False)
    raise typer.Exit(bool(differences))


if __name__ == "__main__":
    typer.run(main)
