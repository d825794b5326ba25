"""Numbers, years and dates get one spelling, and what only looks like a number is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.normal import normalise
from services.text.numerals import value, with_arabic_numerals


def arabic(printed: str) -> str:
    return with_arabic_numerals(normalise(printed)).text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("三百零五项", "305项"),
        ("一万五千吨", "15000吨"),
        ("1.5万吨", "15000吨"),
        ("15,000吨", "15000吨"),
        ("一亿二千万元", "120000000元"),
        ("1.2亿元", "120000000元"),
        ("两千名学生", "2000名学生"),
        ("百分之五点二", "5.2%"),
        ("一九六三年一月三十一日", "1963年1月31日"),
        ("二○二三年", "2023年"),
        ("二〇二三年", "2023年"),
        ("2023-08-04", "2023年8月4日"),
        ("2023/8/4", "2023年8月4日"),
        ("2023.08.04", "2023年8月4日"),
        ("08月04日", "8月4日"),
        ("九十年代", "90年代"),
        ("前三季度", "前3季度"),
        ("1—9月", "1至9月"),
        ("5到8级", "5至8级"),
        ("第二十届", "第20届"),
        ("五项措施", "5项措施"),
    ],
)
def test_every_spelling_of_a_number_becomes_one(printed: str, expected: str) -> None:
    assert arabic(printed) == expected


@pytest.mark.parametrize(
    "printed", ["统一个人", "一带一路", "千万不要", "十分重视", "十二五规划", "七八百人", "三三两两"]
)
def test_what_only_looks_like_a_number_stays(printed: str) -> None:
    assert arabic(printed) == printed


def test_a_rewritten_number_leads_back_to_all_of_the_printed_one() -> None:
    printed = "共三百零五项"
    rewritten = with_arabic_numerals(normalise(printed))
    start = rewritten.text.index("305")
    assert printed[slice(*rewritten.original(start, start + 3))] == "三百零五"
    assert printed[slice(*rewritten.original(start + 3, start + 4))] == "项"


@pytest.mark.parametrize(
    ("numeral", "expected"),
    [
        ("三百零五", 305),
        ("十", 10),
        ("一万五千", 15000),
        ("五点二", Decimal("5.2")),
        ("一九九〇", 1990),
        ("两万", 20000),
    ],
)
def test_a_numeral_has_a_value(numeral: str, expected: Decimal) -> None:
    assert value(numeral) == expected


@pytest.mark.parametrize("numeral", ["七八百", "百", "万", "十二五", "三三百", "一百千"])
def test_a_run_that_does_not_read_as_a_number_has_none(numeral: str) -> None:
    assert value(numeral) is None


@given(st.text(alphabet="零〇一二三四五六七八九十百千万亿点分之年月日项0123456789.,-/%至中国", max_size=30))
def test_whatever_is_typed_keeps_its_way_back(printed: str) -> None:
    spans = with_arabic_numerals(normalise(printed))
    assert all(spans.original(i, i + 1)[1] <= len(printed) for i in range(len(spans.text)))
