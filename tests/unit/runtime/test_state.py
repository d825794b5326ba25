"""State: a batch that comes again builds on what was there before it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.app import take_in
from services.ingest.reading import read_arrival
from services.runtime.errors import Abandoned
from services.runtime.records import Record
from services.runtime.state import StateBatch, StateConflict, StateStore, create_states
from tests.fakes import FakeElasticsearch, api_error, no_connection

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.runtime.records import Emission

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


def store(fake: FakeElasticsearch, pauses: Pauses | None = None) -> StateStore:
    return StateStore(cast("AsyncElasticsearch", fake), "stage-state", "ingest", pauses or Pauses())


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


def test_a_batch_builds_on_the_one_before() -> None:
    states = store(FakeElasticsearch())
    assert asyncio.run(attempt(states, [record(0), record(1)])) == [[0], [0, 1]]
    assert asyncio.run(attempt(states, [record(2)])) == [[0, 1, 2]]


def test_a_batch_that_comes_again_starts_from_the_state_before_it() -> None:
    states = store(FakeElasticsearch())
    asyncio.run(attempt(states, [record(0)]))
    first = asyncio.run(attempt(states, [record(1), record(2)]))
    assert asyncio.run(attempt(states, [record(1), record(2)])) == first


def test_a_batch_that_comes_again_shorter_or_longer_gives_the_same_for_each_record() -> None:
    states = store(FakeElasticsearch())
    asyncio.run(attempt(states, [record(0)]))
    asyncio.run(attempt(states, [record(1), record(2)]))
    assert asyncio.run(attempt(states, [record(1)])) == [[0, 1]]
    assert asyncio.run(attempt(states, [record(2), record(3)])) == [[0, 1, 2], [0, 1, 2, 3]]


def test_a_first_batch_that_comes_again_starts_from_nothing() -> None:
    states = store(FakeElasticsearch())
    first = asyncio.run(attempt(states, [record(0), record(1)]))
    assert asyncio.run(attempt(states, [record(0), record(1)])) == first


def test_a_record_of_a_topic_made_anew_is_not_taken_for_the_old_one() -> None:
    states = store(FakeElasticsearch())
    asyncio.run(attempt(states, [record(0)]))
    anew = Record("issues.raw", 0, 0, 999_999, None, b"")
    assert asyncio.run(attempt(states, [anew])) == [[0, 0]]


def test_a_state_taken_back_and_not_saved_again_is_taken_back_in_the_index() -> None:
    states = store(FakeElasticsearch())
    asyncio.run(attempt(states, [record(0)]))
    asyncio.run(attempt(states, [record(1)]))

    async def refuse_all() -> None:
        batch = await states.read([KEY])
        batch.load(KEY, record(1))
        await states.write(batch)

    asyncio.run(refuse_all())
    assert asyncio.run(attempt(states, [record(2)])) == [[0, 2]]


def test_what_is_only_looked_at_is_not_written() -> None:
    fake = FakeElasticsearch()
    states = store(fake)

    async def look() -> None:
        batch = await states.read([KEY])
        assert batch.load(KEY, record(0)) is None
        await states.write(batch)

    asyncio.run(look())
    assert not fake.documents


def test_two_workers_on_one_state_are_told_apart() -> None:
    states = store(FakeElasticsearch())

    async def race() -> None:
        mine, theirs = await states.read([KEY]), await states.read([KEY])
        remember(theirs, record(0))
        await states.write(theirs)
        remember(mine, record(5, partition=1))
        await states.write(mine)

    with pytest.raises(StateConflict, match=KEY):
        asyncio.run(race())


def test_a_server_that_is_away_or_refuses_for_now_is_waited_for() -> None:
    fake, pauses = FakeElasticsearch(), Pauses()
    states = store(fake, pauses)
    fake.failures = [no_connection(), api_error(503), api_error(429)]
    fake.refusals = [429, 503]
    assert asyncio.run(attempt(states, [record(0)])) == [[0]]
    assert len(pauses.seconds) == 5
    assert asyncio.run(attempt(states, [record(1)])) == [[0, 1]]


def test_waiting_ends_when_the_worker_must_let_go() -> None:
    fake = FakeElasticsearch(failures=[no_connection()] * 9)
    with pytest.raises(Abandoned):
        asyncio.run(attempt(store(fake, Pauses(patience=3)), [record(0)]))
    assert fake.requests == 4


def test_a_refusal_for_good_is_an_error_that_names_the_key() -> None:
    fake = FakeElasticsearch(refusals=[400])
    with pytest.raises(RuntimeError, match=KEY):
        asyncio.run(attempt(store(fake), [record(0)]))


def test_the_index_of_states_is_made_once() -> None:
    fake = FakeElasticsearch()
    asyncio.run(create_states(cast("AsyncElasticsearch", fake), "stage-state"))
    asyncio.run(create_states(cast("AsyncElasticsearch", fake), "stage-state"))
    assert fake.created == ["stage-state"]


async def ingest(states: StateStore, records: list[Record]) -> list[Emission]:
    arrivals = [(each, read_arrival(each)) for each in records]
    batch = await states.read(arrival.issue_id for _, arrival in arrivals)
    emissions = [take_in(each, arrival, batch, "issues") for each, arrival in arrivals]
    await states.write(batch)
    return emissions


@st.composite
def crashes(draw: st.DrawFn) -> tuple[list[Record], list[tuple[int, bool]]]:
    """Records of an issue, and the sizes of the batches they are taken in, each committed or not."""
    records = []
    for offset in range(draw(st.integers(1, 8))):
        page, revision = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        records.append(record(offset, f"第{page}版第{revision}稿", page=page, revision=revision))
    return records, draw(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=10))


@given(crashes())
def test_ingest_emits_the_same_bytes_whatever_crashes_come_between(
    case: tuple[list[Record], list[tuple[int, bool]]],
) -> None:
    records, batches = case

    async def run() -> tuple[list[Emission], list[Emission]]:
        undisturbed = await ingest(store(FakeElasticsearch()), records)
        states, position, committed = store(FakeElasticsearch()), 0, []
        for size, survives in [*batches, (len(records), True)]:
            taken = records[position : position + size]
            emitted = await ingest(states, taken)
            if survives:
                committed += emitted
                position += len(taken)
        return undisturbed, committed

    undisturbed, committed = asyncio.run(run())
    assert committed == undisturbed


def test_an_arrival_that_changes_nothing_is_emitted_once_more() -> None:
    states = store(FakeElasticsearch())
    first = asyncio.run(ingest(states, [record(0, "一")]))
    again = asyncio.run(ingest(states, [record(1, "一")]))
    assert again[0].value == first[0].value
