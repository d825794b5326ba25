"""What keeps a worker from its records: only an offset that does not move is an open transaction."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition

from services.runtime.delivery import held
from services.runtime.delivery.held import Held

ONE, OTHER = TopicPartition("issues", 1), TopicPartition("issues", 2)


class Consumer:
    """Partitions with the position of their reader, the first open transaction, and the end."""

    def __init__(self, **parts: tuple[int, int | None, int | None]) -> None:
        self.parts = {{"one": ONE, "other": OTHER}[name]: offsets for name, offsets in parts.items()}

    def assignment(self) -> set[TopicPartition]:
        return set(self.parts)

    async def position(self, part: TopicPartition) -> int:
        return self.parts[part][0]

    def last_stable_offset(self, part: TopicPartition) -> int | None:
        return self.parts[part][1]

    def highwater(self, part: TopicPartition) -> int | None:
        return self.parts[part][2]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(held.time, "monotonic", lambda: now[0])
    return now


def look(found: Held, **parts: tuple[int, int | None, int | None]) -> None:
    consumer: Any = Consumer(**parts)
    asyncio.run(found.look(consumer))


def test_the_partition_that_waits_longest_is_named(clock: list[float]) -> None:
    found = Held()
    look(found, one=(5, 5, 9), other=(7, 9, 9))
    clock[0] += 10
    look(found, one=(5, 5, 12), other=(9, 9, 12))
    assert (found.reason, found.seconds) == ("an open transaction holds back issues-1 from offset 5 on", 10.0)
    clock[0] += 1
    look(found, one=(12, 12, 12), other=(9, 9, 14))
    assert (found.reason, found.seconds) == ("an open transaction holds back issues-2 from offset 9 on", 1.0)


def test_transactions_that_end_hold_nothing_back(clock: list[float]) -> None:
    """Under load, something is open at every look, but never the same."""
    found = Held()
    for stable in range(5, 50, 5):
        look(found, one=(stable, stable, stable + 3))
        assert found.seconds == 0.0
        clock[0] += 1


@pytest.mark.parametrize("offsets", [(5, None, None), (5, 5, 5), (3, 5, 9)], ids=["not fetched", "all read", "to read"])
def test_a_worker_with_records_to_read_or_none_at_all_is_not_held(
    offsets: tuple[int, int | None, int | None], clock: list[float]
) -> None:
    found = Held()
    for _ in range(2):
        look(found, one=offsets)
        clock[0] += 60
    assert (found.reason, found.seconds) == ("", 0.0)


def test_the_time_counts_from_the_first_try_to_take_over_until_it_succeeds(clock: list[float]) -> None:
    found = Held()
    found.from_partitions("an open transaction")
    clock[0] += 8
    found.from_partitions("Kafka does not answer")
    assert (found.reason, found.seconds) == ("waiting to take over: Kafka does not answer", 8.0)
    found.taken_over()
    assert (found.reason, found.seconds) == ("", 0.0)
