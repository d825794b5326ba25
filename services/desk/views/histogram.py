"""The chart of articles over time: turn counts into bars."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.search.answer import IntervalCount

Step = Literal["day", "month", "year"]

MOST_BARS: Final = 60
FEW_MONTHS: Final = 3
"""Days in a quarter; a shorter range is drawn day by day."""
WIDTH: Final = 600
HEIGHT: Final = 64
GAP: Final = 0.25
"""The share of a bar's place that stays empty."""
LEAST_HEIGHT: Final = 2.0
WIDEST: Final = 36.0
DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its first and last day (both included), its count, and its place in a drawing of `WIDTH` by `HEIGHT`."""

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
    """The bars, oldest first, each `step` long; `bars` leaves out empty bars but keeps their places free."""

    step: Step
    bars: tuple[Bar, ...]
    most: int


def wants_days(counts: Sequence[IntervalCount]) -> bool:
    """Return whether months are too coarse, because all articles are in a few of them."""
    return 0 < len(counts) <= FEW_MONTHS and _span(counts, "month") <= FEW_MONTHS


def histogram(
    counts: Sequence[IntervalCount], step: Step, first: dt.date | None = None, last: dt.date | None = None
) -> Histogram:
    """Return the chart of counts by intervals of length `step`, oldest first; many months become years.

    Bars outside the chosen days `first` to `last` are not `within`.
    """
    by_day = {one.first: one.count for one in counts}
    if step == "month" and _span(counts, "month") > MOST_BARS:
        step = "year"
        years: dict[dt.date, int] = {}
        for day, count in by_day.items():
            years[day.replace(month=1, day=1)] = years.get(day.replace(month=1, day=1), 0) + count
        by_day = years
    if not by_day:
        return Histogram(step, (), 0)
    start = min(by_day)
    places = _place(max(by_day), step) - _place(start, step) + 1
    most = max(by_day.values())
    slot = WIDTH / places
    width = max(min(slot * (1 - GAP), WIDEST), 0.5)
    bars = []
    for day, count in sorted(by_day.items()):
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


def _span(counts: Sequence[IntervalCount], step: Step) -> int:
    return _place(counts[-1].first, step) - _place(counts[0].first, step) + 1 if counts else 0


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
