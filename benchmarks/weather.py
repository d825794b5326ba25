"""How weather items are read, on benchmarks/weather.tsv: `python -m benchmarks.weather [-v]`; -v prints the faults.

A wrong value is a temperature given that was not printed so; it is worse than none. An item is read when each of its
records has its place, day, lowest and highest. Both halves of the set are reported: `a` was written along with the
grammar, `b` after it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from services.segment.formulas.weather import parse_weather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.segment.article import Weather

LABELLED = Path(__file__).with_name("weather.tsv")
Record = tuple[str, str, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Item:
    """A printed item and what it says: its records that have temperatures, and where given its first sky and wind."""

    sitting: str
    text: str
    records: tuple[Record, ...]
    sky: str
    wind: str


def read(path: Path = LABELLED) -> Iterator[Item]:
    """Yield the labelled items of `path`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sitting, text, records, sky, wind = [*line.split("\t"), "", ""][:5]
            yield Item(sitting, text, tuple(_records(records)), sky, wind)


def _records(printed: str) -> Iterator[Record]:
    for record in printed.split("; ") if printed != "none" else ():
        label, _, degrees = record.rpartition(":")
        place, _, day = label.partition("@")
        low, _, high = degrees.partition("..")
        yield place, day, float(low) if low else None, float(high) if high else None


def found_in(weather: Weather) -> tuple[Record, ...]:
    """Return the records of `weather` that have temperatures."""
    found = ((one.place, one.day, one.low_celsius, one.high_celsius) for one in weather.forecasts)
    return tuple(record for record in found if record[2:] != (None, None))


def wrong_values(item: Item, weather: Weather) -> int:
    """Return how many temperatures are given that the item does not say, of any record or at the top."""
    said = {bound: {record[bound] for record in item.records} for bound in (2, 3)}
    wrong = sum(
        record[bound] is not None and record[bound] not in said[bound]
        for record in found_in(weather)
        for bound in (2, 3)
    )
    top = ((weather.low_celsius, 2), (weather.high_celsius, 3))
    return wrong + sum(value is not None and value not in said[bound] for value, bound in top)


def main(arguments: list[str]) -> int:
    """Measure and print; return the exit status: 1 where a value is wrong."""
    items = list(read())
    total_wrong = 0
    for sitting in sorted({item.sitting for item in items}):
        chosen = [item for item in items if item.sitting == sitting]
        wrong = read_whole = skies = winds = told_skies = told_winds = 0
        for item in chosen:
            weather = parse_weather(item.text)
            mistaken = wrong_values(item, weather)
            right = found_in(weather) == item.records
            wrong, read_whole = wrong + mistaken, read_whole + (right and not mistaken)
            told_skies, told_winds = told_skies + bool(item.sky), told_winds + bool(item.wind)
            skies += bool(item.sky) and weather.sky == item.sky
            winds += bool(item.wind) and weather.wind == item.wind
            faulty = not right or mistaken or (item.sky and weather.sky != item.sky)
            if "-v" in arguments and (faulty or (item.wind and weather.wind != item.wind)):
                print(
                    f"{'WRONG ' if mistaken else ''}{item.text}\n   {found_in(weather)} {weather.sky} | {weather.wind}"
                )
        total_wrong += wrong
        print(
            f"sitting {sitting}: {len(chosen)} items, read {read_whole / len(chosen):.3f}, wrong values {wrong}, "
            f"sky {skies}/{told_skies}, wind {winds}/{told_winds}"
        )
    return int(total_wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
