"""Operators who rebuild the index while things break, and finish a rebuild that was killed half-way."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from services.cli.operate.rebuild import rebuild_index
from services.index.names import KINDS, Names
from services.runtime.errors import BroadsheetError
from tests.faults.servers.fleet import CONTEXT, end_with_parent

if TYPE_CHECKING:
    from pathlib import Path

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

PATIENCE_SECONDS = 300.0


class RebuildFailed(AssertionError):
    """A rebuild does not succeed although nothing is broken any more."""


async def rebuild(settings: Settings, log: Path, seconds: float) -> str:
    """Do what `broadsheet rebuild` does, and kill it if it has not ended after so many seconds.

    Returns:
        What became of it: done, given up (a server was away), or killed.
    """
    process = CONTEXT.Process(target=_rebuild, args=(settings, log), name="rebuild")
    process.start()
    await asyncio.to_thread(process.join, seconds)
    if process.is_alive():
        process.kill()
        await asyncio.to_thread(process.join)
        return "killed"
    return "given up" if process.exitcode else "done"


async def finish(client: AsyncElasticsearch, settings: Settings, log: Path) -> bool:
    """Rebuild once more if one ended between its two switches; tell whether that was so.

    Searches go on in the old index then, and writes in the new one (docs/delivery.md). If it was not so, the live index
    stays as the workers made it: it is they who are judged.

    Raises:
        RebuildFailed: it does not succeed.
    """
    for kind in KINDS:
        names = Names(settings.prefix, kind)
        reading, writing = [set(await client.indices.get_alias(name=alias)) for alias in (names.read, names.write)]
        if reading != writing:
            if await rebuild(settings, log, PATIENCE_SECONDS) != "done":
                raise RebuildFailed(f"a rebuild did not succeed: {log}")
            return True
    return False


def _rebuild(settings: Settings, log: Path) -> None:
    end_with_parent()
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    try:
        rebuild_index(settings, accept_fewer=False)
    except BroadsheetError as error:
        sys.exit(str(error))
