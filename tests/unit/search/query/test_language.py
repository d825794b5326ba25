"""The query language: what an editor types is understood, or the error says how to mend it."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.query.language import QueryError, parse
from services.search.query.nodes import All, AnyOf, Dates, Not, Pages, Phrase, Value, Words
from services.search.query.ranges import DateRange, PageRange


def test_words_side_by_side_must_all_match() -> None:
    assert parse("台风　广东") == All((Words("台风"), Words("广东")))
    assert parse("台风 AND 广东") == parse("台风 广东")


@pytest.mark.parametrize("typed", ['"开渔"', "“开渔”", "「开渔」", "『开渔』", "＂开渔＂", '“开渔"'])
def test_every_kind_of_quotation_mark_makes_a_phrase(typed: str) -> None:
    assert parse(typed) == Phrase("开渔")


def test_or_binds_looser_than_and() -> None:
    assert parse("渔港 台风 OR 暴雨") == AnyOf((All((Words("渔港"), Words("台风"))), Words("暴雨")))


def test_parentheses_group_in_either_width() -> None:
    grouped = All((Words("渔港"), AnyOf((Words("台风"), Words("暴雨")))))
    assert parse("渔港 (台风 OR 暴雨)") == grouped
    assert parse("渔港 （台风 OR 暴雨）") == grouped


def test_not_and_a_leading_hyphen_exclude() -> None:
    assert parse("台风 NOT 演习") == All((Words("台风"), Not(Words("演习"))))
    assert parse("台风 -演习") == parse("台风 NOT 演习")
    assert parse("-5℃") == Words("-5℃")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("标题:台风", Words("台风", "headline")),
        ("标题：“台风”", Phrase("台风", "headline")),
        ("Title: 台风", Words("台风", "headline")),
        ("標題：台风", Words("台风", "headline")),
        ("标題:台风", Words("台风", "headline")),
        ("圖說:台风", Words("台风", "caption")),
        ("记者：王小明", Words("王小明", "byline")),
        ("主题:weather", Value("topic", "weather")),
        ("版：1-4", Pages(PageRange(1, 4))),
        ("日期:2023年8月4日", Dates(DateRange(dt.date(2023, 8, 4), dt.date(2023, 8, 4)))),
        ("标题:(台风 OR 暴雨)", AnyOf((Words("台风", "headline"), Words("暴雨", "headline")))),
    ],
)
def test_a_field_may_be_named_in_chinese_or_english(typed: str, expected: object) -> None:
    assert parse(typed) == expected


@pytest.mark.parametrize("headline", ["现场：千人植树", "两会(图)报道", "10:30开幕", "渔港：开渔了！"])
def test_a_pasted_headline_is_words(headline: str) -> None:
    assert parse(headline) == Words(headline)


@pytest.mark.parametrize("blank", ["", " 　\t", "()", "（ ）"])
def test_a_blank_query_asks_for_nothing(blank: str) -> None:
    assert parse(blank) is None


@pytest.mark.parametrize(
    ("typed", "code", "position"),
    [
        ('台风 "广东', "unclosed-quote", 3),
        ("(台风", "unclosed-parenthesis", 0),
        ("台风)", "stray-parenthesis", 2),
        ("台风 OR", "missing-operand", 3),
        ("AND 台风", "missing-operand", 0),
        ("NOT", "missing-operand", 0),
        ("标题:", "missing-value", 0),
        ("日期:明天", "bad-date", 3),
        ("日期:2023-02-30", "bad-date", 3),
        ("版:头版", "bad-page", 2),
        ("渔" * 501, "too-long", 500),
        ("渔 " * 41, "too-many-terms", 80),
        ("(" * 13 + "渔" + ")" * 13, "too-deep", 12),
        ("NOT " * 20 + "渔", "too-deep", 48),
    ],
)
def test_an_error_says_what_is_wrong_and_where_in_both_languages(typed: str, code: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.code == code
    assert caught.value.position == position
    assert f"at character {position + 1}" in str(caught.value)
    assert f"第{position + 1}个字符" in caught.value.chinese


@given(st.text(alphabet='台风AND ORNOT"“”「」()（）:：-标题日期版记者2023.8至 |&!', max_size=60) | st.text(max_size=60))
def test_nothing_else_is_ever_raised(typed: str) -> None:
    with contextlib.suppress(QueryError):
        parse(typed)


@pytest.mark.parametrize("typed", ['""', "“”", "台风 「，」", '标题:" "'])
def test_an_empty_quotation_is_refused_with_a_reason(typed: str) -> None:
    """It would find nothing in silence."""
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.code == "empty-quote"
