"""Units of meaning: which words of a query must be found, and in which wordings."""

from __future__ import annotations

import datetime as dt

import pytest

from services.search.query.synonyms import synonyms
from services.search.query.units import Unit, phrases, term

KNOWN = synonyms({"same": [["GDP", "国内生产总值"]], "light": ["的", "个", "案"]})


def texts(typed: str) -> list[str]:
    return ["".join(token.text for token in unit.typed.tokens) for unit in term(typed, KNOWN).units]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("象牙走私", ["象牙", "走私"]),
        ("三百零五项改革", ["305项", "改革"]),
        ("5G标准", ["5g", "标准"]),
        ("维生素B12", ["维生素", "b12"]),
        ("2023-08-04", ["2023年8月4日"]),
        ("反走私", ["反走私"]),
        ("GDP增长", ["gdp", "增长"]),
        ("前三季度", ["前3季度"]),
    ],
)
def test_a_piece_of_a_query_is_taken_apart_into_words_that_mean_something(typed: str, expected: list[str]) -> None:
    assert texts(typed) == expected


def test_a_synonym_is_another_wording() -> None:
    (unit,) = term("GDP", KNOWN).units
    assert ["".join(token.text for token in wording.tokens) for wording in unit.wordings] == ["gdp", "国内生产总值"]


def test_light_words_need_not_be_found() -> None:
    assert [unit.typed.tokens[0].text for unit in term("走私案", KNOWN).needed] == ["走"]
    assert len(term("案", KNOWN).needed) == 1


def test_short_wordings_are_strict_about_words_and_long_ones_are_not() -> None:
    def aligned(typed: str) -> bool:
        unit: Unit = term(typed, KNOWN).units[0]
        return unit.typed.aligned

    assert aligned("大风")
    assert aligned("发展中国家")
    assert not aligned("8月")


def test_a_whole_day_is_known_as_one() -> None:
    (unit,) = term("二〇二三年八月四日", KNOWN).units
    assert unit.day == dt.date(2023, 8, 4)
    assert term("2023年2月30日", KNOWN).units[0].day is None


def test_a_quoted_text_keeps_all_its_clauses() -> None:
    assert len(phrases("河南，海运")) == 2


def test_signs_alone_ask_for_nothing() -> None:
    assert term("……", KNOWN).units == ()
