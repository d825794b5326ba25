"""The progress of each stage's consumer group, its rate, and the time that the remaining work takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from services.runtime.delivery.inputs import Gap, gaps
from services.runtime.kafka.admin import Admin, group_offsets, partitions_of
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiokafka import TopicPartition

    from services.runtime.names import Names
    from services.runtime.settings import Settings

MEASURED_SECONDS = 2.0
"""The time between the two looks that measure a stage's rate."""


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage's consumer group.

    Attributes:
        topic: the topic it reads.
        lag: how many offsets it has not passed yet, without lost offsets; None if it never ran.
        lost: records that it has not read yet and Kafka no longer has.
        done: how many offsets it has passed.
        rate: offsets that it passes per second, measured over `MEASURED_SECONDS`; None if it is not behind.
        seconds_left: seconds until it has caught up at that rate; None if it is not behind or does not move.
    """

    stage: str
    topic: str
    lag: int | None
    lost: tuple[Gap, ...] = ()
    done: int = 0
    rate: float | None = None
    seconds_left: float | None = None


async def stage_status(settings: Settings) -> list[StageStatus]:
    """Return each stage's status, with its rate if it is behind.

    Raises:
        Unavailable: Kafka does not answer.
    """
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings), isolation_level="read_committed")
    try:
        await admin.start()
        await consumer.start()
        began = time.monotonic()
        first = await look(settings.names, admin, consumer)
        if not any(one.lag for one in first):
            return first
        await asyncio.sleep(MEASURED_SECONDS)
        return with_rates(first, await look(settings.names, admin, consumer), time.monotonic() - began)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await consumer.stop()
        await admin.close()


async def look(names: Names, admin: Admin, consumer: AIOKafkaConsumer) -> list[StageStatus]:
    """Return each stage's status without its rate, through clients that are already connected."""
    read = {stage: names.read_by(stage) for stage in STAGES}
    there = await partitions_of(admin, [topic for topics in read.values() for topic in topics])
    found = []
    for stage, topics in read.items():
        parts = [part for topic in topics for part in there[topic]]
        committed = await group_offsets(admin, names.group(stage))
        ends = await consumer.end_offsets(parts) if parts else {}
        begins = await consumer.beginning_offsets(parts) if parts else {}
        done = {part: offset for part, offset in committed.items() if part in ends}
        # The quarantine that the index stage shows does not count as its work.
        shown = [topic for topic in topics if topic != names.quarantine]
        work = {part: end for part, end in ends.items() if part.topic in shown}
        lost = tuple(gaps(done, begins, ends))
        passed = sum(max(0, offset - begins[part]) for part, offset in done.items() if part in work)
        found.append(StageStatus(stage, ", ".join(shown), _lag(work, begins, done), lost, passed))
    return found


def _lag(
    ends: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], done: Mapping[TopicPartition, int]
) -> int | None:
    if not any(part in done for part in ends) and any(ends[part] > begins[part] for part in ends):
        return None
    return sum(max(0, end - max(done.get(part, 0), begins[part])) for part, end in ends.items())


async def is_idle(settings: Settings) -> bool:
    """Tell whether no stage has anything left to do.

    Raises:
        Unavailable: Kafka does not answer.
    """
    return not any(one.lag != 0 for one in await stage_status(settings))


def with_rates(first: Sequence[StageStatus], second: Sequence[StageStatus], seconds: float) -> list[StageStatus]:
    """Return the second of two looks, with each stage's rate and remaining time; `seconds` separate the looks."""
    found = []
    for before, now in zip(first, second, strict=True):
        if not now.lag:
            found.append(now)
            continue
        rate = max(0, now.done - before.done) / seconds
        found.append(replace(now, rate=round(rate, 1), seconds_left=round(now.lag / rate, 1) if rate else None))
    return found


def duration(seconds: float | None) -> str:
    """Return a duration in one or two units, as a person says it; empty for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
