"""The weather line as values."""

import pytest

from services.segment.formulas.weather import parse_weather


@pytest.mark.parametrize(
    ("printed", "sky", "wind", "low", "high"),
    [
        ("今日天气：多云，有阵雨，偏东风3-4级，温度18℃-25℃ 6", "多云，有阵雨", "偏东风3-4级", 18, 25),
        ("天气预报 晴，气温3℃到12℃，北风4级阵风6级", "晴", "北风4级阵风6级", 3, 12),
        ("今日天气：阴 16～23℃ 西北风微风 8", "阴", "西北风微风", 16, 23),
        ("市区今日小雪，零下8℃～2℃", "小雪", None, -8, 2),
        ("天气", "", None, None, None),
    ],
)
def test_a_weather_line_is_read(printed: str, sky: str, wind: str | None, low: int | None, high: int | None) -> None:
    """Sky, wind and degrees; a page number printed on the same line belongs to none of them."""
    found = parse_weather(printed)
    assert (found.sky, found.wind, found.low_celsius, found.high_celsius) == (sky, wind, low, high)
