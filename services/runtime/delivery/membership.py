"""A worker's place in its group: what it was given, as which member, and when it must let go."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from aiokafka import ConsumerRebalanceListener
from aiokafka.structs import OffsetAndMetadata

from services.runtime.errors import Abandoned
from services.runtime.kafka.member import LeftOut

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from aiokafka import TopicPartition

    from services.runtime.kafka.member import Member, MemberConsumer

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

LETTING_GO = "the worker stops or a rebalance wants its partitions"
GONE_ON = "the group went on without this worker"


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka publishes no types
    """One worker's membership, from one assignment to the next.

    Attributes:
        in_hand: held from a poll to the end of its transaction, and taken by a rebalance before it goes on.
        settled: the group is stable; also set when the worker stops, so that nobody waits for it.
        stopped: the worker is to end.
        letting_go: the batch in hand is to end or to be abandoned.
        assignment: topic and number of the partitions given.
        joined: it was given partitions, or none, once.
        taken_over: `Delivery` goes on where the group is; false again with each assignment.

    Args:
        session_seconds: how long Kafka keeps the place of a worker that it does not hear of.
        on_assigned: told after each assignment.
        on_revoked: told before each rebalance.
    """

    def __init__(self, session_seconds: float, on_assigned: Callable[[], None], on_revoked: Callable[[], None]) -> None:
        self._session_seconds = session_seconds
        self._on_assigned = on_assigned
        self._on_revoked = on_revoked
        self._consumer: MemberConsumer | None = None
        self._member: Member | None = None
        self._poll: asyncio.Future[Any] | None = None
        self._heard_at = 0.0
        self.in_hand = asyncio.Lock()
        self.settled = asyncio.Event()
        self.letting_go = asyncio.Event()
        self.stopped = asyncio.Event()
        self.joined = False
        self.taken_over = False
        self.assignment: frozenset[tuple[str, int]] = frozenset()

    def join(self, consumer: MemberConsumer, topics: Iterable[str]) -> None:
        """Join the group with a consumer that is connected."""
        self._consumer = consumer
        consumer.subscribe(tuple(topics), listener=self)

    async def leave(self) -> None:
        """End or abandon the batch in hand; take no more."""
        self.stopped.set()
        self.settled.set()
        await self._let_go()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Let the batch in hand end before the partitions move on; one that only waits is abandoned."""
        self.settled.clear()
        await self._let_go()
        self.assignment = frozenset()
        self._member = None
        self._on_revoked()
        if revoked:
            log.info("partitions revoked", partitions=len(revoked))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Take up the partitions given to this worker."""
        assert self._consumer is not None
        self.assignment = frozenset((part.topic, part.partition) for part in assigned)
        self._member = self._consumer.member
        if not self.stopped.is_set():
            self.letting_go.clear()
        self.taken_over = False
        self.joined = True
        self._on_assigned()
        self.settled.set()
        log.info("partitions assigned", partitions=len(assigned))

    async def poll(self, asked: asyncio.Future[dict[TopicPartition, list[Any]]]) -> dict[TopicPartition, list[Any]]:
        """Return what a poll brings; nothing when a rebalance or a stop wants the partitions.

        A poll does not return while a rebalance goes on; one that has its records is past cancelling.
        """
        self._poll = asked
        try:
            await asyncio.wait([asked])
            return {} if asked.cancelled() else asked.result()
        finally:
            asked.cancel()
            self._poll = None

    async def until_letting_go(self, seconds: float) -> None:
        """Wait so long, or until the batch in hand is to be let go."""
        await _wait(self.letting_go, seconds)

    async def until_stopped(self, seconds: float) -> None:
        """Wait so long, or until the worker is to end."""
        await _wait(self.stopped, seconds)

    async def unless_letting_go(self, asked: Awaitable[Answer]) -> Answer:
        """Return what is awaited; give it up as soon as the batch in hand is to be let go.

        Raises:
            Abandoned: the worker stops or a rebalance wants the partitions.
        """
        answer, wanted = asyncio.ensure_future(asked), asyncio.ensure_future(self.letting_go.wait())
        try:
            await asyncio.wait({answer, wanted}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
        finally:
            wanted.cancel()
            answer.cancel()
            await asyncio.wait({answer})
        raise Abandoned(LETTING_GO)

    @property
    def member(self) -> Member:
        """Who this worker is in the present assignment.

        Raises:
            Abandoned: it has none; nothing may be committed.
        """
        if self._member is None:
            raise Abandoned(GONE_ON)
        return self._member

    @property
    def is_certain(self) -> bool:
        """Kafka has heard of this worker within half a session, so that nobody else was given its partitions."""
        return time.monotonic() - self._heard_at <= self._session_seconds / 2

    async def beat(self) -> None:
        """Give a sign of life, and return once Kafka has answered.

        Raises:
            KafkaError: Kafka does not answer.
        """
        if self._member is None or self._consumer is None:
            # Between two assignments aiokafka talks with Kafka; `settled` tells.
            return
        asked = time.monotonic()
        with contextlib.suppress(LeftOut):
            await self._consumer.beat(self._member)
            self._heard_at = asked

    async def commit(self, offsets: Mapping[TopicPartition, int], mark: str = "") -> None:
        """Commit outside any transaction, with `mark` as each offset's metadata.

        Raises:
            Abandoned: the group has gone on without this worker, or its coordinator does not answer.
        """
        assert self._consumer is not None
        member, asked = self.member, time.monotonic()
        try:
            async with asyncio.timeout(self._session_seconds):
                marked = {part: OffsetAndMetadata(offset, mark) for part, offset in offsets.items()}
                await self._consumer.commit_as(member, marked)
        except (LeftOut, TimeoutError) as error:
            raise Abandoned(GONE_ON) from error
        # Kafka has heard of this worker now, and keeps its place for as long as a session.
        self._heard_at = asked

    async def _let_go(self) -> None:
        self.letting_go.set()
        if self._poll is not None:
            self._poll.cancel()
        async with self.in_hand:
            pass


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
