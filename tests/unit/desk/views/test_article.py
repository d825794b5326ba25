"""The page of an article: what is marked, and where each sentence was printed."""

from __future__ import annotations

from schemas.geometry import Geometry
from services.desk.archive.archive import PageTexts
from services.desk.views.articles.article import article_view, shown_value
from services.search.highlight import Highlighter
from services.search.query.query import Query
from tests.unit.desk.edition import PAGE, VERSION, article

TEXTS = PageTexts(VERSION, {1: PAGE})


def test_evidence_and_hits_are_marked_where_they_stand() -> None:
    view = article_view(article(), TEXTS, Highlighter(Query.parse("月饼")))
    cut = [segment for one in view.body[0].sentences for segment in one.segments]
    assert [(segment.text, segment.kinds) for segment in cut if segment.kinds] == [
        ("海关", ("topic-0",)),
        ("月饼", ("hit",)),
    ]
    assert [segment.kinds for segment in view.headline] == [(), ("hit",), ()]


def test_each_sentence_names_the_ids_of_its_lines() -> None:
    view = article_view(article(), TEXTS, Highlighter(Query()))
    assert [one.lines for one in view.body[0].sentences] == [("p1-l2", "p1-l3"), ("p1-l3",), ("p1-l4",)]


def test_the_page_beside_it_has_this_articles_lines_with_their_roles() -> None:
    (page,) = article_view(article(), TEXTS, Highlighter(Query())).pages
    assert [(line.number, line.role) for line in page.lines] == [
        (1, ""),
        (2, "body"),
        (3, "body"),
        (4, "body"),
        (6, "headline"),
        (7, ""),
    ]
    assert page.first == "p1-l2"


def test_pages_replaced_since_are_said_to_be_so() -> None:
    assert article_view(article(), PageTexts(VERSION + 1, {1: PAGE}), Highlighter(Query())).stale
    assert not article_view(article(), TEXTS, Highlighter(Query())).stale


def test_an_article_whose_pages_are_not_kept_is_shown_without_them() -> None:
    view = article_view(article(), None, Highlighter(Query()))
    assert view.pages == ()
    assert view.body[0].places == ()


def test_figures_are_written_out() -> None:
    assert [shown_value(value) for value in (28_848_000_000.0, 5.2, 300.0, 0.0)] == [
        "28,848,000,000",
        "5.2",
        "300",
        "0",
    ]


def test_the_page_is_drawn_with_this_article_alone_where_its_places_are_known() -> None:
    places = tuple((20.0, 20.0 * number, 100.0, 10.0, 10.0) for number in range(1, 8))
    texts = PageTexts(VERSION, {1: PAGE}, {1: Geometry(size=(200, 300), lines=places)})
    (page,) = article_view(article(), texts, Highlighter(Query())).pages
    assert page.sheet is not None
    (cover,) = page.sheet.covers
    assert (cover.story.address, cover.story.read) == ("#p1-l2", True)
    assert article_view(article(), TEXTS, Highlighter(Query())).pages[0].sheet is None
