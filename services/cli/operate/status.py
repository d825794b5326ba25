"""`broadsheet status`: how far each stage is behind, and what the indices hold."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from rich.table import Table

from services.cli.correct.quarantine import read_held
from services.cli.shared.console import out
from services.cli.shared.pace import MEASURED_SECONDS, duration, with_rates
from services.index.admin import counts, page_count
from services.runtime.elasticsearch.store import connect, is_passing
from services.runtime.elasticsearch.store import unreachable as elasticsearch_unreachable
from services.runtime.kafka.connection import Admin, connection, group_offsets, partitions_of, unreachable
from services.runtime.messages.resolved import Wanted
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import TopicPartition

    from services.runtime.names import Names
    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage's consumer group.

    Attributes:
        topic: what it reads.
        lag: how many offsets it has yet to pass (None: it never ran); `done`: how many it has passed.
        rate: offsets that it passes in a second, as seen over `MEASURED_SECONDS`; None where it is not behind.
        seconds_left: until it has caught up at that rate; None where it is not behind or does not get on.
    """

    stage: str
    topic: str
    lag: int | None
    done: int = 0
    rate: float | None = None
    seconds_left: float | None = None


def show_status(settings: Settings, *, as_json: bool) -> int:
    """Print the status and return the exit code."""
    stages = asyncio.run(stage_status(settings))
    quarantined = len(asyncio.run(read_held(settings, Wanted())))
    documents, pages = asyncio.run(document_counts(settings))
    if as_json:
        found = {
            "stages": [asdict(one) for one in stages],
            "quarantined": quarantined,
            "documents": documents,
            "pages": pages,
        }
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return 0
    table = Table(box=None, header_style="bold")
    for title in ("stage", "reads", "behind", "per second", "left"):
        table.add_column(title, justify="left" if title in ("stage", "reads") else "right")
    for one in stages:
        behind = "never ran" if one.lag is None else f"{one.lag:,}"
        rate = "" if one.rate is None else f"{one.rate:,.1f}"
        left = "stands still" if one.rate == 0 else duration(one.seconds_left)
        table.add_row(one.stage, one.topic, behind, rate, left, style="yellow" if one.lag != 0 else "")
    out.print(table)
    out.print(f"\nquarantine  {quarantined:,} message{'' if quarantined == 1 else 's'}")
    for kind, count in documents.items():
        of_pages = f", {pages:,} page{'' if pages == 1 else 's'}" if kind == "issues" else ""
        out.print(f"{kind:<11} {count:,} document{'' if count == 1 else 's'}{of_pages}")
    return 0


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
        began = time.monotonic()
        first = await look(settings.names, admin, consumer)
        if not any(one.lag for one in first):
            return first
        await asyncio.sleep(MEASURED_SECONDS)
        return with_rates(first, await look(settings.names, admin, consumer), time.monotonic() - began)
    except (KafkaError, OSError) as error:
        raise unreachable(settings, error) from error
    finally:
        await consumer.stop()
        await admin.close()


async def is_idle(settings: Settings) -> bool:
    """Tell whether no stage has anything left to do.

    Raises:
        Unavailable: Kafka does not answer.
    """
    return not any(one.lag != 0 for one in await stage_status(settings))


async def look(names: Names, admin: Admin, consumer: AIOKafkaConsumer) -> list[StageStatus]:
    """Return the same by clients that are connected already."""
    read = ((names.raw, names.corrections), (names.issues,), (names.articles,), (names.tagged,))
    there = await partitions_of(admin, [topic for topics in read for topic in topics])
    found = []
    for stage, topics in zip(STAGES, read, strict=True):
        parts = [part for topic in topics for part in there[topic]]
        ends = await consumer.end_offsets(parts) if parts else {}
        begins = await consumer.beginning_offsets(parts) if parts else {}
        committed = await group_offsets(admin, names.group(stage))
        done = {part: offset for part, offset in committed.items() if part in ends}
        passed = sum(offset - begins[part] for part, offset in done.items())
        found.append(StageStatus(stage, ", ".join(topics), _lag(ends, begins, done), max(0, passed)))
    return found


def _lag(
    ends: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], done: Mapping[TopicPartition, int]
) -> int | None:
    if not done and any(ends[part] > begins[part] for part in ends):
        return None
    # The ends were asked for first, so a group may be past them by now.
    return sum(max(0, end - done.get(part, begins[part])) for part, end in ends.items())


async def document_counts(settings: Settings) -> tuple[dict[str, int], int]:
    """Return how many documents each read alias shows, and the pages that issues have; quarantine counts on its topic.

    Raises:
        Unavailable: Elasticsearch does not answer.
    """
    client = connect(settings)
    try:
        found = await counts(client, settings.prefix)
        shown = {str(kind): count for kind, count in found.items() if kind != "quarantine"}
        return shown, await page_count(client, settings.prefix)
    except Exception as error:
        if is_passing(error):
            raise elasticsearch_unreachable(settings, error) from error
        raise
    finally:
        await client.close()
