"""Delivery: how a worker joins its group, and how it ends before it has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from services.runtime.delivery.clients import ASSIGNORS
from services.runtime.delivery.delivery import Delivery
from services.runtime.kafka.member import LeftOut, Member
from services.runtime.messages.records import Record
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from services.runtime.kafka.member import MemberConsumer, MemberProducer
    from services.runtime.messages.records import Batch


def test_a_worker_offers_one_way_to_share_partitions_and_so_joins_its_group_once() -> None:
    """Aiokafka 0.14 sends a request to join for each one offered, and each but the first begins a rebalance anew."""
    assert (RangePartitionAssignor,) == ASSIGNORS


def test_a_delivery_that_never_started_is_stopped_without_complaint() -> None:
    async def run() -> None:
        delivery = Delivery(load_settings(), "relay", ["issues.raw"])
        await delivery.stop()
        assert not delivery.condition.running

    asyncio.run(run())


PART = TopicPartition("issues.raw", 0)


class Elsewhere:
    """Stands in for the consumer of a worker that its group went on without."""

    def __init__(self) -> None:
        self.sought: dict[TopicPartition, int] = {}

    member = Member(7, "worker-1")

    async def commit_as(self, member: Member, _offsets: dict[TopicPartition, Any]) -> None:
        assert member == self.member
        raise LeftOut

    def subscribe(self, topics: tuple[str, ...], listener: object) -> None:
        pass

    def seek(self, part: TopicPartition, offset: int) -> None:
        self.sought[part] = offset


def test_a_worker_that_was_left_out_does_no_work_and_takes_its_records_again() -> None:
    """Else it would write states ahead of what its successor has committed, which would skip versions."""
    worked: list[Batch] = []

    async def work(batch: Batch) -> None:
        worked.append(batch)

    async def run() -> Elsewhere:
        delivery = Delivery(load_settings(), "relay", ["issues.raw"])
        consumer = Elsewhere()
        delivery._consumer = cast("MemberConsumer", consumer)
        delivery._membership.join(delivery._consumer, ["issues.raw"])
        await delivery._membership.on_partitions_assigned({PART})
        await delivery._handle({PART: [Record("issues.raw", 0, 7, 1_690_000_000_000, b"a", b"x")]}, work)
        return consumer

    assert asyncio.run(run()).sought == {PART: 7}
    assert worked == []


class Cancelling(Elsewhere):
    """Stands in for a consumer whose requests are cancelled from within, as aiokafka does without its coordinator."""

    def assignment(self) -> set[TopicPartition]:
        raise asyncio.CancelledError


def test_a_request_that_is_cancelled_from_within_ends_the_worker_and_is_not_taken_for_a_stop() -> None:
    """The process lived on, said nothing, and its partitions stood still (seed 3 of the fault harness)."""

    async def work(_batch: Batch) -> None:
        raise AssertionError

    async def run() -> None:
        delivery = Delivery(load_settings(), "relay", ["issues.raw"])
        delivery._consumer = cast("MemberConsumer", Cancelling())
        delivery._producer = cast("MemberProducer", object())
        delivery._membership.join(delivery._consumer, ["issues.raw"])
        await delivery._membership.on_partitions_assigned({PART})
        with pytest.raises(RuntimeError, match="cancelled from within"):
            await delivery.run(work)

    asyncio.run(run())


def test_a_worker_that_is_cancelled_ends_as_cancelled() -> None:
    async def work(_batch: Batch) -> None:
        raise AssertionError

    async def run() -> None:
        delivery = Delivery(load_settings(), "relay", ["issues.raw"])
        running = asyncio.ensure_future(delivery.run(work))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(run())
