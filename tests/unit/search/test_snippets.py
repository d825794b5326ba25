"""Snippets: the stretch that shows most of what was asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.search.highlight import Highlighter
from services.search.query.query import Query
from services.search.query.synonyms import synonyms
from services.search.snippets import LENGTH, best_snippets

FILLER = "编辑部今天照常上班，" * 20


def snippets(query: str, *texts: str) -> list[tuple[str, list[str]]]:
    found = best_snippets(Highlighter(Query.parse(query, synonyms({}))), [("body", text) for text in texts])
    return [(one.text, [one.text[start:end] for start, end in one.matches]) for one in found]


def test_it_is_where_most_of_the_words_stand_together() -> None:
    ((text, hits),) = snippets("海关 月饼", f"海关大楼建成。{FILLER}", f"{FILLER}海关查验月饼。{FILLER}")
    assert hits == ["海关", "月饼"]
    assert len(text) == LENGTH


def test_words_far_apart_are_shown_in_two_in_the_order_of_the_text() -> None:
    first, second = snippets("海关 月饼", f"{FILLER}月饼上市。{FILLER}{FILLER}海关放行。{FILLER}")
    assert (first[1], second[1]) == (["月饼"], ["海关"])
    assert len(first[0]) + len(second[0]) == LENGTH


def test_it_begins_after_a_mark_and_not_inside_a_word() -> None:
    ((text, _),) = snippets("月饼", f"{FILLER}首批月饼出口。{FILLER}")
    assert text.startswith(("编辑部", "首批"))


def test_without_a_query_it_is_the_beginning() -> None:
    assert snippets("", "首批月饼出口。" + FILLER)[0][0].startswith("首批月饼")


def test_a_short_text_is_shown_whole() -> None:
    (found,) = best_snippets(Highlighter(Query.parse("月饼", synonyms({}))), [("body", "首批月饼出口。")])
    assert (found.text, found.cut_before, found.cut_after) == ("首批月饼出口。", False, False)


def test_an_article_without_text_has_none() -> None:
    assert snippets("月饼") == []


@given(st.lists(st.text("月饼海关上市，。", max_size=200), max_size=3), st.sampled_from(["月饼", "海关 月饼", ""]))
def test_there_are_marks_where_anything_was_found_and_they_lie_inside(texts: list[str], query: str) -> None:
    highlighter = Highlighter(Query.parse(query, synonyms({})))
    found = best_snippets(highlighter, [("body", text) for text in texts])
    assert all(0 <= start < end <= len(one.text) for one in found for start, end in one.matches)
    assert len(found) <= 2
    assert any(one.matches for one in found) == any(highlighter.matches("body", text) for text in texts)
