"""A stage as a plain aiokafka program with the same pure functions: `python -m benchmarks.whole.peer STAGE`.

It reads, decides, sends, and commits its offsets. It has no transactions, no quarantine and no limits, and keeps its
states in memory: what a crash, a bad record or a second worker would lose is what the pipeline does more.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from elasticsearch import AsyncElasticsearch
from pydantic_core import to_json

from schemas.contract import decode
from schemas.issue import Issue
from services.arrivals.reading import Arrival, read_arrival
from services.index.app import action
from services.ingest.app import take_in
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.kafka.connection import connection
from services.runtime.messages.records import Emission, Record
from services.runtime.settings import load_settings
from services.segment.app import segment
from services.tag.app import tag
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from tests.workers import ROOT, Worker, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from services.runtime.names import Names
    from services.runtime.settings import Settings

MOST_RECORDS = 200
WAIT_MS = 200


def peer_worker(settings: Settings, stage: str) -> AbstractContextManager[Worker]:
    """Start a peer that does the work of a stage."""
    return running(settings, "benchmarks.whole.peer", stage, root=ROOT)


class Peer:
    """The decisions of a stage, with its states in memory."""

    def __init__(self, stage: str, names: Names) -> None:
        self._stage = stage
        self._names = names
        self._states = StateBatch()
        self._tagger = Tagger(seed_taxonomy()) if stage == "tag" else None

    @property
    def source(self) -> str:
        """The topic to read."""
        names = self._names
        return {"ingest": names.raw, "segment": names.issues, "tag": names.articles, "index": names.tagged}[self._stage]

    def emissions(self, record: Record) -> Iterator[Emission]:
        """Yield what the stage sends for a record."""
        if self._stage == "ingest":
            arrival = read_arrival(record)
            assert isinstance(arrival, Arrival)
            self._states.slots.setdefault(arrival.issue_id, Slot(None, None, "", None))
            yield from take_in(record, arrival, self._states, self._names.issues)
        elif self._stage == "segment":
            issue = decode(Issue, record.value)
            self._states.slots.setdefault(issue.issue_id, Slot(None, None, "", None))
            yield from segment(record, issue, self._states, self._names.articles)
        elif self._tagger is not None:
            yield tag(record, self._tagger, self._names.tagged)

    def documents(self, record: Record) -> Iterator[Any]:
        """Yield the parts of a bulk request for a record."""
        for one in action(record, self._names):
            yield one.operation
            yield to_json(one.source)


async def work(stage: str, settings: Settings) -> None:
    """Do the stage's work until the process ends."""
    peer = Peer(stage, settings.names)
    consumer = AIOKafkaConsumer(
        peer.source,
        **connection(settings),
        group_id=f"{settings.prefix}peer-{stage}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with (
        consumer,
        AIOKafkaProducer(**connection(settings), max_request_size=2**24, max_batch_size=2**20) as producer,
        AsyncElasticsearch(settings.elasticsearch_address) as client,
    ):
        while True:
            taken = await consumer.getmany(timeout_ms=WAIT_MS, max_records=MOST_RECORDS)
            records = [Record.of(one) for some in taken.values() for one in some]
            if not records:
                continue
            if stage == "index":
                await client.bulk(operations=[part for one in records for part in peer.documents(one)])
            else:
                for future in [
                    await producer.send(
                        each.topic, each.value, each.key, timestamp_ms=each.timestamp, headers=list(each.headers)
                    )
                    for one in records
                    for each in peer.emissions(one)
                ]:
                    await future
            await consumer.commit()


async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that the peer is ready."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def main(stage: str) -> None:
    """Run the peer, and answer on `/ready`."""
    settings = load_settings()
    async with await asyncio.start_server(answer, "127.0.0.1", settings.http_port):
        await work(stage, settings)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
