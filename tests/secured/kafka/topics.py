"""Requests about topics: one for each operation that a rule may allow on them."""

from __future__ import annotations

from aiokafka.protocol.types import Array, Boolean, Bytes, Int8, Int16, Int32, Int64, Schema

from tests.secured.kafka.wire import FAULT, TEXT, request

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
