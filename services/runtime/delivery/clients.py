"""The consumer and the producer of a worker, and why each setting is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from services.runtime.kafka.connection import connection
from services.runtime.kafka.member import MemberConsumer, MemberProducer
from services.runtime.names import QUARANTINE_BYTES

if TYPE_CHECKING:
    from services.runtime.settings import Settings

ASSIGNORS: Final = (RangePartitionAssignor,)
"""By range, so that a worker has the same partitions of each of its topics. One only: aiokafka joins the group once for
each, with a longer list each time, which Kafka takes for a change; with two, the group may never come to rest."""

NEVER_MS: Final = 24 * 3600 * 1000
"""Waiting for Elasticsearch must not cost a worker its place in the group: aiokafka would not take it back."""

TRANSACTION_MS: Final = 15_000
"""A killed worker's open transaction holds up every reader of its topics for so long, and a live one takes no longer:
the work is done before it begins."""

PRODUCER_BATCH_BYTES: Final = 1024 * 1024
FETCH_BYTES: Final = 4 * 1024 * 1024
MOST_FETCHED_BYTES: Final = 16 * 1024 * 1024
"""Of one answer of a broker: one such is in hand while the next is fetched. A larger record comes alone."""


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
        # Where to begin is decided at each takeover, and never by the client in silence.
        auto_offset_reset="none",
        max_poll_interval_ms=NEVER_MS,
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=session_ms // 4,
        rebalance_timeout_ms=60_000,
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_max_bytes=MOST_FETCHED_BYTES,
        partition_assignment_strategy=ASSIGNORS,
    )
