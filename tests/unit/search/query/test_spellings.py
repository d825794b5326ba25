"""Numerals inside names, in whichever spelling they are typed."""

import pytest

from services.search.query.nodes import All, Not, Phrase, Words
from services.search.query.query import Query
from services.search.query.spellings import spellings


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("36计", "三十六计"),
        ("359旅", "三五九旅"),
        ("918", "九一八"),
        ("双11", "双十一"),
        ("00后", "零零后"),
        ("00后", "〇〇后"),
    ],
)
def test_a_numeral_in_a_name_is_looked_for_in_each_spelling(typed: str, printed: str) -> None:
    """The index leaves numerals alone that are part of a name."""
    assert printed in spellings(typed, bare=True)


def test_chinese_numerals_find_arabic_ones() -> None:
    """九零后 finds 90后 and 九〇后."""
    assert set(spellings("九零后", bare=True)) == {"90后", "九〇后"}


@pytest.mark.parametrize("count", ["11", "5", "2019", "12000吨"])
def test_a_count_or_a_year_has_one_spelling(count: str) -> None:
    """The index spells those in one way already; 11 by itself is no festival."""
    assert spellings(count, bare=True) == ()


def test_a_mark_after_a_word_or_a_quotation_is_punctuation() -> None:
    """A pasted headline is a text; only a mark at the beginning of a piece excludes."""
    assert Query.parse("小心“杀猪盘”！警方提醒").node == All((Words("小心"), Phrase("杀猪盘"), Words("！警方提醒")))
    assert Query.parse("“十四五”-收官").node == All((Phrase("十四五"), Words("-收官")))
    assert Query.parse("台风 -演习").node == All((Words("台风"), Not(Words("演习"))))
    assert Query.parse("台风 ！演习").node == All((Words("台风"), Not(Words("演习"))))
