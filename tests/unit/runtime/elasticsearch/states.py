"""Records, the states they are written into, and what ingest makes of them, without a server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from services.arrivals.reading import read_arrival
from services.ingest.app import take_in
from services.ingest.correcting import read_correction
from services.ingest.known_pages import PAGES
from services.runtime.elasticsearch.state import StateStore
from services.runtime.errors import Abandoned
from services.runtime.messages.records import Emission, Record

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from schemas.correction import Correction
    from services.arrivals.reading import Arrival
    from services.runtime.elasticsearch.state_batch import StateBatch
    from tests.fakes import FakeElasticsearch

KEY = "渔港日报/2023-08-04"


class Pauses:
    """Counts the pauses; raises `Abandoned` at the one after `patience`."""

    def __init__(self, patience: int = 100) -> None:
        self.seconds: list[float] = []
        self._patience = patience

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) > self._patience:
            raise Abandoned("a rebalance")


def store(fake: FakeElasticsearch, pauses: Pauses | None = None, shared: str | None = None) -> StateStore:
    return StateStore(cast("AsyncElasticsearch", fake), "stage-state", "ingest", pauses or Pauses(), shared)


def pages_store(fake: FakeElasticsearch) -> StateStore:
    """Return a store that does not write pages twice, as ingest uses it."""
    return store(fake, shared=PAGES)


def record(offset: int, text: str = "", *, page: int = 1, revision: int = 1, partition: int = 0) -> Record:
    headers = {"paper": "渔港日报", "date": "2023-08-04", "page": str(page), "revision": str(revision)}
    pairs = tuple((name, value.encode()) for name, value in headers.items())
    return Record("issues.raw", partition, offset, 1_000 + offset, None, text.encode(), pairs)


def remember(states: StateBatch, each: Record) -> list[int]:
    """Append the record's offset to the state of the key: an output that shows what was built upon."""
    seen = [*((states.load(KEY, each) or {"seen": []})["seen"]), each.offset]
    states.save(KEY, {"seen": seen})
    return seen


async def attempt(states: StateStore, records: list[Record]) -> list[list[int]]:
    batch = await states.read([KEY])
    outputs = [remember(batch, each) for each in records]
    await states.write(batch)
    return outputs


def correction(offset: int, **fields: Any) -> Record:
    """Return a record of a correction that its offset tells apart."""
    whole = {
        "correction_id": f"{offset:032x}",
        "article_id": f"{KEY}/0123456789ab",
        "by": "周敏",
        "at": f"2023-08-04T0{offset}:00:00Z",
        "change": {"change": "headline", "headline": f"第{offset}题"},
    }
    return Record("corrections", 0, offset, 1_000 + offset, KEY.encode(), json.dumps(whole | fields).encode())


def read_one(each: Record) -> Arrival | Correction:
    return read_correction(each) if each.topic == "corrections" else read_arrival(each)


async def ingest(states: StateStore, records: list[Record]) -> list[Emission]:
    read = [(each, read_one(each)) for each in records]
    batch = await states.read(one.issue_id for _, one in read)
    emissions = [emission for each, one in read for emission in take_in(each, one, batch, "issues")]
    await states.write(batch)
    return emissions
