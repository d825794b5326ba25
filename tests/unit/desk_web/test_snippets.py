"""Snippets: the stretch that shows most of what was asked for."""

from __future__ import annotations

from services.desk.highlight import Highlighter
from services.desk.snippets import LENGTH, best_snippet
from services.desk.synonyms import synonyms

FILLER = "编辑部今天照常上班，" * 20


def snippet(query: str, *texts: str) -> tuple[str, list[str]]:
    found = best_snippet(Highlighter(query, synonyms({})), [("body", text) for text in texts])
    return found.text, [found.text[start:end] for start, end in found.hits]


def test_it_is_where_most_of_the_words_stand_together() -> None:
    text, hits = snippet("海关 月饼", f"海关大楼建成。{FILLER}", f"{FILLER}海关查验月饼。{FILLER}")
    assert hits == ["海关", "月饼"]
    assert len(text) == LENGTH


def test_it_begins_after_a_mark_and_not_inside_a_word() -> None:
    text, _ = snippet("月饼", f"{FILLER}首批月饼出口。{FILLER}")
    assert text.startswith(("编辑部", "首批"))


def test_without_a_query_it_is_the_beginning() -> None:
    assert snippet("", "首批月饼出口。" + FILLER)[0].startswith("首批月饼")


def test_a_short_text_is_shown_whole() -> None:
    found = best_snippet(Highlighter("月饼", synonyms({})), [("body", "首批月饼出口。")])
    assert (found.text, found.cut_before, found.cut_after) == ("首批月饼出口。", False, False)


def test_an_article_without_text_has_an_empty_one() -> None:
    assert best_snippet(Highlighter("月饼"), []).text == ""
