"""An archive for tests, filled with articles made by hand under a prefix of its own, and a desk that reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from elasticsearch import AsyncElasticsearch, Elasticsearch

from services.index.admin import ensure_indices
from services.index.app import action
from services.index.document import document, document_id, index_kind, order_of
from services.index.names import Names
from services.runtime.elasticsearch.state import MAPPING
from services.runtime.errors import Rejected
from services.runtime.health.condition import Condition
from services.runtime.health.measures import Measures
from services.runtime.health.operations import ensure_operations, report
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Record, Rejection
from services.runtime.names import Names as RuntimeNames
from services.runtime.settings import load_settings
from tests.kafka import PARTITIONS
from tests.unit.desk.edition import ISSUE, PAGE, REVISION, article, forecast, record, teas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from schemas.article import IssueRecord, Withdrawal
    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings
    from tests.servers import Servers

START_SECONDS = 240.0
PATIENCE_SECONDS = 120.0
"""A busy machine needs long for a new index; Elasticsearch's client gives up after ten seconds."""
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1
NO_KAFKA = "127.0.0.1:9"
"""Where nothing listens: the port of the discard protocol."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk answered."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: tuple[str, ...] = ()

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Desk:
    """A running desk."""

    address: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        named = {name.replace("_", "-"): value.encode() for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            cookies = tuple(response.headers.get_all("set-cookie") or ())
            return Answer(response.status, received, response.read().decode(), cookies)
        finally:
            connection.close()


def new_prefix() -> str:
    return f"t{uuid.uuid4().hex[:10]}."


async def create_indices(address: str, prefix: str) -> None:
    async with AsyncElasticsearch(address, request_timeout=PATIENCE_SECONDS) as client:
        await ensure_indices(client, prefix)
        await ensure_operations(client, RuntimeNames(prefix).operations)


def store(client: Elasticsearch, prefix: str, messages: Sequence[TaggedArticle | Withdrawal | IssueRecord]) -> None:
    """Index messages as the index processor does, and wait until they can be found."""
    for message in messages:
        client.index(
            index=Names(prefix, index_kind(message)).write,
            id=document_id(message),
            document=document(message),
            version=order_of(message),
            version_type="external",
            refresh=True,
        )


def store_pages(client: Elasticsearch, prefix: str) -> None:
    """Put the issue's pages where ingest keeps them."""
    day = ISSUE.partition("/")[2]
    page = {"page": 1, "revision": REVISION, "text": PAGE, "encoding": "utf-8"}
    after = {"paper": "示例日报", "date": day, "date_assumed": False, "floor": 0, "revision": REVISION, "step": 0}
    client.indices.create(index=f"{prefix}stage-state", mappings=MAPPING)
    client.index(
        index=f"{prefix}stage-state",
        id=f"ingest:{ISSUE}",
        document={"stage": "ingest", "key": ISSUE, "first": "x", "before": None, "after": after | {"pages": [page]}},
    )


def store_operations(client: Elasticsearch, prefix: str) -> None:
    """Put three messages into quarantine, and let three workers say how far behind they are, as the services do.

    Called again, it lets the same workers speak again: nobody believes a worker that has been silent for minutes.
    """
    names = RuntimeNames(prefix)
    for offset, (stage, error) in enumerate([("ingest", "no page"), ("ingest", "no page"), ("index", "refused")]):
        original = Record(names.raw, 0, offset, 1_691_100_000_000, ISSUE.encode(), b"\xff")
        kept = to_quarantine(Rejection(original, Rejected(error)), stage=stage, topic=names.quarantine)
        record = Record(names.quarantine, 0, offset, kept.timestamp, kept.key, kept.value, kept.headers)
        ((_, operation, source),) = action(record, names)
        target = operation["index"]
        client.index(index=target["_index"], id=target["_id"], document=source, refresh=True)
    for number, stage in enumerate(("segment", "segment", "tag")):
        behind = Condition(starting=False, running=True, settled=True, waiting=False, lag=number, idle_seconds=0.0)
        document = report(stage, f"node-{number}", behind, Measures(stage).registry, int(time.time() * 1000))
        place = names.operations, f"{stage}-node-{number}"
        client.index(index=place[0], id=place[1], document=document, refresh=True, require_alias=True)


def many(count: int) -> list[TaggedArticle]:
    """Return articles that differ in id, page and kind: every third is a brief, every second stands on page 2."""
    return [
        article(
            article_id=f"{ISSUE}/{number:012x}",
            headline=f"月饼专列第{number}趟",
            kind="brief" if number % 3 == 0 else "story",
            pages=(2 if number % 2 == 0 else 1,),
        )
        for number in range(100, 100 + count)
    ]


def whole_issue() -> list[TaggedArticle | IssueRecord]:
    return [article(), forecast(), teas(), record()]


@contextmanager
def running_desk(
    elasticsearch: str, prefix: str = "", kafka: str = NO_KAFKA, *, log: Path | None = None, **variables: str
) -> Iterator[Desk]:
    """Run `python -m services.desk` on a free port until the block ends; `variables` are set for it too.

    It logs to the file `log`, if there is one.
    """
    environment = os.environ | {
        **variables,
        "BROADSHEET_ELASTICSEARCH": elasticsearch,
        "BROADSHEET_KAFKA": kafka,
        "BROADSHEET_PREFIX": prefix,
        "BROADSHEET_DESK_PORT": "0",
        "BROADSHEET_LOG_FORMAT": "ecs",
        "NO_PROXY": "127.0.0.1",
    }
    with log.open("w+", encoding="utf-8") if log else tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen([sys.executable, "-m", "services.desk"], env=environment, stderr=said)
        try:
            yield Desk(_address(process, said), process)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def _address(process: subprocess.Popen[bytes], said: IO[str]) -> str:
    """Return the address that the desk logs when it is open."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        said.seek(0)
        for line in said:
            if "the desk is open" in line and line.endswith("\n"):
                return str(json.loads(line)["url"]["full"])
        time.sleep(POLL_SECONDS)
    said.seek(0)
    raise AssertionError(f"the desk did not open: {said.read()}")


def settings_for(servers: Servers, prefix: str) -> Settings:
    return load_settings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, prefix=prefix, partitions=PARTITIONS)
