"""How far a worker has got, what it waits for, and when Kafka last answered."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import KafkaError

from services.runtime.delivery.held import Held
from services.runtime.delivery.lag import Lag
from services.runtime.health.condition import Condition
from services.runtime.health.measures import Measures
from services.runtime.health.pulse import Pulse
from services.runtime.kafka.connection import knock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from services.runtime.delivery.membership import Membership
    from services.runtime.errors import NotAdmitted
    from services.runtime.messages.records import Batch
    from services.runtime.settings import Settings

BREATH_SECONDS: Final = 0.05
"""How long work may hold the event loop before it must give it back once."""


class Progress:
    """What a worker's delivery knows about its own progress; any thread may read it with `condition`.

    Attributes:
        running: the worker takes batches.
        waiting: the worker has a batch in hand and waits for Elasticsearch.
        obstacle: why the worker cannot go on until a person acts; empty: it can go on.
        held: what keeps the worker from its partitions or from records, and since when.
        measures: the same facts for Prometheus.
    """

    def __init__(self, stage: str, session_seconds: float) -> None:
        self._session_seconds = session_seconds
        self._behind = Lag()
        self._lag = 0
        self._last_progress = time.monotonic()
        self._breathed = 0.0
        self._pulse: Pulse | None = None
        self.running = False
        self.waiting = False
        self.obstacle = ""
        self.held = Held()
        self.measures = Measures(stage)
        self.measures.waiting(lambda: self.held.seconds)

    def condition(self, membership: Membership) -> Condition:
        """Return what the worker knows about itself now."""
        return Condition(
            starting=not (membership.joined or membership.stopped.is_set()),
            running=self.running and not membership.stopped.is_set(),
            settled=membership.settled.is_set(),
            waiting=self.waiting,
            lag=self._lag,
            idle_seconds=time.monotonic() - self._last_progress,
            obstacle=self.obstacle,
            kafka_seconds=0.0 if self._pulse is None else self._pulse.silent_seconds,
            session_seconds=self._session_seconds,
            held_by=self.held.reason,
            held_seconds=self.held.seconds,
        )

    def listen(self, membership: Membership, settings: Settings, refused: Callable[[NotAdmitted], None]) -> None:
        """Start to check whether Kafka answers; call `refused` if it does not let us in any more."""

        async def ask() -> None:
            try:
                await membership.beat()
            except KafkaError:
                # A connection that broke may not come back: then aiokafka does not tell why.
                await knock(settings)
                raise

        self._pulse = Pulse(ask, self._session_seconds / 4, refused)

    async def close(self) -> None:
        """Stop the check."""
        if self._pulse is not None:
            await self._pulse.close()

    def assigned(self) -> None:
        """Begin with new partitions; nothing is known about them yet."""
        self.waiting = False
        self._lag = 0
        self._last_progress = time.monotonic()

    def revoked(self) -> None:
        """Forget the partitions, because they go to another worker."""
        self._behind.forget()

    async def look(self, consumer: AIOKafkaConsumer, in_hand: Mapping[TopicPartition, list[Any]]) -> None:
        """Measure the lag of every partition; with no lag, having nothing to do counts as progress."""
        lags = await self._behind.of(consumer, in_hand)
        self._lag = sum(lags.values())
        await self.held.look(consumer)
        self.measures.lag(lags)
        if not self._lag:
            self._last_progress = time.monotonic()

    def delivered(self, batch: Batch, began: float) -> None:
        """Count a committed batch that the worker took at `began` (`time.monotonic`), and tell the batch."""
        self._last_progress = time.monotonic()
        records = len(batch.records) - len(batch.left)
        self.measures.delivered(records, len(batch.rejections), self._last_progress - began)
        batch.on_delivered()

    async def breathe(self) -> bool:
        """Give the event loop back if the work has held it for long; return whether it did."""
        if time.monotonic() - self._breathed < BREATH_SECONDS:
            return False
        await asyncio.sleep(0)
        self._breathed = time.monotonic()
        return True
