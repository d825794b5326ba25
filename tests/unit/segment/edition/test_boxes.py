"""Where an article is printed: one box for each page, from the places of its own lines."""

from __future__ import annotations

from schemas.geometry import Geometry, PageBox
from schemas.issue import Page
from services.segment.article import PlacedLine
from services.segment.edition.boxes import article_boxes

PLACES = ((10.0, 20.0, 80.0, 30.0, 30.0), None, (10.1, 60.2, 35.0, 9.0, 9.0), (55.0, 60.2, 35.3, 9.0, 9.0))
TEXT = "题\n\n左\n右"
PRINTED = Page(page=1, revision=1, text=TEXT, geometry=Geometry(size=(100, 200), lines=PLACES))
BARE = Page(page=2, revision=1, text=TEXT)


def lines(*places: tuple[int, int]) -> tuple[PlacedLine, ...]:
    return tuple(PlacedLine(page, line, "body") for page, line in places)


def test_the_box_of_an_article_holds_its_lines_and_no_others() -> None:
    assert article_boxes(lines((1, 3), (1, 4)), [PRINTED]) == (PageBox(page=1, box=(10.1, 60.2, 80.2, 9.0)),)
    assert article_boxes(lines((1, 4), (1, 1)), [PRINTED]) == (PageBox(page=1, box=(10.0, 20.0, 80.3, 49.2)),)


def test_a_page_without_geometry_gives_no_box() -> None:
    assert article_boxes(lines((2, 1), (1, 3)), [PRINTED, BARE]) == (PageBox(page=1, box=(10.1, 60.2, 35.0, 9.0)),)
    assert article_boxes(lines((2, 1)), [PRINTED, BARE]) is None


def test_lines_without_a_place_give_no_box() -> None:
    assert article_boxes(lines((1, 2)), [PRINTED]) is None
    assert article_boxes((), [PRINTED]) is None
