"""The page of an issue: every line once, in the colour of the item it belongs to."""

from __future__ import annotations

from schemas.geometry import Geometry, Link
from services.desk.archive.archive import PageTexts
from services.desk.views.issue import FURNITURE, NOWHERE, issue_view
from tests.unit.desk.edition import PAGE, VERSION, article, forecast, record

TEXTS = PageTexts(VERSION, {1: PAGE})
LINKS = (Link(kind="pdf", uri="https://archive.example/01.pdf"), Link(kind="image", uri="javascript:alert(1)"))
PLACES = tuple((20.0, 20.0 * number, 100.0, 10.0, 10.0) for number in range(1, 8))
PRINTED = PageTexts(VERSION, {1: PAGE}, {1: Geometry(size=(200, 300), lines=PLACES, links=LINKS)})


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


def test_a_page_whose_places_are_known_is_drawn_and_each_article_leads_to_its_first_line() -> None:
    view = issue_view(record(), [forecast(), article()], PRINTED)
    (page,) = view.pages
    assert page.sheet is not None
    assert [cover.story.address for cover in page.sheet.covers] == [
        "?story=00000000000a#p1-l2",
        "?story=00000000000b#p1-l7",
    ]
    assert not any(cover.story.read for cover in page.sheet.covers)


def test_the_article_being_read_is_marked_on_the_drawing_and_in_the_list() -> None:
    view = issue_view(record(), [forecast(), article()], PRINTED, "00000000000a")
    (page,) = view.pages
    assert page.sheet is not None
    assert [cover.story.read for cover in page.sheet.covers] == [True, False]
    assert [run.item.read for run in page.runs if run.item] == [True, False]


def test_a_page_without_places_is_not_drawn() -> None:
    (page,) = issue_view(record(), [article()], TEXTS).pages
    assert page.sheet is None
    assert page.links == ()


def test_only_addresses_that_a_browser_may_open_become_links() -> None:
    (page,) = issue_view(record(), [article()], PRINTED).pages
    assert page.links == LINKS[:1]
