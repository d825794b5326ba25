"""How far behind a worker is: asked of Kafka anew when nothing comes, since a consumer may have silently stopped."""

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
"""How often a worker without records asks where its partitions end: a consumer that has silently stopped fetching
would not see them grow."""

ENDS_PATIENCE_SECONDS = 2.0
"""How long the answer is waited for: a stop or a rebalance has to wait as well."""


class Lag:
    """The lag of the partitions that a consumer is assigned."""

    def __init__(self) -> None:
        self._ends: dict[TopicPartition, int] = {}
        self._asked = 0.0

    def forget(self) -> None:
        """Forget where the partitions ended: they go to another worker."""
        self._ends.clear()

    async def of(
        self, consumer: AIOKafkaConsumer, in_hand: Mapping[TopicPartition, list[Any]]
    ) -> dict[tuple[str, int], int]:
        """Return the records of each partition (topic, number) that are not delivered, as far as this worker knows.

        Args:
            consumer: whose assignment is looked at.
            in_hand: the records that it has taken and that are not delivered either.
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
