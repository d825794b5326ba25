"""A rebuild that comes to a halt half-way, to be killed there: `python -m tests.integration.pipeline.halting SWITCHES`.

It halts once it has moved that many aliases and copied something more, and says so.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

from services.index import rebuild as module
from services.runtime.elasticsearch.store import connect
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.index.names import Names

switch = module.switch


def main() -> None:
    left = int(sys.argv[1])

    def halt() -> None:
        sys.stdout.write("halted\n")
        sys.stdout.flush()
        time.sleep(600)

    def progress(_done: int, _total: int) -> None:
        if not left:
            halt()

    async def counted(client: AsyncElasticsearch, names: Names, alias: str, index: str) -> None:
        nonlocal left
        await switch(client, names, alias, index)
        left -= 1
        if not left:
            halt()

    async def rebuild() -> None:
        settings = load_settings()
        async with connect(settings) as client:
            await module.rebuild(settings, client, asyncio.sleep, progress)

    module.switch = counted
    asyncio.run(rebuild())


if __name__ == "__main__":
    main()
