"""Ranges of days and pages, as they are typed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.query.ranges import DateRange, PageRange, RangeError, date_range, page_range


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2023-08-04", "2023-08-04", "2023-08-04"),
        ("2023.8.4", "2023-08-04", "2023-08-04"),
        ("２０２３年８月４日", "2023-08-04", "2023-08-04"),
        ("二〇二三年八月四日", "2023-08-04", "2023-08-04"),
        ("2023年8月", "2023-08-01", "2023-08-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-08-01..2023-08-15", "2023-08-01", "2023-08-15"),
        ("2023年1月至3月", "2023-01-01", "2023-03-31"),
        ("2023-01至2023-03", "2023-01-01", "2023-03-31"),
        ("2022~2023", "2022-01-01", "2023-12-31"),
        (">=2023-08", "2023-08-01", None),
        (">2023-08", "2023-09-01", None),
        ("<2023-08", None, "2023-07-31"),
        ("<=2023", None, "2023-12-31"),
        ("2023..", "2023-01-01", None),
        ("..2023", None, "2023-12-31"),
    ],
)
def test_days_months_years_and_ranges_are_understood(typed: str, first: str | None, last: str | None) -> None:
    expected = DateRange(*(dt.date.fromisoformat(day) if day else None for day in (first, last)))
    assert date_range(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "..", "明天", "2023-13", "2023-02-30", "0000-01-01", "2024..2023", "23-8-4", ">"]
)
def test_what_no_calendar_has_is_refused(typed: str) -> None:
    with pytest.raises(RangeError):
        date_range(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("1", PageRange(1, 1)), ("第５版", PageRange(5, 5)), ("1-4", PageRange(1, 4)), ("1至4版", PageRange(1, 4))],
)
def test_pages_and_ranges_of_pages_are_understood(typed: str, expected: PageRange) -> None:
    assert page_range(typed) == expected


@pytest.mark.parametrize("typed", ["", "0", "4-1", "头版", "1000", "1-"])
def test_what_is_no_page_is_refused(typed: str) -> None:
    with pytest.raises(RangeError):
        page_range(typed)


@given(st.text(alphabet="0123456789年月日-/.<>=~至第版 二〇", max_size=30))
def test_nothing_but_a_range_error_is_ever_raised(typed: str) -> None:
    for read in (date_range, page_range):
        try:
            read(typed)
        except RangeError:
            continue
