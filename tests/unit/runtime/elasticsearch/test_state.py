"""State: a batch that comes again builds on what was there before it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from elasticsearch import NotFoundError
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract import decode
from schemas.issue import Issue, version_of
from services.arrivals.reading import read_arrival
from services.ingest.app import take_in
from services.ingest.correcting import read_correction
from services.runtime.elasticsearch.state import MOST_READ_BYTES, StateConflict, StateStore, create_states
from services.runtime.elasticsearch.state_batch import StateBatch, reject_refused
from services.runtime.errors import Abandoned, Rejected
from services.runtime.messages.records import Batch, Emission, Record
from tests.fakes import FakeElasticsearch, api_error, no_connection

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from schemas.correction import Correction
    from services.arrivals.reading import Arrival

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


def test_a_server_that_answers_before_its_shards_are_there_is_waited_for() -> None:
    fake, pauses = FakeElasticsearch(), Pauses()
    states = store(fake, pauses)
    asyncio.run(attempt(states, [record(0)]))
    fake.missing_shards = ["no_shard_available_action_exception"] * 2
    assert asyncio.run(attempt(states, [record(1)])) == [[0, 1]]
    assert len(pauses.seconds) == 2


def test_an_index_of_states_that_is_gone_is_an_error_and_not_taken_for_empty() -> None:
    fake = FakeElasticsearch(missing_shards=["index_not_found_exception"])
    with pytest.raises(NotFoundError, match="gone"):
        asyncio.run(attempt(store(fake), [record(0)]))


def test_waiting_ends_when_the_worker_must_let_go() -> None:
    fake = FakeElasticsearch(failures=[no_connection()] * 9)
    with pytest.raises(Abandoned):
        asyncio.run(attempt(store(fake, Pauses(patience=3)), [record(0)]))
    assert fake.requests == 4


def test_a_state_that_is_refused_for_good_sends_what_led_to_it_to_quarantine_and_nothing_else() -> None:
    """It ended the worker before, again and again, and with it every issue behind this one."""
    fake = FakeElasticsearch(refusals=[400])
    batch = Batch([record(0), record(1)])

    async def work() -> dict[str, str]:
        states = await store(fake).read([KEY, "清江日报/2023-08-04"])
        for key, each in ((KEY, record(0)), ("清江日报/2023-08-04", record(1))):
            states.load(key, each)
            states.save(key, {})
            with batch.attempt(each):
                batch.emissions += [Emission("articles", f"{key}{part}".encode(), b"", (), 0) for part in ("", "/0123")]
        return await store(fake).write(states)

    refused = asyncio.run(work())
    reject_refused(batch, [(record(0), KEY), (record(1), "清江日报/2023-08-04")], refused)
    assert [one.record.offset for one in batch.rejections] == [0]
    assert KEY in str(batch.rejections[0].error)
    assert [one.key for one in batch.emissions] == ["清江日报/2023-08-04".encode(), "清江日报/2023-08-04/0123".encode()]


def test_states_are_read_as_far_as_there_is_room_for_them() -> None:
    """Five hundred records may be of five hundred large issues, whose states would not fit into memory together."""
    fake = FakeElasticsearch()
    keys = [f"清江日报/2023-08-0{day}" for day in range(1, 6)]
    for key in keys:
        states = asyncio.run(store(fake).read([key]))
        states.load(key, record(0))
        states.save(key, {"text": "渔" * (MOST_READ_BYTES // 9)})
        asyncio.run(store(fake).write(states))
    read = asyncio.run(store(fake).read(keys))
    assert [key for key in keys if read.holds(key)] == keys[:2]
    assert asyncio.run(store(fake).read(keys[2:])).holds(keys[2])


def test_the_index_of_states_is_made_once() -> None:
    fake = FakeElasticsearch()
    asyncio.run(create_states(cast("AsyncElasticsearch", fake), "stage-state"))
    asyncio.run(create_states(cast("AsyncElasticsearch", fake), "stage-state"))
    assert fake.created == ["stage-state"]


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


@st.composite
def crashes(draw: st.DrawFn) -> tuple[list[Record], list[tuple[int, bool]]]:
    """Records of an issue, and the sizes of the batches they are taken in, each committed or not."""
    records = []
    for offset in range(draw(st.integers(1, 8))):
        page, revision = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        records.append(record(offset, f"第{page}版第{revision}稿", page=page, revision=revision))
    return records, draw(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=10))


@settings(deadline=None)
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


@st.composite
def two_topics(draw: st.DrawFn) -> tuple[list[Record], list[Record], list[tuple[int, int, bool, bool]]]:
    """Pages and corrections of an issue, and batches: so many of each, which come first, committed or not."""
    (pages, _), count = draw(crashes()), draw(st.integers(1, 5))
    batches = st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans())
    return pages, [correction(offset) for offset in range(count)], draw(st.lists(batches, max_size=12))


@settings(deadline=None)
@given(two_topics())
def test_pages_and_corrections_end_the_same_however_they_and_crashes_come_between(
    case: tuple[list[Record], list[Record], list[tuple[int, int, bool, bool]]],
) -> None:
    """Between two topics there is no order, so that a batch that comes again may hold other records beside."""
    pages, corrections, batches = case

    async def run() -> tuple[Emission, list[Emission]]:
        undisturbed = await ingest(store(FakeElasticsearch()), [*pages, *corrections])
        states, committed = store(FakeElasticsearch()), []
        page, at = 0, 0
        for some, others, corrections_first, survives in [*batches, (len(pages), len(corrections), True, True)]:
            taken = [pages[page : page + some], corrections[at : at + others]]
            emitted = await ingest(states, [one for part in taken[:: -1 if corrections_first else 1] for one in part])
            if survives:
                committed += emitted
                page, at = page + some, at + others
        return undisturbed[-1], committed

    undisturbed, committed = asyncio.run(run())
    newest = max(committed, key=lambda emission: decode(Issue, emission.value).version)
    assert newest.value == undisturbed.value


def test_corrections_before_any_page_wait_and_come_with_it() -> None:
    states = store(FakeElasticsearch())
    assert asyncio.run(ingest(states, [correction(1), correction(2)])) == []
    (emission,) = asyncio.run(ingest(states, [record(0, "一")]))
    issue = decode(Issue, emission.value)
    assert [one.by for one in issue.corrections] == ["周敏", "周敏"]
    assert issue.version == version_of(1, 2)


def test_a_correction_that_is_refused_leaves_the_state_as_it_was() -> None:
    fake = FakeElasticsearch()
    states = store(fake)
    asyncio.run(ingest(states, [record(0, "一"), correction(1)]))
    before = json.dumps(fake.documents)
    with pytest.raises(Rejected, match="sent with other content before; send it under an id of its own"):
        asyncio.run(ingest(states, [correction(1, by="别人")]))
    assert json.dumps(fake.documents) == before


def test_an_arrival_that_changes_nothing_is_emitted_once_more() -> None:
    states = store(FakeElasticsearch())
    first = asyncio.run(ingest(states, [record(0, "一")]))
    again = asyncio.run(ingest(states, [record(1, "一")]))
    assert again[0].value == first[0].value
