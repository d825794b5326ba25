"""Ranges of days and of pages, as an editor types them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from schemas.page import PageLabel
from services.text.normal import normalise
from services.text.tokens import prepare

SEPARATOR = r"(?:{unit}|[-/.至])"
DAY = re.compile(
    rf"(?P<year>\d{{4}})(?:{SEPARATOR.format(unit='年')}(?:(?P<month>\d{{1,2}})(?:{SEPARATOR.format(unit='月')}(?:(?P<day>\d{{1,2}})日?)?)?)?)?"
)
"""A day, month or year in normalised text (which writes 2023-08 as 2023至08)."""
BETWEEN = re.compile(r"\s*(?:\.\.|至|到|~|—+|–)\s*")
BOUND = re.compile(r"(?P<sign>[<>]=?)\s*(?P<day>.+)")
PAGES = re.compile(
    r"第?(?P<section>[a-z]{0,2})0*(?P<first>\d{1,3})版?"
    r"(?:(?:-|\.\.|至|到|~)第?(?P<other>[a-z]{0,2})0*(?P<last>\d{1,3})版?)?"
)
ONE = dt.timedelta(days=1)


class RangeError(ValueError):
    """A text that is not a range."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """From the first day to the last, both included; None is open."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class PageRange:
    """From the first page to the last of one section, both included."""

    first: PageLabel
    last: PageLabel

    def pages(self) -> list[PageLabel]:
        """Return every page of the range, in order."""
        return [PageLabel(page) for page in range(self.first, self.last + 1)]


def date_range(text: str) -> DateRange:
    """Return the days that `text` means: a day, a month, a year, a range of them, or a bound such as >=2023-08.

    Raises:
        RangeError: `text` is not a range, or names days that do not exist.
    """
    plain = normalise(text).text.strip()
    if bound := BOUND.fullmatch(plain):
        days = _days(bound["day"])
        return {
            "<": DateRange(None, _before(days.first)),
            "<=": DateRange(None, days.last),
            ">": DateRange(_after(days.last), None),
            ">=": DateRange(days.first, None),
        }[bound["sign"]]
    start, *rest = BETWEEN.split(plain, maxsplit=1)
    if not rest:
        return _days(plain)
    if not (start or rest[0]):
        raise RangeError(text)
    first = _days(start).first if start else None
    try:
        last = _days(rest[0]).last if rest[0] else None
    except RangeError:
        if first is None:
            raise
        last = _days(f"{first.year}年{rest[0]}").last
    if first and last and first > last:
        raise RangeError(text)
    return DateRange(first, last)


def page_range(text: str) -> PageRange:
    """Return the pages that `text` means, such as 1, 第1版, 1-4, A1 or A1-A4.

    Raises:
        RangeError: `text` is not a range.
    """
    match = PAGES.fullmatch(prepare(text).text.strip())
    if match is None:
        raise RangeError(text)
    section = match["section"]
    try:
        first = PageLabel.of(section, int(match["first"]))
        last = PageLabel.of(match["other"] or section, int(match["last"] or match["first"]))
    except ValueError:
        raise RangeError(text) from None
    if first > last or first.section != last.section:
        raise RangeError(text)
    return PageRange(first, last)


def _days(text: str) -> DateRange:
    match = DAY.fullmatch(prepare(text.strip()).text)
    if match is None:
        raise RangeError(text)
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    assert year is not None
    try:
        if month is None:
            return DateRange(dt.date(year, 1, 1), dt.date(year, 12, 31))
        if day is None:
            return DateRange(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))
        return DateRange(dt.date(year, month, day), dt.date(year, month, day))
    except (ValueError, calendar.IllegalMonthError):
        raise RangeError(text) from None


def _before(day: dt.date | None) -> dt.date | None:
    return day - ONE if day and day > dt.date.min else day


def _after(day: dt.date | None) -> dt.date | None:
    return day + ONE if day and day < dt.date.max else day
