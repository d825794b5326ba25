"""A page of results: each article with what answers the query, and the way to the next page."""

from __future__ import annotations

import pytest

from services.search.answer import Answer, Hit
from services.search.cursor import DEEPEST_PAGE, Cursor, decode
from services.search.query.query import Query
from services.search.query.synonyms import synonyms
from services.search.request.body import Search
from services.search.results import passages, result_page
from tests.unit.desk.edition import article, forecast

HIT = Hit(article(), (1.5, 1691107200000, article().article_id))


def test_an_article_is_shown_with_what_answers_the_query() -> None:
    page = result_page(Search(Query.parse("月饼", synonyms({}))), Answer(1, (HIT,)))
    (result,) = page.results
    assert [(match.start, match.end) for match in result.headline] == [(2, 4)]
    assert (result.kicker, result.deck) == ((), ())
    (snippet,) = result.snippets
    assert [snippet.text[start:end] for start, end in snippet.matches] == ["月饼"]


def test_whatever_part_answers_can_be_shown() -> None:
    """The running text comes first; a byline or a label is shown only where nothing before it answers."""
    parts = [part for part, _ in passages(article())]
    assert parts[:2] == ["body", "caption"]
    assert "byline" in parts
    assert next(part for part, _ in passages(forecast())) == "body"


def test_words_that_were_found_for_others_are_named() -> None:
    """So an editor sees why an article was found, and can do without them."""
    found = article(headline="首批月饼出口", body=())
    query = Query.parse("糕点", synonyms({"also": {"糕点": ["月饼"]}}))
    page = result_page(Search(query), Answer(1, (Hit(found),), query=query))
    assert page.also == ("月饼",)
    same = Query.parse("月饼", synonyms({}))
    assert result_page(Search(same), Answer(1, (Hit(found),), query=same)).also == ()


def test_a_full_page_leads_to_the_next() -> None:
    page = result_page(Search(size=1, page=3), Answer(9, (HIT,)))
    assert page.number == 3
    assert page.next is not None
    assert decode(page.next, "relevance") == Cursor("relevance", 4, HIT.sort)


@pytest.mark.parametrize(
    ("search", "total"), [(Search(size=2), 9), (Search(size=1, page=9), 9), (Search(size=1, page=DEEPEST_PAGE), 10**6)]
)
def test_the_last_page_and_the_deepest_lead_nowhere(search: Search, total: int) -> None:
    """A page that is not full is the last, and so is the one with which all were seen."""
    assert result_page(search, Answer(total, (HIT,))).next is None
