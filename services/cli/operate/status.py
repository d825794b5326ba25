"""`broadsheet status`: how far each stage is, what it has lost, what its workers say, what the indices hold."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from rich.table import Table

from services.cli.correct.quarantine import read_held
from services.cli.shared.console import EXIT_FAILED, err, out
from services.index.admin import counts
from services.runtime.delivery.inputs import Gap, InputLost, gaps
from services.runtime.elasticsearch.store import connect, is_passing
from services.runtime.elasticsearch.store import unreachable as elasticsearch_unreachable
from services.runtime.errors import Unavailable
from services.runtime.health.operations import INTERVAL_SECONDS, read_reports
from services.runtime.kafka.admin import Admin, group_offsets, partitions_of
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.topics import Difference, TopicsDiffer, topic_differences
from services.runtime.messages.resolved import Wanted
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from aiokafka import TopicPartition

    from services.runtime.names import Names
    from services.runtime.settings import Settings

Answer = TypeVar("Answer")

ANSWER_SECONDS: Final = 15.0
"""How long a server may take to answer; one that hangs never does."""

SILENT_MS: Final = 3 * INTERVAL_SECONDS * 1000
"""A worker that has written nothing for so long is gone, or cannot reach Elasticsearch."""


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage's consumer group.

    Attributes:
        topic: what it reads.
        lag: how many offsets it has yet to pass, without those that are lost; None: it never ran.
        lost: what it has yet to read and Kafka no longer has.
    """

    stage: str
    topic: str
    lag: int | None
    lost: tuple[Gap, ...] = ()


@dataclass(slots=True)
class Status:
    """All that `status` shows; `errors` says in plain lines why something is not there."""

    stages: list[StageStatus] = field(default_factory=list)
    topics: list[Difference] = field(default_factory=list)
    quarantined: int | None = None
    workers: list[dict[str, Any]] = field(default_factory=list)
    documents: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def show_status(settings: Settings, *, as_json: bool) -> int:
    """Print the status and return the exit code: 1 where something is lost, not as it must be, or does not answer."""
    found = asyncio.run(whole_status(settings))
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")
    else:
        _print(found, int(time.time() * 1000))
    return EXIT_FAILED if found.errors else 0


def _print(found: Status, now_ms: int) -> None:
    if found.stages:
        table = Table(box=None, header_style="bold")
        for title in ("stage", "reads", "behind"):
            table.add_column(title, justify="right" if title == "behind" else "left")
        for one in found.stages:
            behind = "never ran" if one.lag is None else f"{one.lag:,}"
            table.add_row(one.stage, one.topic, behind, style="yellow" if one.lag != 0 else "")
        out.print(table)
    for worker in found.workers:
        silent = now_ms - worker["time"] > SILENT_MS
        if silent or not worker["ready"]:
            seconds = (now_ms - worker["time"]) / 1000
            state = f"{worker['state']} ({seconds:,.0f} s ago)"
            out.print(f"{worker['stage']} worker {worker['worker']}: {state}", style="yellow", markup=False)
    if found.quarantined is not None:
        out.print(f"\nquarantine  {found.quarantined:,} message{'' if found.quarantined == 1 else 's'}")
    for kind, count in found.documents.items():
        out.print(f"{kind:<11} {count:,} document{'' if count == 1 else 's'}")
    for error in found.errors:
        err.print(error, style="red", markup=False, soft_wrap=True)


async def whole_status(settings: Settings) -> Status:
    """Ask both servers; what one of them does not answer is left out and named."""
    found = Status()
    try:
        found.stages = await _in_time(stage_status(settings), settings)
        found.topics = await _in_time(topic_differences(settings), settings)
        found.quarantined = len(await read_held(settings, Wanted()))
    except Unavailable as error:
        found.errors.append(str(error))
    found.errors += [str(InputLost(one.stage, one.lost)) for one in found.stages if one.lost]
    if found.topics:
        found.errors.append(str(TopicsDiffer(found.topics)))
    try:
        found.documents, found.workers = await documents_and_workers(settings)
    except Unavailable as error:
        found.errors.append(str(error))
    return found


async def _in_time(asked: Awaitable[Answer], settings: Settings) -> Answer:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await asked
    except TimeoutError as error:
        raise unreachable(settings, error) from error


async def stage_status(settings: Settings) -> list[StageStatus]:
    """Return each stage's status.

    Raises:
        Unavailable: Kafka does not answer.
    """
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings), isolation_level="read_committed")
    try:
        await admin.start()
        await consumer.start()
        return await look(settings.names, admin, consumer)
    except (KafkaError, OSError) as error:
        raise unreachable(settings, error) from error
    finally:
        await consumer.stop()
        await admin.close()


async def look(names: Names, admin: Admin, consumer: AIOKafkaConsumer) -> list[StageStatus]:
    """Return the same by clients that are connected already."""
    read = {stage: names.read_by(stage) for stage in STAGES}
    there = await partitions_of(admin, [topic for topics in read.values() for topic in topics])
    found = []
    for stage, topics in read.items():
        parts = [part for topic in topics for part in there[topic]]
        committed = await group_offsets(admin, names.group(stage))
        ends = await consumer.end_offsets(parts) if parts else {}
        begins = await consumer.beginning_offsets(parts) if parts else {}
        done = {part: offset for part, offset in committed.items() if part in ends}
        # The quarantine that the index stage shows is not its work.
        shown = [topic for topic in topics if topic != names.quarantine]
        work = {part: end for part, end in ends.items() if part.topic in shown}
        lost = tuple(gaps(done, begins, ends))
        found.append(StageStatus(stage, ", ".join(shown), _lag(work, begins, done), lost))
    return found


def _lag(
    ends: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], done: Mapping[TopicPartition, int]
) -> int | None:
    if not any(part in done for part in ends) and any(ends[part] > begins[part] for part in ends):
        return None
    return sum(max(0, end - max(done.get(part, 0), begins[part])) for part, end in ends.items())


async def documents_and_workers(settings: Settings) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Return how many documents each read alias shows, and what each worker last said of itself.

    The quarantine is counted on its topic.

    Raises:
        Unavailable: Elasticsearch does not answer.
    """
    client = connect(settings)
    impatient = client.options(request_timeout=ANSWER_SECONDS, max_retries=0)
    try:
        found = await counts(impatient, settings.prefix)
        workers = await read_reports(impatient, settings.names.operations)
    except Exception as error:
        if is_passing(error):
            raise elasticsearch_unreachable(settings, error) from error
        raise
    finally:
        await client.close()
    return {str(kind): count for kind, count in found.items() if kind != "quarantine"}, workers
