"""Consume, decide, emit and commit as one atomic step between topics.

A Kafka transaction holds what a batch emits, what it sends to quarantine, and the offsets it consumed. Readers of our
topics use isolation level read_committed. Before a rebalance takes the partitions away, the worker finishes its batch
and the transaction, or abandons the complete batch. So no other worker does the same work at the same time.
"""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from services.runtime.delivery.clients import consumer_of, producer_of
from services.runtime.delivery.idle import Idle
from services.runtime.delivery.inputs import InputLost
from services.runtime.delivery.membership import LETTING_GO, Membership, ended_by
from services.runtime.delivery.progress import Progress
from services.runtime.delivery.takeover import take_over
from services.runtime.errors import Abandoned, NeedsOperator, NotAdmitted, Unavailable
from services.runtime.kafka.member import LeftOut
from services.runtime.kafka.sending import send
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Batch, Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from services.runtime.health.condition import Condition
    from services.runtime.health.measures import Measures
    from services.runtime.kafka.member import MemberConsumer, MemberProducer
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 0.2
"""How long one poll waits for records; a worker notices a stop after this time at the latest."""

LINGER_SECONDS: Final = 60.0
"""How long a worker that must not go on shows the reason in its metrics and on /ready before it ends."""


class Delivery:
    """One worker's consumer and transactional producer.

    Args:
        settings: where Kafka is, and how many records a batch may have.
        stage: the name for the consumer group and for entries in quarantine.
        topics: the topics to consume.
        linger_seconds: see `LINGER_SECONDS`.
    """

    def __init__(
        self, settings: Settings, stage: str, topics: Iterable[str], *, linger_seconds: float = LINGER_SECONDS
    ) -> None:
        self._settings = settings
        self._stage = stage
        self._topics = tuple(topics)
        self._group = settings.names.group(stage)
        self._id = f"{self._group}-{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._linger_seconds = linger_seconds
        self._most_records = settings.batch_records
        self._check: Callable[[Mapping[TopicPartition, int]], Awaitable[None]] | None = None
        self._started: list[MemberProducer | MemberConsumer] = []
        self._progress = Progress(stage, settings.session_timeout)
        self._idle = Idle(self._group, settings.session_timeout)
        self._membership = Membership(settings.session_timeout, self._progress.assigned, self._revoked)

    @property
    def condition(self) -> Condition:
        """What the worker knows about itself now; any thread may ask."""
        return self._progress.condition(self._membership)

    @property
    def measures(self) -> Measures:
        """What the worker counts, for Prometheus."""
        return self._progress.measures

    @property
    def assignment(self) -> frozenset[tuple[str, int]]:
        """The partitions that this worker has now, by topic and number."""
        return self._membership.assignment

    def on_takeover(self, check: Callable[[Mapping[TopicPartition, int]], Awaitable[None]]) -> None:
        """Run `check` before the first record of each assignment.

        Args:
            check: receives the offsets that the group has committed for the partitions. It raises `NeedsOperator` if
                data that the stage keeps elsewhere is older, and `Abandoned` or `Unavailable` if it cannot tell now.
        """
        self._check = check

    async def start(self) -> None:
        """Connect and join the group."""
        self._producer = producer_of(self._settings, self._id)
        self._consumer = consumer_of(self._settings, self._group)
        for client in (self._producer, self._consumer):
            self._started.append(client)
            await client.start()
        self._membership.join(self._consumer, self._topics)
        self._progress.listen(self._membership, self._settings, self.refuse)

    async def stop(self) -> None:
        """Finish or abandon the batch in hand, if any; then stop the producer first, so that it cannot commit later."""
        await self._membership.leave()
        self._idle.close()
        await self._progress.close()
        for client in self._started:
            await client.stop()

    def refuse(self, error: NotAdmitted) -> None:
        """End the worker soon, because a server does not let it in any more."""
        self._membership.refusal = error

    async def linger(self, error: NeedsOperator | NotAdmitted) -> None:
        """Show the reason why the worker must not go on for a while: a process that has ended has no metrics."""
        self._progress.obstacle = str(error)
        for gap in error.gaps if isinstance(error, InputLost) else ():
            self.measures.lost(gap.topic, gap.partition, gap.offsets)
        log.error("the worker must not go on", reason=str(error))
        await self._membership.until_stopped(self._linger_seconds)

    async def pause(self, seconds: float) -> None:
        """Wait inside a batch for a server that is down.

        Raises:
            Abandoned: the worker stops or a rebalance needs the partitions.
            NotAdmitted: a server does not let the worker in any more.
        """
        self._membership.check_admitted()
        self._progress.waiting = True
        await self._membership.until_letting_go(seconds)
        if self._membership.letting_go.is_set():
            raise Abandoned(LETTING_GO)

    async def breathe(self) -> None:
        """Let heartbeats, signals and rebalances run between the records of a batch that takes long.

        Call it before each record; all but a few calls a second cost nothing.

        Raises:
            Abandoned: the worker stops or a rebalance needs the partitions.
        """
        if await self._progress.breathe() and self._membership.letting_go.is_set():
            raise Abandoned(LETTING_GO)

    async def run(self, work: Callable[[Batch], Awaitable[None]]) -> None:
        """Give batches to `work` one after another and deliver them, until `stop`.

        Any other error from `work` or from the delivery ends the worker, and commits nothing of the batch. After the
        restart the worker reads the records again.

        Raises:
            NeedsOperator, NotAdmitted: the worker must not go on; it has shown the reason for a while.
        """
        member = self._membership
        self._progress.running = True
        try:
            while not member.stopped.is_set():
                member.check_admitted()
                if not await member.is_settled(POLL_SECONDS):
                    continue
                async with member.in_hand:
                    if member.letting_go.is_set() or not await self._take_over():
                        continue
                    taken = await self._take()
                    await self._progress.look(self._consumer, taken)
                    if taken:
                        await self._handle(taken, work)
                    elif member.taken_over:
                        await self._idle.rest(self._consumer, self._producer, member)
        except (NeedsOperator, NotAdmitted) as error:
            await self.linger(error)
            raise
        except asyncio.CancelledError as error:
            raise ended_by(error) from None
        finally:
            self._progress.running = False

    async def _take_over(self) -> bool:
        """Once per assignment, end open transactions, its own first, and continue at the group's offsets.

        Raises:
            NeedsOperator: Kafka no longer has the records to read, or data that the stage keeps elsewhere is older.
        """
        member = self._membership
        if member.taken_over:
            return True
        try:
            async with asyncio.timeout(self._settings.session_timeout):
                await member.unless_letting_go(self._idle.settle(self._producer))
                parts = self._consumer.assignment()
                asked = take_over(self._settings, self._stage, self._id, self._consumer, parts)
                found = await member.unless_letting_go(asked)
            if self._check is not None:
                await member.unless_letting_go(self._check({part: found.starts[part] for part in found.begun}))
        except (KafkaError, OSError, TimeoutError, Unavailable, Abandoned) as error:
            reason = str(error) or type(error).__name__
            self._progress.held.from_partitions(reason)
            log.warning("waiting to take over", reason=reason)
            await member.until_letting_go(POLL_SECONDS)
            return False
        finally:
            self._progress.waiting = False
        for part in found.ended:
            log.info("a transaction left open was ended", topic=part.topic, partition=part.partition)
        for part, offset in found.starts.items():
            if part not in found.begun:
                log.info("begins with the first record", topic=part.topic, partition=part.partition, offset=offset)
            self._consumer.seek(part, offset)
        member.taken_over = True
        self._progress.held.taken_over()
        return True

    async def _take(self) -> dict[TopicPartition, list[Any]]:
        asked = self._consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000), max_records=self._most_records)
        try:
            return await self._membership.poll(asyncio.ensure_future(asked))
        except (OffsetOutOfRangeError, NoOffsetForPartitionError) as error:
            log.warning("a position is not there any more", reason=str(error))
            self._membership.taken_over = False
            return {}

    async def _handle(self, taken: dict[TopicPartition, list[Any]], work: Callable[[Batch], Awaitable[None]]) -> None:
        batch = Batch([Record.of(r) for records in taken.values() for r in records])
        began = time.monotonic()
        self.measures.taken(min(record.timestamp for record in batch.records))
        try:
            firsts = {part: records[0].offset for part, records in taken.items()}
            # Only a member may write states. A worker outside the group would write states that are ahead of the
            # offsets that its successor has committed.
            if not self._membership.is_certain:
                await self._membership.commit(firsts)
            await work(batch)
            await self._deliver(batch, firsts)
        except Abandoned as reason:
            self.measures.abandoned(len(batch.records))
            log.info("batch abandoned", records=len(batch.records), reason=str(reason))
            if not self._membership.letting_go.is_set():
                for part, first in firsts.items():
                    self._consumer.seek(part, first)
                await asyncio.sleep(POLL_SECONDS)
            return
        finally:
            self._progress.waiting = False
        handled = len(batch.records) - len(batch.left)
        # A batch that runs out of time leaves records. They must be fetched and decoded again, and their states read
        # again. So the next batch takes fewer records.
        self._most_records = handled if batch.left else min(self._most_records * 2, self._settings.batch_records)
        self._progress.delivered(batch, began)
        self.measures.noted(batch.ignored, batch.searchable_after)

    async def _deliver(self, batch: Batch, firsts: dict[TopicPartition, int]) -> None:
        """Send the batch's messages, its quarantined records and its offsets in one transaction.

        Raises:
            Abandoned: the partitions belong to another worker.
        """
        # The mark tells the next worker whose transaction follows (`takeover`). A group that has gone on refuses it.
        await self._membership.commit(firsts, mark=self._id)
        for rejection in batch.rejections:
            record = rejection.record
            log.warning(
                "message quarantined",
                reason=str(rejection.error),
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
            )
            quarantined = to_quarantine(rejection, stage=self._stage, topic=self._settings.names.quarantine)
            batch.emissions.append(quarantined)
        offsets = {TopicPartition(*part): offset for part, offset in batch.reached().items()}
        written: frozenset[TopicPartition] = frozenset()
        try:
            async with self._producer.transaction():
                await send(self._producer, batch.emissions)
                written = self._producer.written
                await self._producer.send_offsets_as(self._membership.member, offsets, self._group)
        except LeftOut as error:
            self._idle.ended(written, None)
            raise Abandoned("the group went on without this worker") from error
        self._idle.ended(written, offsets)
        for part in {TopicPartition(record.topic, record.partition) for record in batch.left}:
            self._consumer.seek(part, offsets[part])

    def _revoked(self) -> None:
        self._idle.revoked()
        self._progress.revoked()
