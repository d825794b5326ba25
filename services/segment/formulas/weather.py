"""The weather line as values."""

from __future__ import annotations

import re

from services.segment.article import Weather

_NUMBER = r"(?:零下|[-－—−])?\d{1,2}"
_TITLE = re.compile(
    "^(?:今日天气|明日天气|天气预报|市区天气|今天天气|天气|今日|市区今日|市区|今天白天|今天|明日|明天)+[：: ]*"
)
_RANGE = re.compile(
    f"({_NUMBER})[ ]*(?:℃|°C|度|摄氏度)?[ ]*(?:[-－—–~～至到]+|[ ]+)[ ]*({_NUMBER})[ ]*(?:℃|°C|度|摄氏度)"
)
_SINGLE = re.compile(f"({_NUMBER})[ ]*(?:℃|°C|度|摄氏度)")
_WIND = re.compile(
    "(?:[东南西北偏]{1,3}风|微风|静风|阵风)(?:微风|[ ]*\\d{1,2}[ ]*(?:[-－~～到至—][ ]*\\d{1,2}[ ]*)?级|)"
    "(?:(?:转|，阵风|阵风|[ ]*阵风)[ ]*\\d{0,2}[-－~～到至]?\\d{0,2}级?)?"
)
_NOTHING = " \u3000，,。；;：:、|"


def _degrees(text: str) -> int:
    value = int(re.sub(r"\D", "", text))
    return -value if text.startswith(("零下", "-", "－", "−", "—")) else value


def parse_weather(text: str) -> Weather:
    """Read a weather line: 今日天气：多云，偏南风2-3级，温度26℃-33℃ → sky 多云, wind 偏南风2-3级, 26 to 33.

    What stands after the last value (a stray page number on the same line) belongs to none of them.
    """
    rest = _TITLE.sub("", text.strip(), count=1)
    low = high = None
    spans: list[tuple[int, int]] = []
    found = _RANGE.search(rest)
    if found:
        first, second = (
            _degrees(found.group(1)),
            _degrees(found.group(2).lstrip("-－—") if found.group(2)[0] in "-－—" else found.group(2)),
        )
        low, high = min(first, second), max(first, second)
        spans.append(found.span())
    else:
        single = _SINGLE.search(rest)
        if single:
            low = high = _degrees(single.group(1))
            spans.append(single.span())
    wind_match = _WIND.search(rest)
    wind = wind_match.group().replace(" ", "") if wind_match else None
    if wind_match:
        spans.append(wind_match.span())
    sky = rest[: min((a for a, _ in spans), default=len(rest))]
    sky = re.sub("(?:，|,|；|;|\\s)*(?:温度|气温|最高气温|最低气温|风力)[：:]?$", "", sky.strip(_NOTHING)).strip(
        _NOTHING
    )
    return Weather(sky=sky, wind=wind, low_celsius=low, high_celsius=high, text=text.strip())
