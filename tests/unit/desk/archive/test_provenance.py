"""Provenance: every sentence leads back to the lines it was printed on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.desk.archive.provenance import Place, lines_of, sentences
from tests.unit.desk.edition import PAGE, article, span

PAGES = {1: lines_of(PAGE)}


def found(text: str, first: int, last: int) -> list[tuple[str, list[int]]]:
    return [
        (text[sentence.start : sentence.end], [place.line for place in sentence.places])
        for sentence in sentences(text, (span(first, last),), PAGES)
    ]


def test_a_sentence_leads_to_just_its_lines() -> None:
    assert found(article().body[0].text, 2, 4) == [
        ("本报讯　记者王小明报道，海关昨日查验月饼三百箱。", [2, 3]),
        ("“手续很快！”", [3]),
        ("厂长说。", [4]),
    ]


def test_a_block_may_begin_inside_a_line() -> None:
    assert found("海关昨日查验月饼三百箱。", 2, 4) == [("海关昨日查验月饼三百箱。", [2, 3])]


def test_a_text_that_the_page_no_longer_holds_leads_to_all_lines_of_its_block() -> None:
    assert found("另有一句。还有一句。", 2, 3) == [("另有一句。", [2, 3]), ("还有一句。", [2, 3])]


def test_without_the_page_all_lines_are_named() -> None:
    assert sentences("一句。", (span(2, 2),), {})[0].places == (Place(1, 2),)


@given(st.text("甲乙。！”」； \n", max_size=40))
def test_the_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(text[one.start : one.end] for one in sentences(text, (), {})) == text
