"""The chart of how many articles there are over time, from Elasticsearch's buckets to bars."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Step = Literal["day", "month", "year"]

MOST_BARS: Final = 60
FEW_MONTHS: Final = 3
"""A quarter or less is drawn day by day."""
WIDTH: Final = 600
HEIGHT: Final = 64
GAP: Final = 0.25
"""Share of a bar's place that is left empty."""
LEAST_HEIGHT: Final = 2.0
WIDEST: Final = 36.0
DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the days it counts (both included), its count, and its place in a drawing of `WIDTH` by `HEIGHT`."""

    first: dt.date
    last: dt.date
    count: int
    x: float
    y: float
    width: float
    height: float
    within: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The bars, oldest first, each `step` long; empty ones between are left out of `bars` but keep their place."""

    step: Step
    bars: tuple[Bar, ...]
    most: int


def wants_days(buckets: Sequence[dict[str, Any]]) -> bool:
    """Tell whether months say too little: all articles lie in a few of them."""
    return 0 < len(buckets) <= FEW_MONTHS and _span(buckets, "month") <= FEW_MONTHS


def histogram(
    buckets: Sequence[dict[str, Any]], step: Step, first: dt.date | None = None, last: dt.date | None = None
) -> Histogram:
    """Return the chart of date_histogram buckets of length `step`; many months become years.

    Bars outside the chosen days `first` to `last` are not `within`.
    """
    counts = {_day(bucket): int(bucket["doc_count"]) for bucket in buckets}
    if step == "month" and _span(buckets, "month") > MOST_BARS:
        step = "year"
        years: dict[dt.date, int] = {}
        for day, count in counts.items():
            years[day.replace(month=1, day=1)] = years.get(day.replace(month=1, day=1), 0) + count
        counts = years
    if not counts:
        return Histogram(step, (), 0)
    start = min(counts)
    places = _place(max(counts), step) - _place(start, step) + 1
    most = max(counts.values())
    slot = WIDTH / places
    width = max(min(slot * (1 - GAP), WIDEST), 0.5)
    bars = []
    for day, count in sorted(counts.items()):
        height = max(LEAST_HEIGHT, HEIGHT * count / most)
        end = _end(day, step)
        bars.append(
            Bar(
                first=day,
                last=end,
                count=count,
                x=round((_place(day, step) - _place(start, step) + 0.5) * slot - width / 2, 2),
                y=round(HEIGHT - height, 2),
                width=round(width, 2),
                height=round(height, 2),
                within=(first is None or end >= first) and (last is None or day <= last),
            )
        )
    return Histogram(step, tuple(bars), most)


def _day(bucket: dict[str, Any]) -> dt.date:
    return dt.datetime.fromtimestamp(0, dt.UTC).date() + dt.timedelta(milliseconds=bucket["key"])


def _span(buckets: Sequence[dict[str, Any]], step: Step) -> int:
    return _place(_day(buckets[-1]), step) - _place(_day(buckets[0]), step) + 1 if buckets else 0


def _place(day: dt.date, step: Step) -> int:
    if step == "day":
        return day.toordinal()
    return day.year if step == "year" else day.year * 12 + day.month - 1


def _end(day: dt.date, step: Step) -> dt.date:
    if step == "day":
        return day
    if step == "year":
        return day.replace(month=DECEMBER, day=31)
    following = day.replace(year=day.year + 1, month=1) if day.month == DECEMBER else day.replace(month=day.month + 1)
    return following - dt.timedelta(days=1)
