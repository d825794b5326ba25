"""Freshness: a page that was just published is searchable at once; a backlog and a flood wait for the next refresh."""

from __future__ import annotations

import datetime as dt

import pytest

from services.index.freshness import FRESH_SECONDS, LEAST_SECONDS, Freshness
from services.runtime.messages.records import Record

NOW = 1_700_000_000.0


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def record(age: float) -> Record:
    """Return a record whose page was published this many seconds ago."""
    moment = dt.datetime.fromtimestamp(NOW - age, dt.UTC).isoformat()
    return Record("articles.tagged", 0, 0, int(NOW * 1000), None, None, (("ce_time", moment.encode()),))


@pytest.mark.parametrize(("age", "due"), [(0.2, True), (FRESH_SECONDS + 0.1, False), (86_400.0, False), (-5.0, True)])
def test_a_refresh_is_due_while_someone_waits_for_the_page(age: float, due: bool) -> None:  # noqa: FBT001  # a row of the table
    """A page of a backlog has waited for longer; a publisher's clock may be ahead."""
    assert Freshness(Clock(), lambda: NOW).is_due(record(age)) is due


def test_refreshes_have_a_distance_however_many_pages_come() -> None:
    """A page that comes sooner is searchable with the next one, or when Elasticsearch itself refreshes."""
    clock = Clock()
    freshness = Freshness(clock, lambda: NOW)
    asked = []
    for _ in range(10):
        asked.append(freshness.is_due(record(0.1)))
        clock.seconds += LEAST_SECONDS * 0.4
    assert asked == [True, False, False, True, False, False, True, False, False, True]


def test_a_backlog_does_not_keep_a_page_that_follows_it_waiting() -> None:
    """Only a refresh that was asked for counts."""
    freshness = Freshness(Clock(), lambda: NOW)
    assert not freshness.is_due(record(60.0))
    assert freshness.is_due(record(0.1))
