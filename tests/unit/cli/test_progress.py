"""How far publishing and the stages are, in words: pages, rates and the time left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from services.arrivals.reading import read_arrival
from services.cli.publish.searchable import missing, pages_of, stands
from services.cli.shared.stages import StageStatus, duration, with_rates
from services.runtime.messages.records import Record

if TYPE_CHECKING:
    from services.arrivals.reading import Arrival

DATE = dt.date(2023, 8, 15)


def arrival(revision: int, *pages: int) -> Arrival:
    texts = ",".join(f'{{"page": {page}, "text": "渔港"}}' for page in pages)
    gone = "" if pages else '"withdrawn": true, '
    value = f'{{"paper": "渔港日报", "date": "{DATE}", {gone}"revision": {revision}, "pages": [{texts}]}}'
    return read_arrival(Record("issues.raw", 0, 0, 0, None, value.encode()))


def record(revision: int, *pages: int) -> dict[str, Any]:
    return {"revision": revision, "page": list(pages)}


def test_a_rate_and_the_time_left_are_told_where_a_stage_is_behind() -> None:
    first = [StageStatus("ingest", "issues.raw", 500, (), 100), StageStatus("tag", "articles", 10, (), 7), nothing()]
    second = [StageStatus("ingest", "issues.raw", 400, (), 200), StageStatus("tag", "articles", 10, (), 7), nothing()]
    ingest, tag, index = with_rates(first, second, 2.0)
    assert (ingest.rate, ingest.seconds_left) == (50.0, 8.0)
    assert (tag.rate, tag.seconds_left) == (0.0, None)
    assert (index.rate, index.seconds_left) == (None, None)


def nothing() -> StageStatus:
    return StageStatus("index", "articles.tagged", 0, (), 3)


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.2, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7260, "2 h 1 min")]
)
def test_a_time_is_told_in_its_own_units(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_pages_stand_when_the_record_has_them_or_is_newer() -> None:
    assert not stands(arrival(3, 1), None)
    assert not stands(arrival(3, 1), record(2, 1))
    assert not stands(arrival(3, 1, 2), record(3, 1))
    assert stands(arrival(3, 1, 2), record(3, 1, 2, 4))
    assert stands(arrival(3, 1, 2), record(4, 1))
    assert stands(arrival(3), record(3))


def test_what_never_becomes_searchable_is_counted_and_the_way_to_it_named() -> None:
    waiting = [arrival(3, 1, 2), arrival(4)]
    assert pages_of(waiting) == 3
    assert "3 pages of 1 issues" in missing(waiting)
    assert f"broadsheet trace 渔港日报/{DATE}" in missing(waiting)
