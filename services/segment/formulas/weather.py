"""Reads a weather item into values."""

from __future__ import annotations

import re

from services.segment.article import Forecast, Weather
from services.segment.formulas.weather_records import read_records

LONGEST = 1000
"""Characters of a weather item that are read. A longer text is something else."""
_FOLIO = re.compile(
    r"(?:(?<=[℃℉°度级])|(?<=[^\d\s温高低为约至到达氏下负~～\-－—–−/、：:])\s+)第?[A-Da-dＡ-Ｄ]?\d{1,3}版?$"
)
_FOLIO_FIRST = re.compile(r"^第?[A-Da-d]?\d{1,3}版?\s+(?=今[天日晚]|明[天日]|天气|市区|本市|我市)")
_YESTERDAY = re.compile("昨|前天")


def parse_weather(text: str) -> Weather:
    """Read a weather item: 今日天气：多云，偏南风2-3级，温度26℃-33℃ → sky 多云, wind 偏南风2-3级, 26 to 33.

    The values come from the first forecast that has temperatures and is not for a past day (昨, 前天). `forecasts`
    holds every place and day. The function drops a page number that the extractor put on the same line. A temperature
    that can be read in two ways gives no number, and `whole` is then false.
    """
    printed = _FOLIO_FIRST.sub("", _FOLIO.sub("", text.strip()).rstrip())
    found = read_records(printed[:LONGEST])
    ahead = [one for one in found.forecasts if not _YESTERDAY.search(one.day)]
    measured = [one for one in ahead if one.low_celsius is not None or one.high_celsius is not None]
    first = next(iter(measured or ahead), Forecast())
    return Weather(
        sky=first.sky,
        wind=first.wind,
        low_celsius=first.low_celsius,
        high_celsius=first.high_celsius,
        text=printed,
        forecasts=found.forecasts,
        warnings=found.warnings,
        whole=found.whole,
    )
