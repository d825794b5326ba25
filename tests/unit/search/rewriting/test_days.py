"""Days that are named from today."""

from __future__ import annotations

import datetime as dt

import pytest

from services.search.query.nodes import All, Dates, Words
from services.search.query.ranges import DateRange
from services.search.rewriting.days import relative
from services.search.rewriting.understanding import understand

TODAY = dt.date(2023, 8, 15)


@pytest.mark.parametrize(
    ("typed", "rest", "first", "last"),
    [
        ("最近7天 台风", "台风", "2023-08-09", "2023-08-15"),
        ("最近七天台风", "台风", "2023-08-09", "2023-08-15"),
        ("昨天", "", "2023-08-14", "2023-08-14"),
        ("本月海关", "海关", "2023-08-01", "2023-08-31"),
        ("上个月 海关", "海关", "2023-07-01", "2023-07-31"),
        ("上周 渔汛", "渔汛", "2023-08-07", "2023-08-13"),
        ("去年渔获", "渔获", "2022-01-01", "2022-12-31"),
        ("近半年 渔获", "渔获", "2023-02-15", "2023-08-15"),
        ("海关 last 7 days", "海关", "2023-08-09", "2023-08-15"),
        ("海关 this month", "海关", "2023-08-01", "2023-08-31"),
    ],
)
def test_days_counted_from_today_are_dates(typed: str, rest: str, first: str, last: str) -> None:
    """In Chinese and in English, with or without a blank."""
    found = relative(typed, TODAY)
    assert found is not None
    assert found.rest == rest
    assert found.within == DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize("typed", ["“昨天” 台风", "今天是渔港开渔的第一个好日子", "渔港今天", "最近0天", "最近9999年"])
def test_quotations_and_sentences_stay_as_they_are(typed: str) -> None:
    """A pasted headline may begin with a day."""
    assert relative(typed, TODAY) is None


def test_without_a_today_no_day_is_read() -> None:
    """Code without a clock gives the same answer on every day."""
    assert not understand("昨天 台风").changes
    understood = understand("昨天 台风", today=TODAY)
    day = dt.date(2023, 8, 14)
    assert understood.meant.node == All((Words("台风"), Dates(DateRange(day, day))))
    assert [change.kind for change in understood.changes] == ["date"]


def test_a_field_may_ask_for_days_that_are_named_from_today() -> None:
    """Nothing was guessed, so nothing is said to be changed."""
    understood = understand("日期：昨天 台风", today=TODAY)
    assert understood.meant.node == All((Words("台风"), Dates(DateRange(dt.date(2023, 8, 14), dt.date(2023, 8, 14)))))
    assert understood.changes == ()
    assert understand("date:last week", today=TODAY).meant.node == Dates(
        DateRange(dt.date(2023, 8, 7), dt.date(2023, 8, 13))
    )


@pytest.mark.parametrize(
    ("typed", "recent"), [("昨天", True), ("昨天 台风", True), ("今日头条", False), ("2018年春节", False)]
)
def test_days_apart_from_other_words_are_no_words(typed: str, *, recent: bool) -> None:
    """If nothing was printed yesterday, articles that say 昨天 are no answer; 今日头条 is a name."""
    assert understand(typed, today=TODAY).recent is recent
