"""The consumer and the producer of a worker, with the reasons for their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from services.runtime.kafka.connection import connection
from services.runtime.kafka.member import MemberConsumer, MemberProducer
from services.runtime.names import QUARANTINE_BYTES

if TYPE_CHECKING:
    from services.runtime.settings import Settings

ASSIGNORS: Final = (RangePartitionAssignor,)
"""The range assignor gives a worker the same partitions of all its topics. The list has only one assignor: aiokafka
joins the group once per assignor, with a longer list each time. Kafka treats a longer list as a change, so with two
assignors the group may never become stable."""

NEVER_MS: Final = 24 * 3600 * 1000
"""A worker that waits for Elasticsearch must not lose its place in the group: aiokafka would not join again."""

TRANSACTION_MS: Final = 15_000
"""The open transaction of a killed worker blocks every reader of its topics for this long. A live worker's transaction
needs no more time, because the worker does its work before it begins the transaction."""

PRODUCER_BATCH_BYTES: Final = 1024 * 1024
FETCH_BYTES: Final = 4 * 1024 * 1024
MOST_FETCHED_BYTES: Final = 16 * 1024 * 1024
"""The most bytes in one answer from a broker: a worker holds one answer while it fetches the next. A record that is
larger comes alone."""


def producer_of(settings: Settings, transactional_id: str) -> MemberProducer:
    """Return a producer that is not yet connected."""
    return MemberProducer(
        **connection(settings),
        transactional_id=transactional_id,
        max_batch_size=PRODUCER_BATCH_BYTES,
        max_request_size=QUARANTINE_BYTES,
        transaction_timeout_ms=TRANSACTION_MS,
    )


def consumer_of(settings: Settings, group: str) -> MemberConsumer:
    """Return a consumer that is not yet connected and has joined no group."""
    session_ms = int(settings.session_timeout * 1000)
    return MemberConsumer(
        **connection(settings),
        group_id=group,
        enable_auto_commit=False,
        isolation_level="read_committed",
        # Each takeover decides where to begin. The client must never decide that silently.
        auto_offset_reset="none",
        max_poll_interval_ms=NEVER_MS,
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=session_ms // 4,
        rebalance_timeout_ms=60_000,
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_max_bytes=MOST_FETCHED_BYTES,
        partition_assignment_strategy=ASSIGNORS,
    )
