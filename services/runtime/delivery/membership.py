"""A worker's place in its group: its partitions, its member id, and when it must let go of its batch."""

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

    from services.runtime.errors import NotAdmitted
    from services.runtime.kafka.member import Member, MemberConsumer

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

LETTING_GO = "the worker stops or a rebalance wants its partitions"
GONE_ON = "the group went on without this worker"


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka publishes no types
    """One worker's membership, from one assignment to the next.

    Attributes:
        in_hand: a lock. The worker holds it from a poll to the end of the transaction. A rebalance must take it first.
        settled: the group is stable; also set when the worker stops, so that nothing waits for it.
        stopped: the worker must end.
        letting_go: the worker must finish or abandon the batch in hand.
        assignment: the partitions of this worker, by topic and number.
        refusal: why a server does not let the worker in any more; None: it does.
        joined: the worker has had an assignment, with or without partitions.
        taken_over: `Delivery` continues at the group's offsets; each assignment sets it to false.

    Args:
        session_seconds: how long Kafka keeps the place of a worker that sends no heartbeat.
        on_assigned: called after each assignment.
        on_revoked: called before each rebalance.
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
        self.refusal: NotAdmitted | None = None

    def join(self, consumer: MemberConsumer, topics: Iterable[str]) -> None:
        """Join the group with a connected consumer."""
        self._consumer = consumer
        consumer.subscribe(tuple(topics), listener=self)

    async def leave(self) -> None:
        """Finish or abandon the batch in hand; take no more batches."""
        self.stopped.set()
        self.settled.set()
        await self._let_go()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Wait for the end of the batch in hand before the partitions move; abandon it if it only waits."""
        self.settled.clear()
        await self._let_go()
        self.assignment = frozenset()
        self._member = None
        self._on_revoked()
        if revoked:
            log.info("partitions revoked", partitions=len(revoked))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Take the partitions that this worker was assigned."""
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
        """Return the records of a poll; nothing when a rebalance or a stop needs the partitions.

        A poll does not return during a rebalance. A poll that already has its records cannot be cancelled.
        """
        self._poll = asked
        try:
            await asyncio.wait([asked])
            return {} if asked.cancelled() else asked.result()
        finally:
            asked.cancel()
            self._poll = None

    def check_admitted(self) -> None:
        """Do nothing while the servers let the worker in.

        Raises:
            NotAdmitted: one does not any more.
        """
        if self.refusal is not None:
            raise self.refusal

    async def is_settled(self, seconds: float) -> bool:
        """Return whether the group is stable; wait for it for at most this many seconds."""
        await _wait(self.settled, seconds)
        return self.settled.is_set()

    async def until_letting_go(self, seconds: float) -> None:
        """Wait for this many seconds, or until the worker must let go of the batch in hand."""
        await _wait(self.letting_go, seconds)

    async def until_stopped(self, seconds: float) -> None:
        """Wait for this many seconds, or until the worker must end."""
        await _wait(self.stopped, seconds)

    async def unless_letting_go(self, asked: Awaitable[Answer]) -> Answer:
        """Return the awaited result; give up as soon as the worker must let go of the batch in hand.

        Raises:
            Abandoned: the worker stops or a rebalance needs the partitions.
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
        """This worker's identity in the present assignment.

        Raises:
            Abandoned: the worker has no assignment, so it may commit nothing.
        """
        if self._member is None:
            raise Abandoned(GONE_ON)
        return self._member

    @property
    def is_certain(self) -> bool:
        """Whether Kafka heard from this worker within half a session, so that nobody else can have its partitions."""
        return time.monotonic() - self._heard_at <= self._session_seconds / 2

    async def beat(self) -> None:
        """Send a heartbeat, and return once Kafka has answered.

        Raises:
            KafkaError: Kafka does not answer.
        """
        if self._member is None or self._consumer is None:
            # Between two assignments aiokafka itself talks with Kafka; `settled` shows this.
            return
        asked = time.monotonic()
        with contextlib.suppress(LeftOut):
            await self._consumer.beat(self._member)
            self._heard_at = asked

    async def commit(self, offsets: Mapping[TopicPartition, int], mark: str = "") -> None:
        """Commit outside any transaction, with `mark` as the metadata of every offset.

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
        # Kafka has now heard from this worker, and keeps its place for the length of a session.
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


def ended_by(error: asyncio.CancelledError) -> BaseException:
    """Return what ends a task: the cancellation itself, or an error if only a request that it awaits was cancelled.

    aiokafka cancels its own requests when it loses a coordinator. That must end the worker as any other error does:
    else the process would live on and do nothing.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        return error
    return RuntimeError("a request of the delivery was cancelled from within")
