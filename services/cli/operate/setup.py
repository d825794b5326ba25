"""`broadsheet setup`: what must be there before the first record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.cli.shared.console import out
from services.index.admin import ensure_indices
from services.runtime.elasticsearch.state import ensure_states
from services.runtime.elasticsearch.store import connect, is_passing, unreachable
from services.runtime.health.operations import ensure_operations
from services.runtime.kafka.topics import ensure_topics

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def set_up(settings: Settings) -> None:
    """Create topics, templates, indices and aliases that are not there yet, and say so.

    Raises:
        Unavailable: a server does not answer.
    """
    asyncio.run(create_everything(settings))
    topics = ", ".join(spec.name for spec in settings.names.topics(settings.partitions))
    out.print(f"topics: {topics}", soft_wrap=True)
    out.print(f"indices: at {settings.elasticsearch_address}", soft_wrap=True)


async def create_everything(settings: Settings) -> None:
    """Create what is missing on both servers.

    Raises:
        StatesLost: the index of states was there once.
        Unavailable: a server does not answer.
    """
    await ensure_topics(settings)
    client = connect(settings)
    try:
        await ensure_indices(client, settings.prefix)
        await ensure_states(settings, client, asyncio.sleep)
        await ensure_operations(client, settings.names.operations)
    except Exception as error:
        if is_passing(error):
            raise unreachable(settings, error) from error
        raise
    finally:
        await client.close()
