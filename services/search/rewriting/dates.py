"""Turn years, months and festivals in a query into the days to search: 2018年春节 车票 searches early 2018."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from services.search.query.ranges import DateRange
from services.text.normal import normalise

FIRST_YEAR, LAST_YEAR = 1900, 2099
FESTIVALS: Final = {
    "元旦": ((12, 25), (1, 10)),
    "春运": ((1, 1), (3, 31)),
    "春节": ((1, 15), (3, 5)),
    "元宵": ((2, 1), (3, 10)),
    "两会": ((2, 20), (3, 25)),
    "清明": ((3, 25), (4, 15)),
    "五一": ((4, 20), (5, 15)),
    "端午": ((5, 20), (7, 1)),
    "高考": ((5, 25), (7, 31)),
    "六一": ((5, 25), (6, 10)),
    "七一": ((6, 20), (7, 10)),
    "八一": ((7, 20), (8, 10)),
    "中秋": ((9, 1), (10, 15)),
    "国庆": ((9, 20), (10, 15)),
    "重阳": ((10, 1), (11, 5)),
}
"""Festivals and annual events -> the days on which papers write about them: first and last (month, day).

Festivals of the lunar calendar move within these days. If the last day comes before the first, the period runs over the
turn of the year.
"""
HALVES: Final = {"上半年": (1, 8), "下半年": (7, 12), "年初": (1, 3), "年底": (11, 12), "年末": (11, 12)}
"""Parts of a year -> their first and last month; papers report on a half-year in the month after it."""

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MEASURES = "人名个元吨米里亿万多余年月日号点时分度户家件台辆只条次所米亩斤岁页届%％.\\d"
SPAN = re.compile(r"(?<!\d)(?P<first>(?:19|20)\d\d)年?(?:-|~|—|至|到)(?P<last>(?:19|20)\d\d)年")
MONTH = re.compile(rf"(?<!\d){_YEAR}年(?P<month>1[0-2]|0?[1-9])月份?(?!\d*[日号])")
PART = re.compile(rf"(?<!\d){_YEAR}(?P<part>年?(?:上半年|下半年)|年初|年底|年末)")
PLAIN = re.compile(rf"(?<!\d){_YEAR}(?:年(?:度|的)?(?!\d*月|代)|(?=[^\W\d_a-z])(?![{_MEASURES}]))")

BARE = re.compile(_YEAR)
"""A year alone between blanks, next to other words."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A text without the date in it.

    Attributes:
        rest: the text that is left to search for.
        within: the days to search.
        named: the date as typed.
        year: the year, if only a year was named. Text about that year printed in the next January counts too.
    """

    rest: str
    within: DateRange
    named: str
    year: int | None = None


def dated(text: str, *, alone: bool = True) -> Dated | None:
    """Return `text` without its year, month or span of years, and the days that these name; None where it names none.

    A complete date with a day stays in the text, because papers print such dates. A text that is only a date also stays
    as it is if it is `alone`.
    """
    plain = normalise(text).text
    if not alone and (year := BARE.fullmatch(plain.strip())):
        return _year(year, "")
    for pattern, read in ((SPAN, _span), (MONTH, _month), (PART, _part), (PLAIN, _year)):
        found = pattern.search(plain)
        if found is None:
            continue
        rest = (plain[: found.start()] + " " + plain[found.end() :]).strip(" ，,的")
        if not any(character.isalnum() for character in rest):
            if alone:
                return None
            rest = ""
        return read(found, rest)
    return None


def _span(found: re.Match[str], rest: str) -> Dated | None:
    first, last = int(found["first"]), int(found["last"])
    if first > last:
        return None
    return Dated(rest, DateRange(dt.date(first, 1, 1), dt.date(last, 12, 31)), found[0])


def _month(found: re.Match[str], rest: str) -> Dated:
    year, month = int(found["year"]), int(found["month"])
    days = calendar.monthrange(year, month)[1]
    return Dated(rest, DateRange(dt.date(year, month, 1), dt.date(year, month, days)), found[0])


def _part(found: re.Match[str], rest: str) -> Dated:
    year = int(found["year"])
    first, last = next(months for name, months in HALVES.items() if found["part"].endswith(name))
    days = calendar.monthrange(year, last)[1]
    return Dated(rest, DateRange(dt.date(year, first, 1), dt.date(year, last, days)), found[0])


def _year(found: re.Match[str], rest: str) -> Dated:
    year = int(found["year"])
    for name, (first, last) in FESTIVALS.items():
        if rest.startswith(name):
            start = dt.date(year - 1 if first > last else year, *first)
            return Dated(rest, DateRange(start, dt.date(year, *last)), f"{found[0]}{name}")
    return Dated(rest, DateRange(dt.date(year, 1, 1), dt.date(year, 12, 31)), found[0], year)
