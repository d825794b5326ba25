"""Watch how far the stages are behind, and how long they take to make progress after a fault."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.kafka.admin import Admin
from services.runtime.kafka.connection import connection
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from services.runtime.settings import Settings

LOOK_SECONDS = 0.5
CALM_LOOKS = len(STAGES) + 1
"""The next stage may see what a stage finished only a look later."""

Offsets = dict[tuple[str, TopicPartition], int]
"""For each stage's partitions: the offset that its group has reached, or their end."""


@dataclass(slots=True)
class _Waiting:
    what: str
    since: float
    behind: Offsets


@dataclass(slots=True)
class Watch:
    """Watches an installation's groups; an asynchronous context manager.

    Attributes:
        lag: number of records that are not committed yet, by stage.
        longest: the longest recovery, in seconds, and the fault before it. A recovery lasts from the end of a fault
            until every partition that had work then makes progress, whatever else breaks meanwhile.
        forgotten: the stages whose group Kafka no longer knew, although it had committed (docs/faults.md).
    """

    settings: Settings
    lag: dict[str, int] = field(default_factory=dict)
    longest: tuple[float, str] = (0.0, "")
    forgotten: set[str] = field(default_factory=set)
    _calm: int = 0
    _moved: float = 0.0
    _looked: asyncio.Condition = field(default_factory=asyncio.Condition)
    _done: Offsets = field(default_factory=dict)
    _ends: Offsets = field(default_factory=dict)
    _waiting: list[_Waiting] = field(default_factory=list)
    _looking: asyncio.Task[None] = field(init=False)

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)

    async def reached(self, stage: str, records: int) -> None:
        """Return when a stage has committed this many records."""
        while sum(offset for (of, _), offset in self._done.items() if of == stage) < records:
            await self._next_look()

    async def caught_up(self, stage: str) -> None:
        """Return when a stage has committed everything that it could read at a look from now on."""
        await self._next_look()
        while self.lag.get(stage, 0):
            await self._next_look()

    async def passed(self, stage: str, part: TopicPartition, offset: int) -> None:
        """Return when a stage has committed beyond an offset."""
        while self._done.get((stage, part), 0) <= offset:
            await self._next_look()

    async def settled(self, patience: float) -> None:
        """Return when nothing has been left to do for some looks.

        Raises:
            TimeoutError: no stage has made progress for this many seconds.
        """
        self._calm, self._moved = 0, time.monotonic()
        while self._calm < CALM_LOOKS or self._waiting:
            async with asyncio.timeout(patience):
                await self._next_look()
            if not self._calm and time.monotonic() - self._moved > patience:
                raise TimeoutError

    async def behind(self) -> list[str]:
        """Return where the stages are behind, to tell an open transaction from a worker that reads nothing.

        Returns:
            For each such partition: the stage's offset, the end for readers of committed records, and the end.

        Raises:
            KafkaError: Kafka does not answer.
        """
        places = sorted(each for each, end in self._ends.items() if end > self._done.get(each, 0))
        consumer = AIOKafkaConsumer(**connection(self.settings), isolation_level="read_committed")
        await consumer.start()
        try:
            stable = await consumer.end_offsets([part for _, part in places])
        finally:
            await consumer.stop()
        return [
            f"{stage} is at {self._done.get((stage, part), 0)} of {part.topic}-{part.partition}, "
            f"committed to {stable[part]}, end {self._ends[stage, part]}"
            for stage, part in places
        ]

    def ended(self, what: str) -> None:
        """Record that a fault has ended."""
        behind = {each: self._done.get(each, 0) for each, end in self._ends.items() if end > self._done.get(each, 0)}
        if behind:
            self._waiting.append(_Waiting(what, time.monotonic(), behind))

    async def _next_look(self) -> None:
        async with self._looked:
            await self._looked.wait()

    async def _look_on(self) -> None:
        while True:
            try:
                await self._look_while_it_answers()
            except (KafkaError, OSError, TimeoutError):
                self._calm = 0
                await asyncio.sleep(LOOK_SECONDS)

    async def _look_while_it_answers(self) -> None:
        admin = Admin(**connection(self.settings), request_timeout_ms=8000)
        consumer = AIOKafkaConsumer(**connection(self.settings), request_timeout_ms=8000)
        try:
            await admin.start()
            await consumer.start()
            while True:
                await self._look(admin, consumer)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await consumer.stop()
            await admin.close()

    async def _look(self, admin: Admin, consumer: AIOKafkaConsumer) -> None:
        names = self.settings.names
        reads = {
            "ingest": (names.raw, names.corrections),
            "segment": (names.issues,),
            "tag": (names.articles,),
            "index": (names.tagged, names.quarantine),
        }
        numbers = range(self.settings.partitions)
        parts = {
            stage: [TopicPartition(topic, number) for topic in topics for number in numbers]
            for stage, topics in reads.items()
        }
        # These ends also count records in open transactions; a killed worker's transaction blocks everything after it.
        ends = await consumer.end_offsets([part for of_stage in parts.values() for part in of_stage])
        done: Offsets = {}
        for stage, of_stage in parts.items():
            offsets = await admin.committed(names.group(stage))
            if any((stage, part) in self._done and part not in offsets for part in of_stage):
                self.forgotten.add(stage)
            done |= {(stage, part): offsets[part].offset for part in of_stage if part in offsets}
        self._ends = {(stage, part): ends[part] for stage, of_stage in parts.items() for part in of_stage}
        if done != self._done:
            self._moved = time.monotonic()
        self._done = done
        self.lag = dict.fromkeys(STAGES, 0)
        for (stage, part), end in self._ends.items():
            self.lag[stage] += end - max(0, done.get((stage, part), 0))
        self._calm = 0 if any(self.lag.values()) else self._calm + 1
        self._take_note_of_recoveries()
        async with self._looked:
            self._looked.notify_all()

    def _take_note_of_recoveries(self) -> None:
        now = time.monotonic()
        for one in list(self._waiting):
            one.behind = {
                each: before
                for each, before in one.behind.items()
                if self._done.get(each, 0) <= before and self._ends[each] > self._done.get(each, 0)
            }
            if not one.behind:
                self._waiting.remove(one)
                self.longest = max(self.longest, (now - one.since, one.what))
