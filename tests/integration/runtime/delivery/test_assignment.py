"""Partitions that Kafka did not name when the group shared them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.delivery.clients import consumer_of
from services.runtime.delivery.membership import Membership
from tests.kafka import PARTITIONS, new_installation

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

PATIENCE_SECONDS = 30.0


async def assigned_after_a_beat(settings: Settings) -> tuple[int, int]:
    """Return how many partitions a worker has whose Kafka names none at first, and how many after a heartbeat."""
    consumer = consumer_of(settings, settings.names.group("relay"))
    has_some = asyncio.Event()

    def assigned() -> None:
        if membership.assignment:
            has_some.set()

    membership = Membership(settings.session_timeout, assigned, lambda: None)
    await consumer.start()
    client: Any = consumer._client
    named, refresh, hidden = client.cluster.partitions_for_topic, client.force_metadata_update, [True]

    async def again() -> Any:
        hidden[0] = False
        return await refresh()

    client.cluster.partitions_for_topic = lambda topic: None if hidden[0] else named(topic)
    try:
        membership.join(consumer, [settings.names.raw])
        await asyncio.wait_for(membership.settled.wait(), PATIENCE_SECONDS)
        before = len(membership.assignment)
        client.force_metadata_update = again
        await membership.beat()
        await asyncio.wait_for(has_some.wait(), PATIENCE_SECONDS)
        return before, len(membership.assignment)
    finally:
        await consumer.stop()


def test_a_group_that_shared_no_partitions_shares_them_with_the_next_heartbeat(servers: Servers) -> None:
    """A leader that had asked a starting Kafka left all partitions without a worker for four minutes."""
    settings = new_installation(servers)
    assert asyncio.run(assigned_after_a_beat(settings)) == (0, PARTITIONS)
