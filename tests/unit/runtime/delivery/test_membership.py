"""Membership: nothing is committed without the generation of the assignment that its records came with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import NodeNotReadyError
from aiokafka.structs import OffsetAndMetadata

from services.runtime.delivery.membership import Membership
from services.runtime.errors import Abandoned
from services.runtime.kafka.member import LeftOut, Member

if TYPE_CHECKING:
    from services.runtime.kafka.member import MemberConsumer

PART = TopicPartition("issues.raw", 0)
MINE = Member(7, "worker-1")


class Group:
    """Stands in for the consumer: the group that it is in knows one member."""

    def __init__(self) -> None:
        self.member = MINE
        self.known = MINE
        self.away = False
        self.committed: list[dict[TopicPartition, OffsetAndMetadata]] = []

    def subscribe(self, topics: tuple[str, ...], listener: object) -> None:
        pass

    async def commit_as(self, member: Member, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if member != self.known:
            raise LeftOut
        self.committed.append(offsets)

    async def beat(self, member: Member) -> None:
        if self.away:
            raise NodeNotReadyError
        if member != self.known:
            raise LeftOut


def joined(group: Group) -> Membership:
    membership = Membership(6.0, lambda: None, lambda: None)
    membership.join(cast("MemberConsumer", group), ["issues.raw"])
    return membership


def test_a_commit_carries_the_member_that_the_partitions_were_given_to() -> None:
    async def run() -> list[Any]:
        group = Group()
        membership = joined(group)
        await membership.on_partitions_assigned({PART})
        group.member = Member(-1, "")  # as aiokafka has it once its heartbeat was refused
        await membership.commit({PART: 41}, mark="relay-a")
        return group.committed

    assert asyncio.run(run()) == [{PART: OffsetAndMetadata(41, "relay-a")}]


@pytest.mark.parametrize("revoked", [False, True])
def test_nothing_is_committed_once_the_group_has_gone_on_or_the_partitions_are_gone(*, revoked: bool) -> None:
    async def run() -> None:
        group = Group()
        membership = joined(group)
        await membership.on_partitions_assigned({PART})
        group.known = Member(8, "worker-2")
        if revoked:
            await membership.on_partitions_revoked({PART})
        await membership.commit({PART: 41})

    with pytest.raises(Abandoned, match="went on without"):
        asyncio.run(run())


def test_only_a_worker_that_kafka_has_heard_of_lately_is_certain_of_its_place() -> None:
    async def run() -> tuple[bool, bool, bool]:
        group = Group()
        membership = joined(group)
        await membership.on_partitions_assigned({PART})
        at_first = membership.is_certain
        group.known = Member(8, "worker-2")
        await membership.beat()
        left_out = membership.is_certain
        group.known = MINE
        await membership.beat()
        return at_first, left_out, membership.is_certain

    assert asyncio.run(run()) == (False, False, True)


def test_a_kafka_that_does_not_answer_shows() -> None:
    async def run() -> None:
        group = Group()
        membership = joined(group)
        await membership.on_partitions_assigned({PART})
        group.away = True
        await membership.beat()

    with pytest.raises(NodeNotReadyError):
        asyncio.run(run())


def test_what_never_comes_is_given_up_when_a_rebalance_wants_the_partitions() -> None:
    async def run() -> None:
        membership = joined(Group())
        asyncio.get_running_loop().call_soon(membership.letting_go.set)
        await membership.unless_letting_go(asyncio.Event().wait())

    with pytest.raises(Abandoned, match="rebalance"):
        asyncio.run(run())
