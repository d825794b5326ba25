"""Requests of an operator: rules and passwords."""

from __future__ import annotations

from aiokafka.protocol.types import Array, CompactArray, CompactBytes, Int8, Int16, Int32, Schema, TaggedFields

from tests.secured.kafka.wire import COMPACT, FAULT, TEXT, request

ACL = (
    ("resource_type", Int8),
    ("resource_name", TEXT),
    ("pattern_type", Int8),
    ("principal", TEXT),
    ("host", TEXT),
    ("operation", Int8),
    ("permission", Int8),
)
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
