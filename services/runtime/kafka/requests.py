"""Two requests that aiokafka 0.14 sends only in versions too old for us, written in aiokafka's style.

Sources: Kafka's `OffsetFetchRequest.json` (version 7 has `require_stable`) and `TxnOffsetCommitRequest.json` (version 3
has the group's generation and the member), KIP-447. Kafka accepts both since version 2.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Int64, Schema, TaggedFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiokafka import TopicPartition
    from aiokafka.structs import OffsetAndMetadata

UNSTABLE_OFFSET_COMMIT = 88
"""Kafka's code for an offset that an open transaction may still change."""

NO_EPOCH = -1
TEXT = CompactString("utf-8")
Tags = dict[int, bytes]
Partitions = list[tuple[int, int, int, str, Tags]]


class StableOffsetsResponse(Response):  # type: ignore[misc]  # aiokafka publishes no types
    """The offsets that a group has committed, or an error code for a partition or for the group."""

    API_KEY = 9
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("topic", TEXT),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", TEXT),
                        ("error_code", Int16),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("error_code", Int16),
        ("tags", TaggedFields),
    )


class StableOffsetsStruct(RequestStruct):  # type: ignore[misc]
    """OffsetFetch, version 7, for every topic of the group."""

    FLEXIBLE_VERSION = True
    API_KEY = 9
    API_VERSION = 7
    RESPONSE_TYPE = StableOffsetsResponse
    SCHEMA = Schema(
        ("consumer_group", TEXT),
        ("topics", CompactArray(("topic", TEXT), ("partitions", CompactArray(Int32)), ("tags", TaggedFields))),
        ("require_stable", Boolean),
        ("tags", TaggedFields),
    )


class StableOffsetsRequest(Request[StableOffsetsStruct]):  # type: ignore[misc]
    """Asks which offsets a group has committed for `parts` (None: for all partitions).

    With `stable`, Kafka answers `UNSTABLE_OFFSET_COMMIT` instead of an offset if an open transaction may change it.
    """

    API_KEY = 9

    def __init__(self, group: str, parts: Iterable[TopicPartition] | None, *, stable: bool) -> None:
        topics: dict[str, list[int]] = {}
        for part in sorted(parts or ()):
            topics.setdefault(part.topic, []).append(part.partition)
        asked: list[tuple[str, list[int], Tags]] = [(topic, numbers, {}) for topic, numbers in topics.items()]
        self._fields: tuple[Any, ...] = (group, None if parts is None else asked, stable, {})

    def build(self, request_struct_class: type[StableOffsetsStruct]) -> StableOffsetsStruct:
        """Return the request as it is sent."""
        return request_struct_class(*self._fields)


class MemberOffsetsResponse(Response):  # type: ignore[misc]
    """Says for every partition whether Kafka added its offset to the transaction."""

    API_KEY = 28
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("topic", TEXT),
                (
                    "partitions",
                    CompactArray(("partition", Int32), ("error_code", Int16), ("tags", TaggedFields)),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class MemberOffsetsStruct(RequestStruct):  # type: ignore[misc]
    """TxnOffsetCommit, version 3."""

    FLEXIBLE_VERSION = True
    API_KEY = 28
    API_VERSION = 3
    RESPONSE_TYPE = MemberOffsetsResponse
    SCHEMA = Schema(
        ("transactional_id", TEXT),
        ("group_id", TEXT),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation_id", Int32),
        ("member_id", TEXT),
        ("group_instance_id", TEXT),
        (
            "topics",
            CompactArray(
                ("topic", TEXT),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", TEXT),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class MemberOffsetsRequest(Request[MemberOffsetsStruct]):  # type: ignore[misc]
    """Adds offsets to a transaction as a member of the group; Kafka refuses a member of another generation."""

    API_KEY = 28

    def __init__(  # noqa: PLR0913  # the fields of the request
        self,
        *,
        transactional_id: str,
        group: str,
        producer_id: int,
        producer_epoch: int,
        generation: int,
        member_id: str,
        offsets: Mapping[TopicPartition, OffsetAndMetadata],
    ) -> None:
        topics: dict[str, Partitions] = {}
        for part, each in sorted(offsets.items()):
            topics.setdefault(part.topic, []).append((part.partition, each.offset, NO_EPOCH, each.metadata, {}))
        self._fields: tuple[Any, ...] = (
            transactional_id,
            group,
            producer_id,
            producer_epoch,
            generation,
            member_id,
            None,
            [(topic, parts, {}) for topic, parts in topics.items()],
            {},
        )

    def build(self, request_struct_class: type[MemberOffsetsStruct]) -> MemberOffsetsStruct:
        """Return the request as it is sent."""
        return request_struct_class(*self._fields)
