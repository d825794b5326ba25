"""What keeps a worker from its records although Kafka answers: transactions that others left open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, TopicPartition


class Held:
    """Since when an open transaction keeps the worker from its partitions or from records; any thread may read it.

    Attributes:
        reason: what the worker waits for; empty: nothing.
    """

    def __init__(self) -> None:
        self.reason = ""
        self._since = 0.0
        self._stable: dict[TopicPartition, tuple[int, float]] = {}

    @property
    def seconds(self) -> float:
        """For how long the worker has waited; 0 if it does not wait."""
        return time.monotonic() - self._since if self.reason else 0.0

    def from_partitions(self, reason: str) -> None:
        """Take note that the worker could not take over its partitions, and why."""
        if not self.reason:
            self._since = time.monotonic()
        self.reason = f"waiting to take over: {reason}"

    def taken_over(self) -> None:
        """Take note that the worker has its partitions."""
        self.reason = ""
        self._stable.clear()

    async def look(self, consumer: AIOKafkaConsumer) -> None:
        """Find the partition whose records are held back longest.

        Kafka gives records only up to the first open transaction. A transaction takes moments. So only an offset that
        does not move counts.
        """
        for part in consumer.assignment():
            stable, end = consumer.last_stable_offset(part), consumer.highwater(part)
            if stable is None or end is None or end <= stable or await consumer.position(part) < stable:
                self._stable.pop(part, None)
            elif self._stable.get(part, (-1, 0.0))[0] != stable:
                self._stable[part] = stable, time.monotonic()
        if self._stable:
            part, (offset, self._since) = min(self._stable.items(), key=lambda item: item[1][1])
            self.reason = f"an open transaction holds back {part.topic}-{part.partition} from offset {offset} on"
        else:
            self.reason = ""
