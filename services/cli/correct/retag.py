"""`broadsheet retag`: apply the current taxonomy to tagged articles; see docs/decisions/0008-retag.md."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.contract import ContractError
from services.cli.shared.console import err, out, print_json
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.scan import Scan
from services.runtime.names import MAX_MESSAGE_BYTES
from services.tag.retag import STAGE, Ledger, tagged_again
from services.tag.tagging import Tagger
from services.topics.pushed import in_force, pushed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiokafka import TopicPartition

    from services.runtime.messages.records import Emission, Record
    from services.runtime.settings import Settings

IN_FLIGHT = 200
MOST_ROUNDS = 20
"""Maximum number of rounds.

A round handles what arrived during the previous round. Two or three are enough unless taggers are too slow.
"""


@dataclass(slots=True)
class Counts:
    """The result: number of articles, of records sent again, and of unreadable records."""

    articles: int = 0
    sent: int = 0
    unreadable: int = 0


def retag(settings: Settings, *, everything: bool, as_json: bool = False) -> None:
    """Retag every article that was tagged with another taxonomy, and print how many.

    Args:
        settings: where Kafka is.
        everything: retag also articles that have the current taxonomy, for example after an upgrade of the taggers.
        as_json: print JSON instead of a sentence.

    Raises:
        BroadsheetError: there are no tagged articles, or taggers write faster than this reads.
        Unavailable: Kafka does not answer.
    """
    taxonomy = in_force(asyncio.run(pushed(settings)))
    with err.status("tagging again …"):
        counts = asyncio.run(_retag(settings, Tagger(taxonomy), everything=everything))
    if as_json:
        print_json({**asdict(counts), "taxonomy_version": taxonomy.version})
        return
    out.print(f"{counts.articles:,} articles, {counts.sent:,} tagged again with version {taxonomy.version}")
    if counts.unreadable:
        err.print(f"{counts.unreadable:,} records could not be read and were left as they are", style="yellow")


async def _retag(settings: Settings, tagger: Tagger, *, everything: bool) -> Counts:
    topic = settings.names.tagged
    counts = Counts()
    async with Scan(settings, [topic]) as scan:
        if not scan.parts:
            raise BroadsheetError(f"There is no topic {topic} yet.\nRun `broadsheet run`, or `broadsheet setup`.")
        producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES)
        try:
            await producer.start()
            for part in scan.parts:
                await _retag_partition(
                    Log(scan, producer, part, settings.source_of(STAGE)), tagger, counts, everything=everything
                )
        except (KafkaError, OSError) as error:
            raise await unreachable(settings, error) from error
        finally:
            await producer.stop()
    return counts


class Log:
    """A partition as a log that can be read and appended to, by `source`."""

    def __init__(self, scan: Scan, producer: AIOKafkaProducer, part: TopicPartition, source: str) -> None:
        self.source = source
        self._scan = scan
        self._producer = producer
        self._part = part

    async def bounds(self) -> tuple[int, int]:
        """Return the first existing offset, and the offset after the last."""
        return await self._scan.bounds(self._part)

    def read(self, first: int, end: int) -> AsyncIterator[Record]:
        """Yield the records from `first` up to, but not including, `end`."""
        return self._scan.stretch(self._part, first, end)

    async def write(self, emissions: list[Emission]) -> None:
        """Append records, and wait until Kafka has stored them."""
        sent = [
            await self._producer.send(
                emission.topic, emission.value, emission.key, self._part.partition, headers=list(emission.headers)
            )
            for emission in emissions
        ]
        for one in sent:
            await one


async def _retag_partition(log: Log, tagger: Tagger, counts: Counts, *, everything: bool) -> None:
    """Send due records again, then check what arrived meanwhile; repeat until nothing is due."""
    ledger = Ledger()
    first, end = await log.bounds()
    for turn in range(MOST_ROUNDS):
        async for record in log.read(first, end):
            try:
                ledger.note(record)
            except ContractError:
                counts.unreadable += 1
        due = ledger.due(tagger.version, everything=everything and turn == 0)
        if not due:
            counts.articles += ledger.articles
            return
        counts.sent += await _send_again(log, due, tagger, (lambda *_: False) if everything else ledger.spared)
        first, (_, end) = end, await log.bounds()
    raise BroadsheetError("Articles arrive faster than they are retagged.\nRun `broadsheet retag` again later.")


async def _send_again(log: Log, due: frozenset[int], tagger: Tagger, spared: Callable[[Record, Emission], bool]) -> int:
    waiting: list[Emission] = []
    sent = 0
    async for record in log.read(min(due), max(due) + 1):
        if record.offset in due:
            again = tagged_again(record, tagger, record.topic, log.source)
            if not spared(record, again):
                waiting.append(again)
        if len(waiting) >= IN_FLIGHT:
            await log.write(waiting)
            sent += len(waiting)
            waiting = []
    await log.write(waiting)
    return sent + len(waiting)
