"""The weather item as values: a grammar that reads a line whole or gives no number."""

import pytest

from benchmarks.weather import Item, found_in, read, wrong_values
from services.segment.formulas.weather import is_weather, parse_weather


@pytest.mark.parametrize(
    ("printed", "sky", "wind", "low", "high"),
    [
        ("今日天气：多云，有阵雨，偏东风3-4级，温度18℃-25℃ 6", "多云，有阵雨", "偏东风3-4级", 18, 25),
        ("天气预报 晴，气温3℃到12℃，北风4级阵风6级", "晴", "北风4级阵风6级", 3, 12),
        ("今日天气：阴 16～23℃ 西北风微风 8", "阴", "西北风微风", 16, 23),
        ("市区今日小雪，零下8℃～2℃", "小雪", None, -8, 2),
        ("今天晴，-10~-2℃，北风3级", "晴", "北风3级", -10, -2),
        ("今天晴，气温-10℃～-2℃", "晴", None, -10, -2),
        ("今天晴，－10至－2℃", "晴", None, -10, -2),
        ("明天晴转多云，最高气温12℃，最低气温零下7℃。", "晴转多云", None, -7, 12),
        ("今天晴，最低气温18℃，最高气温26℃", "晴", None, 18, 26),
        ("今天晴，气温最高26度最低18度", "晴", None, 18, 26),
        ("今天晴，18℃/26℃", "晴", None, 18, 26),
        ("今天晴，26/18℃", "晴", None, 18, 26),
        ("今天晴，18.5℃~26.5℃", "晴", None, 18.5, 26.5),
        ("今天晴，18°~26°", "晴", None, 18, 26),
        ("今天晴，十八到二十六度", "晴", None, 18, 26),
        ("天气", "", None, None, None),
    ],
)
def test_a_weather_line_is_read(
    printed: str, sky: str, wind: str | None, low: float | None, high: float | None
) -> None:
    """Sky, wind and degrees; a page number printed on the same line belongs to none of them."""
    found = parse_weather(printed)
    assert (found.sky, found.wind, found.low_celsius, found.high_celsius) == (sky, wind, low, high)
    assert found.whole


@pytest.mark.parametrize(
    "printed",
    [
        "今天晴，零下2到8度",
        "今天晴，5--2℃",
        "今天晴，气温18℃",
        "今天晴，1 8℃～26℃",
        "今天晴，1\ufffd℃～26℃",
        "今天晴，180～260℃",
        "今天晴，最高气温12℃，最低气温20℃",
    ],
)
def test_what_can_be_read_in_two_ways_gives_no_number(printed: str) -> None:
    """A gap that is told is better than a wrong temperature."""
    found = parse_weather(printed)
    assert (found.low_celsius, found.high_celsius, found.whole) == (None, None, False)


@pytest.mark.parametrize(
    "printed", ["今天晴，18～26℃8", "今天晴，18～26℃ 12版", "3 今天晴，18～26℃", "今天晴，18～26℃　Ａ２"]
)
def test_a_page_number_is_no_part_of_the_item(printed: str) -> None:
    """The extractor sets the folio on the same line; it is not shown."""
    assert parse_weather(printed).text == "今天晴，18～26℃"


def test_each_place_and_day_has_a_record_of_its_own() -> None:
    """A table of cities, or a forecast over days."""
    found = parse_weather("今天：青峦晴，18～26℃；云泊多云，17～24℃；明天：青峦小雨，15～19℃").forecasts
    assert [(one.place, one.day, one.sky, one.low_celsius, one.high_celsius) for one in found] == [
        ("青峦", "今天", "晴", 18, 26),
        ("云泊", "今天", "多云", 17, 24),
        ("青峦", "明天", "小雨", 15, 19),
    ]


def test_what_else_is_printed_is_kept_as_printed() -> None:
    """Humidity, ultraviolet light, the air, warnings."""
    found = parse_weather("台风橙色预警，今天大雨，24～28℃，相对湿度70%～95%，紫外线弱，空气质量优到良，PM2.5：35")
    first = found.forecasts[0]
    assert found.warnings == ("台风橙色预警",)
    assert (first.humidity_low, first.humidity_high, first.ultraviolet) == (70, 95, "弱")
    assert (first.air_quality, first.pm25) == ("优到良", "35")


def test_a_row_is_weather_if_its_words_are() -> None:
    """Words that the grammar does not know make it something else."""
    assert is_weather("预计今夜到明天，沿海有7级大风，气温18至24度")
    assert is_weather("雷雨大风黄色预警")
    assert not is_weather("我市建成12℃恒温粮仓，储粮能力提高到三十万吨")
    assert not is_weather("风雨无阻")


@pytest.mark.parametrize("item", list(read()), ids=lambda item: item.text)
def test_no_labelled_item_gives_a_wrong_temperature(item: Item) -> None:
    """Every number given was printed as such."""
    assert wrong_values(item, parse_weather(item.text)) == 0


def test_nearly_every_labelled_item_is_read_whole() -> None:
    """At least 95 of 100, each place, day, lowest and highest."""
    items = list(read())
    assert sum(found_in(parse_weather(item.text)) == item.records for item in items) >= 0.95 * len(items)
