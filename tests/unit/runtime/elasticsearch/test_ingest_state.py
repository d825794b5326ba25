"""States of ingest: the same issues come out whatever crashes come between."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract import decode
from schemas.issue import Issue, version_of
from services.runtime.elasticsearch.state_document import BEFORE, BEGAN, FIRST, SHORTENED
from services.runtime.errors import Rejected
from tests.fakes import FakeElasticsearch
from tests.unit.runtime.elasticsearch.states import correction, ingest, pages_store, record, store

if TYPE_CHECKING:
    from services.runtime.messages.records import Emission, Record


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
        undisturbed = await ingest(pages_store(FakeElasticsearch()), records)
        states, position, committed = pages_store(FakeElasticsearch()), 0, []
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
        undisturbed = await ingest(pages_store(FakeElasticsearch()), [*pages, *corrections])
        states, committed = pages_store(FakeElasticsearch()), []
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
    states = pages_store(FakeElasticsearch())
    assert asyncio.run(ingest(states, [correction(1), correction(2)])) == []
    (emission,) = asyncio.run(ingest(states, [record(0, "一")]))
    issue = decode(Issue, emission.value)
    assert [one.by for one in issue.corrections] == ["周敏", "周敏"]
    assert issue.version == version_of(1, 2)


def test_a_correction_that_is_refused_leaves_the_state_as_it_was() -> None:
    fake = FakeElasticsearch()
    states = pages_store(fake)
    asyncio.run(ingest(states, [record(0, "一"), correction(1)]))
    before = json.dumps(fake.documents)
    with pytest.raises(Rejected, match="sent with other content before; send it under an id of its own"):
        asyncio.run(ingest(states, [correction(1, by="别人")]))
    assert json.dumps(fake.documents) == before


def test_an_arrival_that_changes_nothing_is_emitted_once_more() -> None:
    states = pages_store(FakeElasticsearch())
    first = asyncio.run(ingest(states, [record(0, "一")]))
    again = asyncio.run(ingest(states, [record(1, "一")]))
    assert again[0].value == first[0].value


PAGE = "渔" * 1_000
"""The text of a page that is not written twice."""


def document(fake: FakeElasticsearch) -> dict[str, Any]:
    (found,) = fake.documents.values()
    return found


def test_a_page_is_written_once_although_the_state_before_the_batch_has_it_too() -> None:
    """Only a page that the batch replaced is written in both states."""
    fake = FakeElasticsearch()
    asyncio.run(ingest(pages_store(fake), [record(0, PAGE), record(1, f"{PAGE}二", page=2)]))
    asyncio.run(ingest(pages_store(fake), [record(2, f"{PAGE}三", page=3)]))
    assert json.dumps(document(fake), ensure_ascii=False).count(PAGE) == 3
    asyncio.run(ingest(pages_store(fake), [record(3, f"{PAGE}改", page=2, revision=2)]))
    assert json.dumps(document(fake), ensure_ascii=False).count(PAGE) == 4


def test_states_of_an_earlier_release_are_read_also_in_the_middle_of_a_batch() -> None:
    """An upgrade finds both texts of each page, and perhaps a batch that was not committed."""
    fake, first, again = FakeElasticsearch(), [record(0, "一")], [record(1, "二", page=2), record(2, "三", page=3)]
    asyncio.run(ingest(store(fake), first))
    emitted = asyncio.run(ingest(store(fake), again))
    assert BEGAN not in document(fake)
    assert asyncio.run(ingest(pages_store(fake), again)) == emitted
    assert document(fake)[BEGAN] == again[0].place
    assert asyncio.run(ingest(pages_store(fake), again)) == emitted


@settings(deadline=None)
@given(crashes())
def test_an_earlier_release_that_takes_over_after_a_crash_ends_with_the_same_issue(
    case: tuple[list[Record], list[tuple[int, bool]]],
) -> None:
    """It does not know the state before the batch, and builds on the one after it: no page is lost or older."""
    records, batches = case

    async def run() -> tuple[Emission, Emission]:
        undisturbed = await ingest(pages_store(FakeElasticsearch()), records)
        fake, position = FakeElasticsearch(), 0
        for size, survives in batches:
            taken = records[position : position + size]
            await ingest(pages_store(fake), taken)
            position += len(taken) if survives else 0
        for one in fake.documents.values():
            assert not one.get(FIRST)
            assert BEFORE not in one
            one.pop(BEGAN)
            one.pop(SHORTENED)
        # The last record comes once more, so that something is sent.
        emitted = await ingest(store(fake), records[min(position, len(records) - 1) :])
        return undisturbed[-1], emitted[-1]

    undisturbed, newest = asyncio.run(run())
    assert _known(newest) == _known(undisturbed)


def _known(emission: Emission) -> dict[int, tuple[int, str]]:
    return {one.page: (one.revision, one.text) for one in decode(Issue, emission.value).pages}
