"""Operators who rebuild, rewind and replay while things break, with the commands that people use."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from services.cli.main import app
from services.index.names import REBUILT, Names
from tests.faults.servers.fleet import CONTEXT, end_with_parent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

PATIENCE_SECONDS = 300.0


class CommandFailed(AssertionError):
    """A command does not succeed although nothing is broken any longer."""


async def command(settings: Settings, arguments: Sequence[str], log: Path, seconds: float) -> str:
    """Run a `broadsheet` command, and kill it if it has not ended after this many seconds.

    Returns:
        Its result: done, given up (a server was down), or killed.
    """
    environment = {
        "BROADSHEET_KAFKA": settings.kafka_address,
        "BROADSHEET_ELASTICSEARCH": settings.elasticsearch_address,
        "BROADSHEET_PREFIX": settings.prefix,
        "BROADSHEET_PARTITIONS": str(settings.partitions),
    }
    process = CONTEXT.Process(target=_run, args=(environment, tuple(arguments), log), name=arguments[0])
    process.start()
    await asyncio.to_thread(process.join, seconds)
    if process.is_alive():
        process.kill()
        await asyncio.to_thread(process.join)
        return "killed"
    return "given up" if process.exitcode else "done"


async def finish(client: AsyncElasticsearch, settings: Settings, log: Path) -> bool:
    """Rebuild again if a rebuild ended between its two switches; tell whether that was so.

    In that state searches use the old index and writes use the new index (docs/delivery.md). Otherwise the live index
    stays as the workers made it, because the trial judges the workers.

    Raises:
        CommandFailed: the command does not succeed.
    """
    for kind in REBUILT:
        names = Names(settings.prefix, kind)
        reading, writing = [set(await client.indices.get_alias(name=alias)) for alias in (names.read, names.write)]
        if reading != writing:
            if await command(settings, ("rebuild",), log, PATIENCE_SECONDS) != "done":
                raise CommandFailed(f"a rebuild did not succeed: {log}")
            return True
    return False


def _run(environment: dict[str, str], arguments: tuple[str, ...], log: Path) -> None:
    end_with_parent()
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    app(arguments)
