"""Consume, decide, emit and commit as one atomic step between topics.

A Kafka transaction holds what a batch emits, what it sends to quarantine, and the offsets it consumed; readers of our
topics use isolation level read_committed. The batch in hand and its transaction are finished before a rebalance takes
the partitions away, or abandoned whole, so that no other worker does the same work beside this one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import uuid
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import CommitFailedError, KafkaError

from services.runtime.delivery.fencing import take_over
from services.runtime.delivery.lag import Lag
from services.runtime.errors import Abandoned
from services.runtime.health.condition import Condition
from services.runtime.health.measures import Measures
from services.runtime.kafka.connection import connection
from services.runtime.kafka.sending import send
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Batch, Record
from services.runtime.names import QUARANTINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
"""How long one poll waits for records: also how soon a stop is noticed."""

BREATH_SECONDS = 0.05
"""How long work may hold the event loop before it is given back once."""

LETTING_GO = "the worker stops or a rebalance wants its partitions"

ASSIGNORS = (RangePartitionAssignor,)
"""By range, so that a worker has the same partitions of each of its topics. One only: aiokafka joins the group once for
each, with a longer list each time, which Kafka takes for a change; with two, the group may never come to rest."""

NEVER_MS = 24 * 3600 * 1000
"""Waiting for Elasticsearch must not cost a worker its place in the group: aiokafka would not take it back."""

TRANSACTION_MS = 15_000
"""A killed worker's open transaction holds up every reader of its topics for so long, and a live one takes no longer:
the work is done before it begins."""

PRODUCER_BATCH_BYTES = 1024 * 1024

MOST_FETCHED_BYTES = 16 * 1024 * 1024
"""Of one answer of a broker: one such is in hand while the next is fetched. A larger record comes alone."""


class Delivery(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka publishes no types
    """One worker's consumer and transactional producer.

    Args:
        settings: where Kafka is and how much to take at once.
        stage: names the consumer group and the quarantine's entries.
        topics: what to consume.
    """

    def __init__(self, settings: Settings, stage: str, topics: Iterable[str]) -> None:
        self._stage = stage
        self._settings = settings
        self._topics = tuple(topics)
        self._group = settings.names.group(stage)
        # Held from a poll to the end of its transaction, and taken by a rebalance before it goes on.
        self._in_hand = asyncio.Lock()
        self._letting_go = asyncio.Event()
        self._most_records = settings.batch_records
        self._assigned = asyncio.Event()
        self._poll: asyncio.Future[dict[TopicPartition, list[Any]]] | None = None
        self._started: list[AIOKafkaProducer | AIOKafkaConsumer] = []
        self._stopping = False
        self._taken_over = False
        self._member_at = 0.0
        self._id = f"{self._group}-{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._committed: dict[TopicPartition, int] = {}
        self._joined = False
        self._running = False
        self._waiting = False
        self._lag = 0
        self._behind = Lag()
        self._breathed = 0.0
        self._last_progress = time.monotonic()
        self.assignment: frozenset[tuple[str, int]] = frozenset()
        self.measures = Measures(stage)

    @property
    def condition(self) -> Condition:
        """What the worker knows of itself now; may be asked from any thread."""
        return Condition(
            starting=not (self._joined or self._stopping),
            running=self._running and not self._stopping,
            settled=self._assigned.is_set(),
            waiting=self._waiting,
            lag=self._lag,
            idle_seconds=time.monotonic() - self._last_progress,
        )

    async def start(self) -> None:
        """Connect and join the group."""
        session_ms = int(self._settings.session_timeout * 1000)
        self._producer = AIOKafkaProducer(
            **connection(self._settings),
            transactional_id=self._id,
            max_batch_size=PRODUCER_BATCH_BYTES,
            max_request_size=QUARANTINE_BYTES,
            transaction_timeout_ms=TRANSACTION_MS,
        )
        self._consumer = AIOKafkaConsumer(
            **connection(self._settings),
            group_id=self._group,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            max_poll_interval_ms=NEVER_MS,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // 4,
            rebalance_timeout_ms=60_000,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            fetch_max_bytes=MOST_FETCHED_BYTES,
            partition_assignment_strategy=ASSIGNORS,
        )
        for client in (self._producer, self._consumer):
            self._started.append(client)
            await client.start()
        self._consumer.subscribe(self._topics, listener=self)

    async def stop(self) -> None:
        """End or abandon the batch in hand, then leave: producer first, so that nothing of it can commit later.

        A worker may be stopped before it has reached its servers.
        """
        self._stopping = True
        self._assigned.set()
        await self._let_go()
        for client in self._started:
            await client.stop()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Let the batch in hand end before the partitions move on; one that only waits is abandoned."""
        self._assigned.clear()
        await self._let_go()
        self.assignment = frozenset()
        self._committed.clear()
        self._behind.forget()
        if revoked:
            log.info("partitions revoked", partitions=len(revoked))

    async def _let_go(self) -> None:
        self._letting_go.set()
        if self._poll is not None:
            # A poll does not return while a rebalance goes on; one that has its records is past cancelling.
            self._poll.cancel()
        async with self._in_hand:
            pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Take up the partitions given to this worker."""
        self.assignment = frozenset((part.topic, part.partition) for part in assigned)
        if not self._stopping:
            self._letting_go.clear()
        self._taken_over = False
        self._assigned.set()
        self._joined = True
        self._waiting = False
        self._lag = 0
        self._last_progress = time.monotonic()
        log.info("partitions assigned", partitions=len(assigned))

    async def pause(self, seconds: float) -> None:
        """Wait inside a batch, for a server that is away.

        Raises:
            Abandoned: the worker stops or a rebalance wants the partitions.
        """
        self._waiting = True
        await self._until_letting_go(seconds)
        if self._letting_go.is_set():
            raise Abandoned(LETTING_GO)

    async def breathe(self) -> None:
        """Let the worker live between the records of a batch whose work is long: heartbeats, signals, rebalances.

        To be called before each record; all but a few calls a second cost nothing.

        Raises:
            Abandoned: the worker stops or a rebalance wants the partitions.
        """
        if time.monotonic() - self._breathed < BREATH_SECONDS:
            return
        await asyncio.sleep(0)
        self._breathed = time.monotonic()
        if self._letting_go.is_set():
            raise Abandoned(LETTING_GO)

    async def run(self, work: Callable[[Batch], Awaitable[None]]) -> None:
        """Hand batches to `work` one after another, and deliver each, until `stop`.

        Whatever else `work` or the delivery raises ends the worker with nothing of the batch committed; the records
        come again after the restart.
        """
        self._running = True
        try:
            while not self._stopping:
                await self._assigned.wait()
                async with self._in_hand:
                    if self._letting_go.is_set() or not await self._take_over():
                        continue
                    taken = await self._take()
                    await self._look(taken)
                    if taken:
                        await self._handle(taken, work)
                    else:
                        await self._commit_markers()
        finally:
            self._running = False

    async def _take_over(self) -> bool:
        """Go on where the group is, once for each assignment, and with nobody else's transaction open over it.

        aiokafka's consumer may have begun with the first record, since Kafka could not yet say where the group is.
        """
        if self._taken_over:
            return True
        try:
            async with asyncio.timeout(self._settings.session_timeout):
                assigned = self._consumer.assignment()
                ended, committed = await take_over(self._settings, self._group, self._id, assigned)
                for part in ended:
                    log.info("a transaction left open was ended", topic=part.topic, partition=part.partition)
                for part, offset in committed.items():
                    if offset != await self._consumer.position(part):
                        self._consumer.seek(part, offset)
        except (KafkaError, OSError, TimeoutError) as error:
            log.warning("waiting for Kafka", reason=type(error).__name__)
            await self._until_letting_go(POLL_SECONDS)
            return False
        self._taken_over = True
        return True

    async def _until_letting_go(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._letting_go.wait()

    async def _look(self, in_hand: dict[TopicPartition, list[Any]]) -> None:
        """See how far behind each partition is; without any lag, there being nothing to do counts as progress."""
        lags = await self._behind.of(self._consumer, in_hand)
        self._lag = sum(lags.values())
        self.measures.lag(lags)
        if not self._lag:
            self._last_progress = time.monotonic()

    async def _commit_markers(self) -> None:
        """Commit past the end of the producers' transactions, whose markers take offsets too: an idle lag is then 0."""
        passed: dict[TopicPartition, int] = {}
        for part in self._consumer.assignment():
            if self._consumer.last_stable_offset(part) is not None:
                position = await self._consumer.position(part)
                if position > self._committed.get(part, 0):
                    passed[part] = position
        if passed:
            with contextlib.suppress(Abandoned):
                await self._commit(passed)
                self._committed |= passed

    async def _take(self) -> dict[TopicPartition, list[Any]]:
        self._poll = asyncio.ensure_future(
            self._consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000), max_records=self._most_records)
        )
        try:
            await asyncio.wait([self._poll])
            return {} if self._poll.cancelled() else self._poll.result()
        finally:
            self._poll.cancel()
            self._poll = None

    async def _handle(self, taken: dict[TopicPartition, list[Any]], work: Callable[[Batch], Awaitable[None]]) -> None:
        batch = Batch([Record.of(r) for records in taken.values() for r in records])
        began = time.monotonic()
        self.measures.taken(min(record.timestamp for record in batch.records))
        try:
            # Only a member may write states: one left out would write ahead of what its successor has committed.
            if began - self._member_at > self._settings.session_timeout / 2:
                await self._commit({part: records[0].offset for part, records in taken.items()})
            await work(batch)
            await self._still_ours(taken)
        except Abandoned as reason:
            self.measures.abandoned(len(batch.records))
            log.info("batch abandoned", records=len(batch.records), reason=str(reason))
            if not self._letting_go.is_set():
                for part, records in taken.items():
                    self._consumer.seek(part, records[0].offset)
                await asyncio.sleep(POLL_SECONDS)
            return
        finally:
            self._waiting = False
        quarantine = self._settings.names.quarantine
        for rejection in batch.rejections:
            log.warning(
                "message quarantined",
                reason=str(rejection.error),
                topic=rejection.record.topic,
                partition=rejection.record.partition,
                offset=rejection.record.offset,
            )
            batch.emissions.append(to_quarantine(rejection, stage=self._stage, topic=quarantine))
        left: dict[TopicPartition, int] = {}
        for record in batch.left:
            part = TopicPartition(record.topic, record.partition)
            left[part] = min(record.offset, left.get(part, record.offset))
        offsets = {part: left.get(part, records[-1].offset + 1) for part, records in taken.items()}
        async with self._producer.transaction():
            await send(self._producer, batch.emissions)
            await self._producer.send_offsets_to_transaction(offsets, self._group)
        self._committed |= offsets
        for part, offset in left.items():
            self._consumer.seek(part, offset)
        self._last_progress = time.monotonic()
        handled = len(batch.records) - len(batch.left)
        # What a batch has no time for is fetched and decoded, and its state read, once more: take less of it.
        self._most_records = handled if batch.left else min(self._most_records * 2, self._settings.batch_records)
        self.measures.delivered(handled, len(batch.rejections), self._last_progress - began)
        self.measures.ignored(batch.ignored)

    async def _still_ours(self, taken: dict[TopicPartition, list[Any]]) -> None:
        """Make sure that the group has not gone on without this worker, which may have been frozen for a while.

        aiokafka sends offsets in a transaction without the group's generation, so the broker would take them from a
        worker that was left out. An ordinary commit is refused then: this one says again where the batch begins, and
        whose transaction follows (see `fencing`).

        Raises:
            Abandoned: the partitions belong to another worker.
        """
        await self._commit({part: (records[0].offset, self._id) for part, records in taken.items()})

    async def _commit(self, offsets: Mapping[TopicPartition, int | tuple[int, str]]) -> None:
        """Commit as a member of the group, outside any transaction.

        Raises:
            Abandoned: the group has gone on without this worker, or its coordinator does not answer.
        """
        asked = time.monotonic()
        try:
            async with asyncio.timeout(self._settings.session_timeout):
                await self._consumer.commit(dict(offsets))
            # Kafka has heard of this worker now, and keeps its place for as long as a session.
            self._member_at = asked
        except (CommitFailedError, TimeoutError) as error:
            raise Abandoned("the group went on without this worker") from error
