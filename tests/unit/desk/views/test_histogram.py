"""The chart: bars in their place, in steps that say something."""

from __future__ import annotations

import datetime as dt

from services.desk.views.histogram import HEIGHT, WIDTH, histogram, wants_days
from services.search.answer import IntervalCount


def counted(day: str, count: int) -> IntervalCount:
    return IntervalCount(dt.date.fromisoformat(day), count)


def test_bars_are_as_high_as_their_counts_and_keep_empty_places() -> None:
    chart = histogram([counted("2023-01-01", 1), counted("2023-02-01", 4), counted("2023-05-01", 2)], "month")
    first, second, third = chart.bars
    assert (first.height, second.height, third.height) == (HEIGHT / 4, HEIGHT, HEIGHT / 2)
    assert (third.x - second.x) == 3 * (second.x - first.x)
    assert (second.first, second.last) == (dt.date(2023, 2, 1), dt.date(2023, 2, 28))


def test_many_months_become_years() -> None:
    chart = histogram([counted(f"{year}-03-01", 1) for year in range(1950, 2024)] + [counted("2023-04-01", 2)], "month")
    assert chart.step == "year"
    assert chart.bars[-1].count == 3
    assert (chart.bars[-1].first, chart.bars[-1].last) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)


def test_days_before_1970_have_their_place() -> None:
    assert histogram([counted("1949-10-01", 1)], "month").bars[0].first == dt.date(1949, 10, 1)


def test_a_quarter_is_drawn_by_days() -> None:
    assert wants_days([counted("2023-07-01", 1), counted("2023-08-01", 1)])
    assert not wants_days([counted("2023-01-01", 1), counted("2023-08-01", 1)])
    assert not wants_days([])


def test_bars_outside_the_chosen_days_are_told_apart() -> None:
    chart = histogram([counted("2023-07-01", 1), counted("2023-08-01", 1)], "month", dt.date(2023, 8, 5), None)
    assert [bar.within for bar in chart.bars] == [False, True]


def test_nothing_found_draws_nothing() -> None:
    assert histogram([], "month").bars == ()
