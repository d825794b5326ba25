"""Turn days that are named from today into dates: 最近7天 渔港, 昨天 台风, 日期:本月, harbour last 7 days."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from services.search.query.ranges import DateRange
from services.text.tokens import prepare

QUOTED: Final = re.compile('["“”＂„「」『』]')
UNITS: Final = {
    "天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365,
    "day": 1, "week": 7, "month": 30, "year": 365,
}  # fmt: skip
"""Days of a unit; a month that is counted back from today has 30."""
NAMED: Final = {
    "今天": "day 0", "今日": "day 0", "today": "day 0",
    "昨天": "day 1", "昨日": "day 1", "yesterday": "day 1",
    "前天": "day 2",
    "本周": "week 0", "这周": "week 0", "this week": "week 0",
    "上周": "week 1", "last week": "week 1",
    "本月": "month 0", "这个月": "month 0", "当月": "month 0", "this month": "month 0",
    "上月": "month 1", "上个月": "month 1", "last month": "month 1",
    "今年": "year 0", "本年": "year 0", "this year": "year 0",
    "去年": "year 1", "last year": "year 1",
    "前年": "year 2",
}  # fmt: skip
"""A name of days to its unit and how many of them ago."""
BEFORE: Final = r"(?:^|(?<=\s))(?P<field>(?:日期|date)\s?[:：]\s*)?"
SPAN: Final = re.compile(
    rf"{BEFORE}(?:(?:最近|过去|近)的?(?P<number>\d{{1,4}}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:以来|来|内|的)?"
    r"|(?:last|past)\s+(?P<amount>\d{1,4})\s+(?P<name>day|week|month|year)s?\b)",
    re.IGNORECASE,
)
POINT: Final = re.compile(
    rf"{BEFORE}(?P<name>{'|'.join(sorted(NAMED, key=len, reverse=True))})(?![a-z])的?", re.IGNORECASE
)
LONGEST_GLUED: Final = 8
"""Characters that may follow without a blank; more of them are a sentence that begins with a day."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A text without the days that were named from today.

    Attributes:
        rest: what is left to search for.
        within: the days to search.
        named: the days as typed.
        asked: whether a field asks for them (日期:昨天).
        apart: whether they stand apart (昨天 台风), so that they are not the beginning of a name (今日头条).
    """

    rest: str
    within: DateRange
    named: str
    asked: bool = False
    apart: bool = True


def relative(text: str, today: dt.date) -> Relative | None:
    """Return `text` without the days that it names from `today`; None where it names none, or quotes something."""
    if QUOTED.search(text):
        return None
    plain = prepare(text).text
    for pattern, read in ((SPAN, _span), (POINT, _point)):
        found = pattern.search(plain)
        if found is None:
            continue
        glued = re.match(r"\S*", plain[found.end() :])
        if glued and len(glued[0]) > LONGEST_GLUED:
            continue
        within = read(found, today)
        if within is not None:
            rest = f"{plain[: found.start()]} {plain[found.end() :]}"
            rest = " ".join(rest.split())
            return Relative(rest, within, found[0].strip(), asked=bool(found["field"]), apart=not (glued and glued[0]))
    return None


def _span(found: re.Match[str], today: dt.date) -> DateRange | None:
    number, unit = found["number"] or found["amount"], (found["unit"] or found["name"]).lower()
    days = UNITS[unit] // 2 if number == "半" else int(number) * UNITS[unit]
    if not 0 < days < today.toordinal():
        return None
    return DateRange(today - dt.timedelta(days=days - 1), today)


def _point(found: re.Match[str], today: dt.date) -> DateRange:
    unit, ago = NAMED[found["name"].lower()].split()
    back = int(ago)
    if unit == "day":
        day = today - dt.timedelta(days=back)
        return DateRange(day, day)
    if unit == "week":
        monday = today - dt.timedelta(days=today.weekday() + 7 * back)
        return DateRange(monday, monday + dt.timedelta(days=6))
    if unit == "month":
        first = today.replace(day=1)
        for _ in range(back):
            first = (first - dt.timedelta(days=1)).replace(day=1)
        return DateRange(first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))
    return DateRange(dt.date(today.year - back, 1, 1), dt.date(today.year - back, 12, 31))
