"""Delivery: how a worker joins its group, and how it ends before it has."""

from __future__ import annotations

import asyncio

from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from services.runtime.delivery import ASSIGNORS, Delivery
from services.runtime.settings import load_settings


def test_a_worker_offers_one_way_to_share_partitions_and_so_joins_its_group_once() -> None:
    """Aiokafka 0.14 sends a request to join for each one offered, and each but the first begins a rebalance anew."""
    assert (RangePartitionAssignor,) == ASSIGNORS


def test_a_delivery_that_never_started_is_stopped_without_complaint() -> None:
    async def run() -> None:
        delivery = Delivery(load_settings(), "relay", ["issues.raw"])
        await delivery.stop()
        assert not delivery.condition.running

    asyncio.run(run())
