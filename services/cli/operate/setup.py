"""`broadsheet setup`: create what must exist before the first record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.cli.shared.console import out
from services.index.admin import ensure_indices
from services.runtime.elasticsearch.state import ensure_states
from services.runtime.elasticsearch.store import connected
from services.runtime.health.operations import ensure_operations
from services.runtime.kafka.topics import PARTITIONS, TopicsDiffer, check_topics, mend_topics

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def set_up(settings: Settings, *, mend: bool = False) -> None:
    """Create topics, indices and aliases that do not exist yet, and print what was created.

    Args:
        settings: where the servers are.
        mend: first correct the settings of existing topics that differ.

    Raises:
        TopicsDiffer: a topic is not as it must be.
        Unavailable: a server does not answer.
    """
    if mend:
        asyncio.run(_mend(settings))
    asyncio.run(create_everything(settings))
    topics = ", ".join(spec.name for spec in settings.names.topics(settings.partitions))
    out.print(f"topics: {topics}", soft_wrap=True)
    out.print(f"indices: at {settings.elasticsearch_address}", soft_wrap=True)


async def _mend(settings: Settings) -> None:
    mended, left = await mend_topics(settings)
    for one in mended:
        out.print(
            f"corrected: {one.topic}: {one.setting} was {one.found}, is {one.wanted}", soft_wrap=True, markup=False
        )
    if any(one.setting == PARTITIONS for one in mended):
        out.print(
            "Keys have other partitions now, for good. Messages of an issue that came before stay where they are: "
            "whoever relies on the order of one key must read both.",
            soft_wrap=True,
        )
    if left:
        raise TopicsDiffer(left, mends=False)


async def create_everything(settings: Settings) -> None:
    """Create what is missing on both servers.

    Raises:
        TopicsDiffer: a topic is not as it must be.
        StatesLost: the index of states existed once and is gone.
        Unavailable: a server does not answer.
    """
    await check_topics(settings)
    async with connected(settings) as client:
        await ensure_indices(client, settings.prefix)
        await ensure_states(settings, client, asyncio.sleep)
        await ensure_operations(client, settings.names.operations)
