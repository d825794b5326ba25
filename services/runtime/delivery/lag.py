"""How far behind a worker is; without records it asks Kafka again, since its consumer may have stopped silently."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import AIOKafkaConsumer, TopicPartition

ENDS_SECONDS = 5.0
"""How often a worker without records asks Kafka for the ends of its partitions. A consumer that has silently stopped
fetching would not see them grow."""

ENDS_PATIENCE_SECONDS = 2.0
"""How long the worker waits for the answer: a stop or a rebalance has to wait for it too."""


class Lag:
    """The lag of the partitions that a consumer is assigned."""

    def __init__(self) -> None:
        self._ends: dict[TopicPartition, int] = {}
        self._asked = 0.0

    def forget(self) -> None:
        """Forget the ends of the partitions: the partitions go to another worker."""
        self._ends.clear()

    async def of(
        self, consumer: AIOKafkaConsumer, in_hand: Mapping[TopicPartition, list[Any]]
    ) -> dict[tuple[str, int], int]:
        """Return how many records of each partition (topic, number) are not delivered, as far as this worker knows.

        Args:
            consumer: the consumer that has the partitions.
            in_hand: the records that the worker has taken and not yet delivered.
        """
        if not in_hand:
            await self._ask(consumer)
        lags = {}
        for part in consumer.assignment():
            known = (consumer.last_stable_offset(part), self._ends.get(part))
            end = max((offset for offset in known if offset is not None), default=None)
            if end is not None:
                done = in_hand[part][0].offset if part in in_hand else await consumer.position(part)
                lags[part.topic, part.partition] = max(0, end - done)
        return lags

    async def _ask(self, consumer: AIOKafkaConsumer) -> None:
        if time.monotonic() - self._asked < ENDS_SECONDS:
            return
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(ENDS_PATIENCE_SECONDS):
                self._ends = await consumer.end_offsets(consumer.assignment())
        self._asked = time.monotonic()
