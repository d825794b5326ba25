"""Kafka's requests as the tests send them: single ones, each of which asks for one right.

A request for something that does not exist, such as partition 9999, has no effect: Kafka decides first whether the user
may ask. Schemas: Kafka's message definitions (clients/src/main/resources/common/message).
"""

from __future__ import annotations

from typing import Any

from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    Bytes,
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Int64,
    Schema,
    String,
    TaggedFields,
)

TEXT = String("utf-8")
COMPACT = CompactString("utf-8")
NOWHERE = 9999
"""A partition that no topic has."""

ACL = (
    ("resource_type", Int8),
    ("resource_name", TEXT),
    ("pattern_type", Int8),
    ("principal", TEXT),
    ("host", TEXT),
    ("operation", Int8),
    ("permission", Int8),
)
FAULT = (("error_code", Int16), ("message", TEXT))


class Raw:
    """A request of one version, in the form that aiokafka's connection takes."""

    def __init__(self, struct: RequestStruct) -> None:
        self.API_KEY = struct.API_KEY
        self._struct = struct

    def prepare(self, _versions: object) -> RequestStruct:
        return self._struct


def request(key: int, version: int, asked: Schema, answered: Schema, *, flexible: bool = False) -> type[Any]:
    """Return the class of a request; calling it with the fields gives a `Raw`."""
    answer = type("Answer", (Response,), {"API_KEY": key, "API_VERSION": version, "SCHEMA": answered})
    body = {"API_KEY": key, "API_VERSION": version, "SCHEMA": asked, "RESPONSE_TYPE": answer}
    struct = type("Struct", (RequestStruct,), body | {"FLEXIBLE_VERSION": flexible})

    class Built(Raw):
        def __init__(self, *fields: Any) -> None:
            super().__init__(struct(*fields))

    return Built


