"""A consumer and a producer that commit only as a member of their group.

After Kafka has refused a heartbeat, aiokafka 0.14 commits with generation -1. Kafka treats that as a commit from a
consumer without a group, and accepts it when the group is empty. In a transaction aiokafka names no member at all, so
Kafka accepts offsets from a worker that is no longer in the group. Therefore every commit here carries the generation
and the member id of the assignment that its records belong to (KIP-447). Kafka refuses the commit once the group has a
newer generation.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import CoordinationType
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    IllegalGenerationError,
    KafkaError,
    NotCoordinatorForGroupError,
    RebalanceInProgressError,
    RequestTimedOutError,
    UnknownMemberIdError,
    for_code,
)
from aiokafka.producer.sender import Sender, TxnOffsetCommitHandler
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.group import HeartbeatRequest

from services.runtime.kafka.requests import MemberOffsetsRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiokafka import TopicPartition
    from aiokafka.structs import OffsetAndMetadata

REFUSED = (IllegalGenerationError, UnknownMemberIdError)
LOST_COORDINATOR = (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError)
PASSING = (*LOST_COORDINATOR, GroupLoadInProgressError, RequestTimedOutError)
RETRY_SECONDS = 0.1


class LeftOut(KafkaError):  # type: ignore[misc]  # aiokafka publishes no types
    """The group has gone on without this member."""


@dataclass(frozen=True, slots=True)
class Member:
    """A worker's identity in its group during one assignment."""

    generation: int
    member_id: str


class MemberConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """aiokafka's consumer, which commits and sends heartbeats as the member of one assignment."""

    @property
    def member(self) -> Member:
        """The member that the group knows now; ask when partitions are assigned."""
        return Member(self._coordinator.generation, self._coordinator.member_id)

    async def commit_as(self, member: Member, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Commit outside any transaction; if the coordinator moves or is down, try again until it answers.

        Raises:
            LeftOut: the group has gone on.
            KafkaError: Kafka refuses.
        """
        topics: dict[str, list[tuple[int, int, str]]] = {}
        for part, each in offsets.items():
            topics.setdefault(part.topic, []).append((part.partition, each.offset, each.metadata))
        request = OffsetCommitRequest(
            self._group_id,
            member.generation,
            member.member_id,
            OffsetCommitRequest.DEFAULT_RETENTION_TIME,
            list(topics.items()),
        )
        while True:
            await self._coordinator.ensure_coordinator_known()
            try:
                answer = await self._coordinator._send_req(request)  # noqa: SLF001  # the base class's own
                for _, parts in answer.topics:
                    for _, code in parts:
                        self._check(code, member)
            except KafkaError as error:
                if not (error.retriable or isinstance(error, PASSING)):
                    raise
            else:
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def beat(self, member: Member) -> None:
        """Tell the group that this member is alive; return when Kafka has confirmed it.

        It also asks again for partitions that Kafka did not name. A Kafka that starts names none for a moment. A leader
        of the group that shares none then would look again only after five minutes.

        Raises:
            LeftOut: the group has gone on.
            KafkaError: Kafka does not answer.
        """
        request = HeartbeatRequest(self._group_id, member.generation, member.member_id)
        answer = await self._coordinator._send_req(request)  # noqa: SLF001  # see above
        if for_code(answer.error_code) is not RebalanceInProgressError:
            self._check(answer.error_code, member)
        if not all(self._client.cluster.partitions_for_topic(topic) for topic in self.subscription()):
            await self._client.force_metadata_update()

    def _check(self, code: int, member: Member) -> None:
        error = for_code(code)
        if error in (*REFUSED, RebalanceInProgressError):
            if error is RebalanceInProgressError:
                self._coordinator.request_rejoin()
            elif self.member == member:
                self._coordinator.reset_generation()
            raise LeftOut(error.__name__)
        if error in LOST_COORDINATOR:
            self._coordinator.coordinator_dead()
        if code:
            raise error


class MemberProducer(AIOKafkaProducer):  # type: ignore[misc]
    """aiokafka's producer, which adds offsets to its transactions as a member of a group."""

    def __init__(self, *, retry_backoff_ms: int = 100, **arguments: Any) -> None:
        super().__init__(retry_backoff_ms=retry_backoff_ms, **arguments)
        self._sender = _Sender(
            self.client,
            acks=-1,
            txn_manager=self._txn_manager,
            retry_backoff_ms=retry_backoff_ms,
            message_accumulator=self._message_accumulator,
            request_timeout_ms=self._request_timeout_ms,
        )

    async def send_offsets_as(self, member: Member, offsets: Mapping[TopicPartition, int], group: str) -> None:
        """Add offsets to the open transaction.

        Raises:
            LeftOut: the group has gone on without this member; the transaction must be aborted.
        """
        self._sender.member = member
        await self.send_offsets_to_transaction(dict(offsets), group)

    @property
    def written(self) -> frozenset[TopicPartition]:
        """The partitions of the open transaction."""
        return frozenset(self._txn_manager.txn_partitions)

    async def settle(self, parts: Iterable[TopicPartition], group: str, *, commit: bool) -> None:
        """End what earlier transactions of this producer left open, with a transaction that is empty.

        Kafka 4.4 may finish a transaction without its markers while the broker shuts down. Its records and offsets
        then stay undecided, although nothing is open for the coordinator. A marker of the same producer decides them.

        Args:
            parts: the partitions that those transactions wrote to.
            group: the group whose offsets they held.
            commit: whether they count.
        """
        await self.begin_transaction()
        for part in parts:
            self._txn_manager.maybe_add_partition_to_txn(part)
        await self._txn_manager.add_offsets_to_txn({}, group)
        await (self.commit_transaction() if commit else self.abort_transaction())


class _Sender(Sender):  # type: ignore[misc]
    member: Member

    async def _do_txn_offset_commit(self, offsets: dict[TopicPartition, OffsetAndMetadata], group_id: str) -> None:
        if not offsets:
            *_, waiting = self._txn_manager._pending_txn_offsets.popleft()  # noqa: SLF001  # the base class's own
            waiting.set_result(None)
            return
        try:
            node = await self._find_coordinator(CoordinationType.GROUP, group_id)
        except GroupAuthorizationFailedError as error:
            self._txn_manager.error_transaction(error)
            return
        await _MemberOffsets(self, offsets, group_id).do(node)


class _MemberOffsets(TxnOffsetCommitHandler):  # type: ignore[misc]
    def create_request(self) -> MemberOffsetsRequest:
        transaction, member = self._sender._txn_manager, self._sender.member  # noqa: SLF001  # the base class's own
        return MemberOffsetsRequest(
            transactional_id=transaction.transactional_id,
            group=self._group_id,
            producer_id=transaction.producer_id,
            producer_epoch=transaction.producer_epoch,
            generation=member.generation,
            member_id=member.member_id,
            offsets=self._offsets,
        )

    def handle_response(self, response: Any) -> float | None:
        errors = [(topic, [(number, code) for number, code, _ in parts]) for topic, parts, _ in response.topics]
        refused = [for_code(code) for _, parts in errors for _, code in parts if for_code(code) in REFUSED]
        if refused:
            # The manager's own error handling would forget that the transaction is open, and never end it.
            *_, waiting = self._sender._txn_manager._pending_txn_offsets.popleft()  # noqa: SLF001  # see above
            waiting.set_exception(LeftOut(refused[0].__name__))
            return None
        found: float | None = super().handle_response(SimpleNamespace(errors=errors))
        return found
