"""Decoding: which of three encodings a page is in, and what is no text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.arrivals.decoding import clean_text, decode_page
from services.runtime.errors import Rejected

SIMPLIFIED = (
    "本报讯　记者从市气象局获悉，今日夜间到明天，我市多云，有阵雨，气温二十六至三十三度。",
    "渔港昨日开渔，三百余艘渔船出海",
    "全市规模以上工业增加值同比增长百分之六",
    "图为工人在车间检修设备",
    "县里的小学新学期用上了热水",
    "公告",
    "下转第三版",
    "海关关员查验出口月饼",
    "荔枝丰收，果农笑开颜",
)
TRADITIONAL = (
    "【本報訊】記者昨日從氣象局獲悉，颱風將於明日登陸，請市民做好準備。",
    "漁港昨日開漁，三百多艘漁船出海",
    "全市工業產值較去年同期增長六個百分點",
    "圖為工人檢修設備",
    "學校新學期開始，學生用上熱水",
    "公告",
    "下轉第三版",
    "海關人員檢查出口月餅",
    "荔枝豐收，果農笑逐顏開",
)


@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL)
def test_utf8_is_told_even_from_a_short_text(text: str) -> None:
    assert decode_page(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize("text", SIMPLIFIED)
def test_gb18030_is_told_even_from_a_short_text(text: str) -> None:
    assert decode_page(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("text", [text for text in TRADITIONAL if text != "公告"])
def test_big5_is_told_even_from_a_short_text(text: str) -> None:
    assert decode_page(text.encode("big5")) == (text, "big5")


def test_a_character_of_gb18030_alone_is_kept() -> None:
    text = "村民𬭸先生昨日回到故里，看望九十岁的老人"
    assert decode_page(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize(
    ("name", "codec", "encoding"),
    [
        ("UTF-8", "utf-8", "utf-8"),
        ("gb2312", "gb18030", "gb18030"),
        (" GBK ", "gb18030", "gb18030"),
        ("Big5-HKSCS", "big5hkscs", "big5"),
    ],
)
def test_a_declared_encoding_is_believed(name: str, codec: str, encoding: str) -> None:
    assert decode_page("公告".encode(codec), name) == ("公告", encoding)


def test_a_declared_encoding_that_does_not_fit_is_an_error_that_names_the_header() -> None:
    with pytest.raises(Rejected, match=r"encoding: the value is not utf-8: .*offset 0 "):
        decode_page("公告".encode("gb18030"), "utf-8")


def test_an_unknown_encoding_is_an_error_that_names_those_known() -> None:
    with pytest.raises(Rejected, match="'shift-jis' is not known; use utf-8, gb18030 or big5"):
        decode_page("公告".encode(), "shift-jis")


@pytest.mark.parametrize("value", [b"\xff\xff\xff\x00\x01", b"\x80\x80\x80 abc", bytes([0xFF]) * 20])
def test_bytes_in_none_of_the_encodings_are_refused(value: bytes) -> None:
    with pytest.raises(Rejected, match="not text in UTF-8, GB18030 or Big5"):
        decode_page(value)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_named_when_it_says_so(codec: str) -> None:
    with pytest.raises(Rejected, match="UTF-16"):
        decode_page("\ufeff公告".encode(codec))


def test_binary_junk_is_refused_as_binary() -> None:
    with pytest.raises(Rejected, match="binary: 32 of 132"):
        decode_page(bytes(range(1, 9)) * 4 + b"x" * 100)


def test_control_characters_and_nuls_among_text_are_dropped() -> None:
    line = "渔港今晨开渔，三百艘渔船出海，码头一片繁忙，人声直到深夜还未散去。"
    damaged = line[:2] + "\x00" + line[2:9] + "\x07" + line[9:] + "\ufffe\n"
    assert decode_page((damaged + line * 2).encode())[0] == line + "\n" + line * 2


def test_mixed_line_ends_become_line_feeds_and_lines_are_not_lost() -> None:
    assert decode_page("一\r\n二\r三\n四\n\r五".encode())[0] == "一\n二\n三\n四\n\n五"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_page("\ufeff公告".encode()) == ("公告", "utf-8")


def test_tabs_and_form_feeds_stay() -> None:
    assert clean_text("甲\t乙\f丙") == "甲\t乙\f丙"


@given(st.binary(max_size=80))
def test_any_bytes_are_text_or_refused(value: bytes) -> None:
    try:
        text, encoding = decode_page(value)
    except Rejected:
        return
    assert encoding in {"utf-8", "gb18030", "big5"}
    assert "\r" not in text
    assert "\x00" not in text
