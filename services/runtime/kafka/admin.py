"""Questions to Kafka about topics and groups."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
    for_code,
)
from aiokafka.structs import OffsetAndMetadata

from services.runtime.kafka.requests import UNSTABLE_OFFSET_COMMIT, StableOffsetsRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

COORDINATOR_SECONDS = 10.0
COORDINATOR_PAUSE_SECONDS = 0.25
WITHOUT_MEMBERS = frozenset({"Empty", "Dead"})
NO_COORDINATOR_YET = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)


class UnstableOffsets(KafkaError):  # type: ignore[misc]  # aiokafka publishes no types
    """A transaction with offsets of the group is still open, so the committed offsets are not known yet."""


class Admin(AIOKafkaAdminClient):  # type: ignore[misc]
    """aiokafka's client, which also sees when Kafka cannot name a group's offsets yet.

    Since KIP-88, Kafka's answer about offsets has an error code for the group. With an error, the answer names no
    partitions. aiokafka 0.14 ignores that code, both here and in its consumer. While a restarted Kafka is still loading
    a group, aiokafka believes that the group never existed.
    """

    async def committed(
        self, group: str, parts: Iterable[TopicPartition] | None = None, *, stable: bool = False
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return the offsets that a group has committed, without the partitions that have none.

        Args:
            group: the consumer group.
            parts: the partitions to ask about; None: all.
            stable: refuse to answer while a transaction with offsets of these partitions is open (KIP-447).

        Raises:
            UnstableOffsets: such a transaction is open.
            KafkaError: Kafka cannot say; for a while after Kafka starts, this is one of `NO_COORDINATOR_YET`.
        """
        request = StableOffsetsRequest(group, parts, stable=stable)
        answer = await self._client.send(await self.find_coordinator(group), request)
        found = {}
        for code in (answer.error_code, *(part[4] for _, answered, _ in answer.topics for part in answered)):
            if code == UNSTABLE_OFFSET_COMMIT:
                raise UnstableOffsets(f"a transaction about the offsets of {group} is open")
            if code:
                raise for_code(code)(f"Kafka does not name the offsets of {group}")
        for topic, answered, _ in answer.topics:
            for number, offset, _, metadata, *_ in answered:
                if offset >= 0:
                    found[TopicPartition(topic, number)] = OffsetAndMetadata(offset, metadata)
        return found


async def has_members(admin: AIOKafkaAdminClient, group: str) -> bool:
    """Return whether a consumer group has a worker; if it has, nobody else may commit offsets for the group."""
    answers = await admin.describe_consumer_groups([group])
    return any(state not in WITHOUT_MEMBERS for answer in answers for _, _, state, *_ in answer.groups)


async def partitions_of(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, list[TopicPartition]]:
    """Return the partitions of `topics`; a topic that does not exist has none."""
    known = set(await admin.list_topics())
    wanted = [topic for topic in topics if topic in known]
    found: dict[str, list[TopicPartition]] = {topic: [] for topic in topics}
    for described in await admin.describe_topics(wanted) if wanted else []:
        topic = described["topic"]
        found[topic] = sorted(TopicPartition(topic, part["partition"]) for part in described["partitions"])
    return found


async def group_offsets(admin: Admin, group: str) -> dict[TopicPartition, int]:
    """Return the offsets a group has committed; wait if Kafka has only just started.

    Raises:
        KafkaError: Kafka could not say within 10 s.
    """
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return {part: each.offset for part, each in (await admin.committed(group)).items()}
        except NO_COORDINATOR_YET:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(COORDINATOR_PAUSE_SECONDS)
