"""The four processors as processes of their own, on the real servers, under a prefix of their own."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from elasticsearch import Elasticsearch
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.operate.setup import create_everything
from services.cli.operate.workers import Workers, check_alive
from services.cli.shared.stages import look
from services.index.names import KINDS, Names
from services.runtime.kafka.admin import Admin, partitions_of
from services.runtime.kafka.connection import connection
from services.runtime.messages.records import Record
from services.runtime.names import MAX_MESSAGE_BYTES, STAGES
from services.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

    from tests.servers import Servers

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Pipeline:
    """A running installation, and what a test does to it and sees of it."""

    settings: Settings
    logs: Path
    workers: Workers
    client: Elasticsearch
    loop: asyncio.Runner
    admin: Admin
    consumer: AIOKafkaConsumer
    producer: AIOKafkaProducer

    @contextmanager
    def stopped(self, *stages: str) -> Iterator[None]:
        """Stop some stages, and start them again at the end."""
        self.workers.halt(*stages)
        yield
        self.workers.start(*stages)

    def run(self, *arguments: str | Path, given: bytes | None = None) -> Result:
        """Run the `broadsheet` command."""
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)

    def publish(self, paper: str, pages: dict[int, str], **fields: Any) -> None:
        """Publish an issue of 2023-08-15 and wait until it has gone all the way."""
        self.send(message(paper, pages, **fields))

    def send(self, *messages: tuple[bytes | None, bytes | None, dict[str, str]]) -> None:
        """Send (key, value, headers) to the raw topic, as any program might, and wait until all is done."""
        self.send_only(*messages)
        self.settle()

    def send_only(self, *messages: tuple[bytes | None, bytes | None, dict[str, str]]) -> None:
        """Send the same, and do not wait."""
        for key, value, headers in messages:
            pairs = [(name, text.encode()) for name, text in headers.items()]
            self.loop.run(self.producer.send_and_wait(self.settings.names.raw, value, key, headers=pairs))

    def send_to(self, topic: str, key: bytes, value: bytes) -> None:
        """Send one record to a topic."""
        self.loop.run(self.producer.send_and_wait(topic, value, key))

    def begin_anew(self) -> None:
        """Lose all that Elasticsearch holds, and have everything read again from the topics that are published to."""
        with self.stopped(*STAGES):
            patterns = [self.settings.names.state_index]
            patterns += [Names(self.settings.prefix, kind).every_version for kind in KINDS]
            self.client.indices.delete(index=list(self.client.indices.get(index=patterns)))
            rewound = self.run("rewind")
            assert rewound.exit_code == 0, rewound.output
        self.settle()

    def settle(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until no stage is behind; what one stage finished, the next one may see only a look later."""
        looks = 0
        deadline = time.monotonic() + seconds
        while looks < len(STAGES):
            check_alive(self.workers)
            stages = self.loop.run(look(self.settings.names, self.admin, self.consumer))
            looks = looks + 1 if all(one.lag == 0 for one in stages) else 0
            assert time.monotonic() < deadline, f"after {seconds} s: {stages}"

    def documents(self, paper: str) -> dict[str, dict[str, Any]]:
        """Return headline -> document of what a search sees of a paper."""
        return {found["headline"]: found for found in self._search(Names(self.settings.prefix, "articles").read, paper)}

    def stored(self, paper: str) -> list[dict[str, Any]]:
        """Return every document of a paper, those that are withdrawn too, by id."""
        found = self._search(Names(self.settings.prefix, "articles").every_version, paper)
        return sorted(found, key=lambda document: str(document["article_id"]))

    def record(self, paper: str) -> dict[str, Any]:
        """Return the document of an issue."""
        (found,) = self._search(Names(self.settings.prefix, "issues").read, paper)
        return found

    def records(self, topic: str) -> list[Record]:
        """Return every committed record of a topic, partition by partition."""

        async def read() -> list[Record]:
            parts = (await partitions_of(self.admin, [topic]))[topic]
            self.consumer.assign(parts)
            await self.consumer.seek_to_beginning(*parts)
            found = []
            for part, end in (await self.consumer.end_offsets(parts)).items():
                while await self.consumer.position(part) < end:
                    taken = (await self.consumer.getmany(part, timeout_ms=200)).get(part, ())
                    found.extend(
                        Record(topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers) for r in taken
                    )
            self.consumer.unsubscribe()
            return found

        return self.loop.run(read())

    def _search(self, index: str, paper: str) -> list[dict[str, Any]]:
        self.client.indices.refresh(index=index)
        answer = self.client.search(index=index, query={"term": {"paper": paper}}, size=100)
        return [hit["_source"] for hit in answer["hits"]["hits"]]


def message(paper: str, pages: dict[int, str], **fields: Any) -> tuple[bytes, bytes, dict[str, str]]:
    """Return key, value and headers of a message that publishes pages of an issue of 2023-08-15."""
    texts = [{"page": page, "text": text} for page, text in pages.items()]
    issue = {"paper": paper, "date": "2023-08-15", "pages": texts, **fields}
    return f"{paper}/2023-08-15".encode(), json.dumps(issue).encode(), {}


@pytest.fixture(scope="module")
def pipeline(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    logs = tmp_path_factory.mktemp("logs")
    environment = {
        "BROADSHEET_KAFKA": servers.kafka,
        "BROADSHEET_ELASTICSEARCH": servers.elasticsearch,
        "BROADSHEET_PREFIX": f"test-{uuid.uuid4().hex[:8]}-",
        "BROADSHEET_PARTITIONS": "2",
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patch, Elasticsearch(servers.elasticsearch) as client:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings = load_settings()
        with asyncio.Runner() as loop:
            loop.run(create_everything(settings))
            yield from _running(loop, settings, logs, client)


def _running(loop: asyncio.Runner, settings: Settings, logs: Path, client: Elasticsearch) -> Iterator[Pipeline]:
    async def clients() -> tuple[Admin, AIOKafkaConsumer, AIOKafkaProducer]:
        made = (
            Admin(**connection(settings)),
            AIOKafkaConsumer(**connection(settings), isolation_level="read_committed"),
            AIOKafkaProducer(**connection(settings), max_request_size=MAX_MESSAGE_BYTES),
        )
        for each in made:
            await each.start()
        return made

    admin, consumer, producer = loop.run(clients())
    pipeline = Pipeline(settings, logs, Workers(settings, logs, STAGES), client, loop, admin, consumer, producer)
    try:
        pipeline.workers.start()
        yield pipeline
    finally:
        pipeline.workers.stop()
        loop.run(producer.stop())
        loop.run(consumer.stop())
        loop.run(admin.close())


@pytest.fixture
def paper() -> str:
    """A paper that no other test writes to."""
    return f"渔港日报{uuid.uuid4().hex[:6]}"


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait for a condition."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"not so after {PATIENCE_SECONDS} s"

    return wait
