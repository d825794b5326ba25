"""Requests about groups and transactions."""

from __future__ import annotations

from aiokafka.protocol.types import Array, Bytes, Int8, Int16, Int32, Int64, Schema

from tests.secured.kafka.wire import FAULT, TEXT, request

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
