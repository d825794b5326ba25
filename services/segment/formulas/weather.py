"""Reads a weather item into values."""

from __future__ import annotations

import re

from services.segment.article import Forecast, Weather
from services.segment.formulas.weather_records import read_records

LEAST_KNOWN = 0.8
"""Share of a row's characters that the grammar of weather must know, so that the row is weather by its words alone.

Of the rows of the development pages that give a temperature or a warning, 49 weather rows reach .75, and two rows of
running text do (最高气温可达40到41度。). Those two stand among running text, so `certain_roles` leaves them alone.
"""
LONGEST = 1000
"""Characters of a weather item that are read. A longer text is something else."""
_FOLIO = re.compile(
    r"(?:(?<=[℃℉°度级])|(?<=[^\d\s温高低为约至到达氏下负~～\-－—–−/、：:])\s+)第?[A-Da-dＡ-Ｄ]?\d{1,3}版?$"
)
_FOLIO_FIRST = re.compile(r"^第?[A-Da-d]?\d{1,3}版?\s+(?=今[天日晚]|明[天日]|天气|市区|本市|我市)")
_YESTERDAY = re.compile("昨|前天")
_TELLTALE = re.compile("[℃℉°度]|预警|預警")


def is_weather(text: str) -> bool:
    """Tell whether a row says nothing but weather: 今日最高35.5度，最低27度，雷雨大风黄色预警."""
    printed = text.strip()
    if len(printed) > LONGEST or not _TELLTALE.search(printed):
        return False
    found = read_records(printed)
    measured = any(one.low_celsius is not None or one.high_celsius is not None for one in found.forecasts)
    return found.whole and (measured or bool(found.warnings)) and found.known >= LEAST_KNOWN


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
