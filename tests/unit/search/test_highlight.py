"""Highlighting: what the search finds is marked, by the same words, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.highlight import Highlighter
from services.search.query.query import Query
from services.search.query.synonyms import synonyms

NONE = synonyms({})


def marked(query: str, text: str, part: str = "body") -> list[str]:
    return [text[match.start : match.end] for match in Highlighter(Query.parse(query, NONE)).matches(part, text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("月饼 海关", "海关查验月饼", ["海关", "月饼"]),
        ("“查验月饼”", "海关查验月饼，再查验面粉", ["查验月饼"]),
        ("神学", "精神学习", []),
        ("海关 -月饼", "海关查验月饼", ["海关"]),
        ("月饼 OR 粽子", "月饼和粽子", ["月饼", "粽子"]),
        ("颱風", "台风登陆", ["台风"]),
        ("台风", "颱風登陸", ["颱風"]),
        ("305项", "三百零五项工程", ["三百零五项"]),
        ("gdp", "去年ＧＤＰ增长", ["ＧＤＰ"]),
        ("日期:2023-08 版:1", "2023年8月", []),
        ("", "海关", []),
    ],
)
def test_what_answers_the_query_is_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_a_field_prefix_marks_only_that_part() -> None:
    assert marked("标题:月饼", "月饼出口", part="headline") == ["月饼"]
    assert marked("标题:月饼", "月饼出口", part="body") == []


def test_other_words_for_the_same_thing_are_marked_too() -> None:
    query = Query.parse("手机", synonyms({"same": [["手机", "移动电话"]]}))
    found = Highlighter(query).matches("body", "移动电话与手机")
    assert [(match.start, match.end, match.wanted) for match in found] == [(0, 4, 0), (5, 7, 0)]


@given(st.text("月饼海关查验“”，。 A1１年", max_size=40), st.text("月饼海关 A1", max_size=10))
def test_every_match_lies_inside_the_text(text: str, query: str) -> None:
    for match in Highlighter(Query.parse(query, NONE)).matches("body", text):
        assert 0 <= match.start < match.end <= len(text)
