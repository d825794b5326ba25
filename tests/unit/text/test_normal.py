"""Normalising: one spelling to compare in, and the way back to what was printed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.text.normal import normalise

ANY_TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("維生素Ｂ１２", "维生素b12"),
        ("颱風登陸廣東", "台风登陆广东"),
        ("乾隆年間，天氣乾燥", "乾隆年间,天气干燥"),
        ("㈱　①", "(株) 1"),
        ("ＧＤＰ增長５．２％", "gdp增长5.2%"),
    ],
)
def test_variants_of_one_text_get_one_spelling(printed: str, expected: str) -> None:
    assert normalise(printed).text == expected


def test_a_span_leads_back_to_the_printed_characters() -> None:
    printed = "共㈱三家，５℃以下"
    normalised = normalise(printed)
    start = normalised.text.index("5")
    assert printed[slice(*normalised.original(start, start + 3))] == "５℃"


def test_a_mark_is_joined_to_its_letter_and_both_lead_back() -> None:
    printed = "cafe\N{COMBINING ACUTE ACCENT}店"
    normalised = normalise(printed)
    assert normalised.text == "café店"
    assert normalised.original(3, 4) == (3, 5)
    assert normalised.original(4, 5) == (5, 6)


def test_an_empty_span_stays_where_it_stood() -> None:
    normalised = normalise("㈱店")
    assert normalised.original(3, 3) == (1, 1)
    assert normalised.original(4, 4) == (2, 2)
    assert normalise("").original(0, 0) == (0, 0)


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert normalise("甲\ud800乙").text == "甲\N{REPLACEMENT CHARACTER}乙"


@given(ANY_TEXT)
@example("\u1100\u1161\u11a8")
@example("ｶﾞ")
@example("İ")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(ANY_TEXT)
def test_the_spans_of_all_characters_cover_the_original_in_order(text: str) -> None:
    normalised = normalise(text)
    spans = [normalised.original(i, i + 1) for i in range(len(normalised.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
