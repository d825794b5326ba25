"""State: a batch that comes again builds on what was there before it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest
from elasticsearch import NotFoundError

from services.runtime.elasticsearch.state import MOST_READ_BYTES, StateConflict, create_states
from services.runtime.elasticsearch.state_batch import reject_refused
from services.runtime.errors import Abandoned
from services.runtime.messages.records import Batch, Emission, Record
from tests.fakes import FakeElasticsearch, api_error, no_connection
from tests.unit.runtime.elasticsearch.states import KEY, Pauses, attempt, record, remember, store

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch


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
