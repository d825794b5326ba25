"""The page of an issue: every line once, in the colour of the item it belongs to."""

from __future__ import annotations

from services.desk.archive.archive import PageTexts
from services.desk.views.issue import FURNITURE, NOWHERE, issue_view
from tests.unit.desk.edition import PAGE, VERSION, article, forecast, record

TEXTS = PageTexts(VERSION, {1: PAGE})


def test_an_issue_shows_every_line_once_in_order() -> None:
    view = issue_view(record(), [forecast(), article()], TEXTS)
    (page,) = view.pages
    assert [line.number for run in page.runs for line in run.lines] == [1, 2, 3, 4, 6, 7]
    assert [(run.item.number if run.item else run.kind) for run in page.runs] == [FURNITURE, 1, 2]


def test_a_line_in_no_place_is_shown_as_a_fault() -> None:
    view = issue_view(record(furniture=()), [article()], TEXTS)
    assert [run.kind for run in view.pages[0].runs] == [NOWHERE, "", NOWHERE]


def test_articles_with_flags_are_those_to_check() -> None:
    view = issue_view(record(), [article(), forecast()], TEXTS)
    assert [item.article.article_id for item in view.doubtful] == [article().article_id]