TAGS = ("tags", TaggedFields)
CreateAcls = request(30, 1, Schema(("rules", Array(*ACL))), Schema(("throttle", Int32), ("results", Array(*FAULT))))
DeleteAcls = request(
    31,
    1,
    Schema(("filters", Array(*ACL))),
    Schema(("throttle", Int32), ("results", Array(*FAULT, ("matching", Array(*FAULT, *ACL))))),
)
AlterScram = request(
    51,
    0,
    Schema(
        ("deletions", CompactArray(("name", COMPACT), ("mechanism", Int8), TAGS)),
        (
            "upsertions",
            CompactArray(
                ("name", COMPACT),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted", CompactBytes),
                TAGS,
            ),
        ),
        TAGS,
    ),
    Schema(
        ("throttle", Int32),
        ("results", CompactArray(("user", COMPACT), ("error_code", Int16), ("message", COMPACT), TAGS)),
        TAGS,
    ),
    flexible=True,
)
Produce = request(
    0,
    3,
    Schema(
        ("transactional_id", TEXT),
        ("acks", Int16),
        ("timeout", Int32),
        ("topics", Array(("topic", TEXT), ("partitions", Array(("partition", Int32), ("records", Bytes))))),
    ),
    Schema(
        (
            "topics",
            Array(
                ("topic", TEXT),
                (
                    "partitions",
                    Array(("partition", Int32), ("error_code", Int16), ("offset", Int64), ("timestamp", Int64)),
                ),
            ),
        ),
        ("throttle", Int32),
    ),
)
Fetch = request(
    1,
    4,
    Schema(
        ("replica", Int32),
        ("wait", Int32),
        ("min_bytes", Int32),
        ("max_bytes", Int32),
        ("isolation", Int8),
        (
            "topics",
            Array(("topic", TEXT), ("partitions", Array(("partition", Int32), ("offset", Int64), ("bytes", Int32)))),
        ),
    ),
    Schema(
        ("throttle", Int32),
        (
            "topics",
            Array(
                ("topic", TEXT),
                (
                    "partitions",
                    Array(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("high", Int64),
                        ("stable", Int64),
                        ("aborted", Array(("producer", Int64), ("offset", Int64))),
                        ("records", Bytes),
                    ),
                ),
            ),
        ),
    ),
)
ListOffsets = request(
    2,
    1,
    Schema(
        ("replica", Int32),
        ("topics", Array(("topic", TEXT), ("partitions", Array(("partition", Int32), ("timestamp", Int64))))),
    ),
    Schema(
        (
            "topics",
            Array(
                ("topic", TEXT),
                (
                    "partitions",
                    Array(("partition", Int32), ("error_code", Int16), ("timestamp", Int64), ("offset", Int64)),
                ),
            ),
        )
    ),
)
DescribeConfigs = request(
    32,
    1,
    Schema(
        ("resources", Array(("type", Int8), ("name", TEXT), ("keys", Array(TEXT)))),
        ("synonyms", Boolean),
    ),
    Schema(
        ("throttle", Int32),
        (
            "results",
            Array(
                *FAULT,
                ("type", Int8),
                ("name", TEXT),
                (
                    "configs",
                    Array(
                        ("name", TEXT),
                        ("value", TEXT),
                        ("read_only", Boolean),
                        ("source", Int8),
                        ("sensitive", Boolean),
                        ("synonyms", Array(("name", TEXT), ("value", TEXT), ("source", Int8))),
                    ),
                ),
            ),
        ),
    ),
)
AlterConfigs = request(
    44,
    0,
    Schema(
        (
            "resources",
            Array(
                ("type", Int8),
                ("name", TEXT),
                ("configs", Array(("name", TEXT), ("operation", Int8), ("value", TEXT))),
            ),
        ),
        ("validate_only", Boolean),
    ),
    Schema(("throttle", Int32), ("results", Array(*FAULT, ("type", Int8), ("name", TEXT)))),
)
CreatePartitions = request(
    37,
    0,
    Schema(
        ("topics", Array(("topic", TEXT), ("count", Int32), ("assignments", Array(Array(Int32))))),
        ("timeout", Int32),
        ("validate_only", Boolean),
    ),
    Schema(("throttle", Int32), ("results", Array(("topic", TEXT), *FAULT))),
)
DeleteRecords = request(
    21,
    0,
    Schema(
        ("topics", Array(("topic", TEXT), ("partitions", Array(("partition", Int32), ("offset", Int64))))),
        ("timeout", Int32),
    ),
    Schema(
        ("throttle", Int32),
        (
            "topics",
            Array(
                ("topic", TEXT),
                ("partitions", Array(("partition", Int32), ("low", Int64), ("error_code", Int16))),
            ),
        ),
    ),
)
CreateTopics = request(
    19,
    2,
    Schema(
        (
            "topics",
            Array(
                ("topic", TEXT),
                ("partitions", Int32),
                ("replicas", Int16),
                ("assignments", Array(("partition", Int32), ("brokers", Array(Int32)))),
                ("configs", Array(("name", TEXT), ("value", TEXT))),
            ),
        ),
        ("timeout", Int32),
        ("validate_only", Boolean),
    ),
    Schema(("throttle", Int32), ("topics", Array(("topic", TEXT), *FAULT))),
)
Heartbeat = request(
    12,
    0,
    Schema(("group", TEXT), ("generation", Int32), ("member", TEXT)),
    Schema(("error_code", Int16)),
)
DescribeGroups = request(
    15,
    0,
    Schema(("groups", Array(TEXT))),
    Schema(
        (
            "groups",
            Array(
                ("error_code", Int16),
                ("group", TEXT),
                ("state", TEXT),
                ("type", TEXT),
                ("protocol", TEXT),
                (
                    "members",
                    Array(
                        ("member", TEXT), ("client", TEXT), ("host", TEXT), ("metadata", Bytes), ("assignment", Bytes)
                    ),
                ),
            ),
        )
    ),
)
DeleteGroups = request(
    42,
    0,
    Schema(("groups", Array(TEXT))),
    Schema(("throttle", Int32), ("results", Array(("group", TEXT), ("error_code", Int16)))),
)
InitProducerId = request(
    22,
    0,
    Schema(("transactional_id", TEXT), ("timeout", Int32)),
    Schema(("throttle", Int32), ("error_code", Int16), ("producer", Int64), ("epoch", Int16)),
)
FindCoordinator = request(
    10,
    1,
    Schema(("key", TEXT), ("type", Int8)),
    Schema(("throttle", Int32), *FAULT, ("node", Int32), ("host", TEXT), ("port", Int32)),
)
Metadata = request(
    3,
    8,
    Schema(
        ("topics", Array(TEXT)), ("create", Boolean), ("cluster_operations", Boolean), ("topic_operations", Boolean)
    ),
    Schema(
        ("throttle", Int32),
        ("brokers", Array(("node", Int32), ("host", TEXT), ("port", Int32), ("rack", TEXT))),
        ("cluster", TEXT),
        ("controller", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", TEXT),
                ("internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("in_sync", Array(Int32)),
                        ("offline", Array(Int32)),
                    ),
                ),
                ("operations", Int32),
            ),
        ),
        ("operations", Int32),
    ),
)
