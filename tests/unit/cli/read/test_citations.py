"""A citation leads a person to the printed lines."""

from __future__ import annotations

from schemas.page import PageLabel
from services.cli.read.citations import blocks_of, citation, where
from tests.unit.desk.edition import PAGE, article, span


def test_lines_are_named_as_runs_page_by_page() -> None:
    """A page with a section has its letter."""
    assert where([span(9, 9), span(2, 4), span(5, 6)]) == "第1版 第2-6、9行"
    assert where([span(1, 1), span(3, 3, PageLabel.parse("A2"))]) == "第1版 第1行; 第A2版 第3行"


def test_an_article_is_cited_with_its_paper_and_day() -> None:
    """Its headline is on line 6, its text on lines 2 to 4."""
    assert citation(article()).startswith("示例日报 2023-08-04 第1版 第2-4")


def test_a_paragraph_comes_with_the_lines_it_was_made_from() -> None:
    """Without the page's text, the numbers alone."""
    block, *_ = blocks_of(article(), {1: PAGE})
    assert [line["text"] for line in block["lines"]] == PAGE.split("\n")[1:4]
    bare, *_ = blocks_of(article(), {})
    assert [line["line"] for line in bare["lines"]] == [2, 3, 4]
    assert not any("text" in line for line in bare["lines"])
