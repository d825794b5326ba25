"""The days that an article names; the issue's date completes partial dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from services.text.numerals import value
from services.text.patterns import when_used

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR = r"(?:1[89]\d\d|20\d\d|[一二][九〇零八][一二三四五六七八九〇零]{2})"
ONE_OR_TWO = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
WHOLE = re.compile(rf"(?<!\d)(?P<year>{YEAR})年(?P<month>{ONE_OR_TWO})月(?P<day>{ONE_OR_TWO})日")
MONTH_DAY = when_used(
    rf"(?<![\d一二三十])(?P<month>{ONE_OR_TWO})月(?P<day>{ONE_OR_TWO})日(?P<more>(?:[、和至\-—]{ONE_OR_TWO}日)*)"
)
DAY = when_used(
    rf"(?<![\d月第、至和一二三十\-—])(?P<day>{ONE_OR_TWO})日"
    r"(?=上午|下午|晚|凌晨|清晨|中午|夜|早|零时|电|讯|在|起|从|举行|发布|报道|[,，]|\d{1,2}[时点])"
)
RELATIVE = when_used(r"(?P<word>前天|[昨今明][天日晚晨])(?!的)")
OFFSETS = {"前": -2, "昨": -1, "今": 0, "明": 1}
AHEAD = 3
"""A day without a month may be up to this many days after the issue, because papers announce and forecast."""
YEARS = {"去年": -1, "前年": -2, "明年": 1, "今年": 0, "本年": 0}
DATELINE = when_used(
    rf"(?:新华社|新华网|中新社|中新网|本报)[^。\n]{{0,12}}?(?:(?P<month>{ONE_OR_TWO})月)?(?P<day>{ONE_OR_TWO})日[^。\n]{{0,3}}?[电讯]"
)


def dates_of(text: str, issued: dt.date, *, assumed: bool = False) -> tuple[dt.date, ...]:
    """Return the days that `text` (normalised) names, in order of time.

    `issued` is the issue's date. A day without a year means the nearest date to it. A day without a month means the
    last such date up to three days after it. Today is the day of the dateline, if there is a dateline. If the issue's
    date is only `assumed`, only days with year and month count.
    """
    found = {day for match in WHOLE.finditer(text) if (day := _day(*map(_number, match.groups()))) is not None}
    if not assumed:
        found.update(_completed(text, issued))
    return tuple(sorted(found))


def _completed(text: str, issued: dt.date) -> Iterator[dt.date]:
    for match in MONTH_DAY().finditer(text):
        month, before = _number(match["month"]), text[max(match.start() - 2, 0) : match.start()]
        if before.endswith("年") and before not in YEARS:
            continue  # a complete date, or a date in an unknown year
        days = [match["day"], *re.findall(ONE_OR_TWO, match["more"])]
        for number in map(_number, days):
            day = (
                _day(issued.year + YEARS[before], month, number) if before in YEARS else _nearest(month, number, issued)
            )
            if day is not None:
                yield day
    for match in DAY().finditer(text):
        day = _last(_number(match["day"]), _shifted(issued, AHEAD) or issued)
        if day is not None:
            yield day
    today = _sent(text, issued)
    for match in RELATIVE().finditer(text):
        shifted = _shifted(today, OFFSETS[match["word"][0]])
        if shifted is not None:
            yield shifted


def _sent(text: str, issued: dt.date) -> dt.date:
    """Return the day a report was sent, which is its today: the dateline's day, or else the issue's."""
    match = DATELINE().search(text)
    if match is None:
        return issued
    day = _number(match["day"])
    sent = _nearest(_number(match["month"]), day, issued) if match["month"] else _last(day, issued)
    return sent or issued


def _nearest(month: int, day: int, issued: dt.date) -> dt.date | None:
    """Return the date with this month and day that is nearest to `issued`."""
    options = [option for year in (-1, 0, 1) if (option := _day(issued.year + year, month, day)) is not None]
    return min(options, key=lambda option: abs((option - issued).days), default=None)


def _last(day: int, issued: dt.date) -> dt.date | None:
    """Return the last date with this day of the month up to `issued`."""
    if day <= issued.day:
        return _day(issued.year, issued.month, day)
    before = _shifted(issued.replace(day=1), -1)
    return _day(before.year, before.month, day) if before else None


def _shifted(day: dt.date, days: int) -> dt.date | None:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return None


def _number(printed: str) -> int:
    """Return a day, month or year printed in digits, digit by digit, or as a numeral."""
    number = int(printed) if printed.isdecimal() else value(printed)
    return 0 if number is None else int(number)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
