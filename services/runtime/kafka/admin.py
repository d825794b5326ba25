"""What Kafka knows of topics and groups."""

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
    """A transaction about the group's offsets is still open: what is committed is not yet known."""


class Admin(AIOKafkaAdminClient):  # type: ignore[misc]
    """aiokafka's, which also tells a group that committed nothing from one whose offsets Kafka cannot name yet.

    Since KIP-88 an answer with offsets has an error of its own, and names no partitions then. aiokafka 0.14 does not
    look at it, neither here nor in its consumer, and takes a group that a restarted Kafka still loads for one that
    never was.
    """

    async def committed(
        self, group: str, parts: Iterable[TopicPartition] | None = None, *, stable: bool = False
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return what a group has committed: nothing for a partition of which it has not.

        Args:
            group: the consumer group.
            parts: what is asked for; None: everything.
            stable: refuse to answer while a transaction about one of the partitions is open (KIP-447).

        Raises:
            UnstableOffsets: one is open.
            KafkaError: Kafka cannot say; one of `NO_COORDINATOR_YET` for a while after it was started.
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
    """Tell whether a worker is in a consumer group: nobody else may commit to it then."""
    answers = await admin.describe_consumer_groups([group])
    return any(state not in WITHOUT_MEMBERS for answer in answers for _, _, state, *_ in answer.groups)


async def partitions_of(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, list[TopicPartition]]:
    """Return the partitions of each of `topics`; none for a topic that is not there."""
    known = set(await admin.list_topics())
    wanted = [topic for topic in topics if topic in known]
    found: dict[str, list[TopicPartition]] = {topic: [] for topic in topics}
    for described in await admin.describe_topics(wanted) if wanted else []:
        topic = described["topic"]
        found[topic] = sorted(TopicPartition(topic, part["partition"]) for part in described["partitions"])
    return found


async def group_offsets(admin: Admin, group: str) -> dict[TopicPartition, int]:
    """Return the offsets a group has committed; a Kafka started just now is waited for.

    Raises:
        KafkaError: Kafka cannot say, and did not come to within 10 s.
    """
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return {part: each.offset for part, each in (await admin.committed(group)).items()}
        except NO_COORDINATOR_YET:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(COORDINATOR_PAUSE_SECONDS)
