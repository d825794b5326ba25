"""The article's place among the hits: the next, the previous, and the way back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from services.desk.addresses.parameters import SearchParameters
from services.desk.reading.neighbours import hit_address, hits_before, neighbours
from services.search.answer import Answer, Hit
from services.search.cursor import Cursor, decode, encode
from tests.unit.desk.edition import ISSUE, article

PER_PAGE = 2


def hit(number: int) -> Hit:
    return Hit(article(article_id=f"{ISSUE}/{number:012x}"), (1.0 - number / 100, 5, f"{number}"))


def asked(page: int = 1) -> SearchParameters:
    after = encode(Cursor("relevance", page, hit((page - 1) * PER_PAGE).sort)) if page > 1 else None
    return SearchParameters(q="月饼", kind=["story"], size=PER_PAGE, after=after)


def page_of(number: int) -> Answer:
    """Return a page of a search that finds articles 1 to 5."""
    found = [one for one in range(PER_PAGE * (number - 1) + 1, PER_PAGE * number + 1) if one <= 5]
    return Answer(5, tuple(map(hit, found)))


def test_an_article_between_two_hits_leads_to_both_and_back_to_its_place() -> None:
    parameters = SearchParameters(q="月饼", size=5)
    answer = Answer(5, tuple(map(hit, range(1, 6))))
    found = neighbours(parameters, parameters.search(), answer, f"{ISSUE}/{3:012x}")
    assert (found.number, found.total) == (3, 5)
    assert found.previous == hit_address(f"{ISSUE}/{2:012x}", parameters)
    assert found.following == hit_address(f"{ISSUE}/{4:012x}", parameters)
    assert found.back == f"{parameters.address()}#hit-{3:012x}"


def test_the_last_of_a_page_leads_to_the_first_of_the_next_page() -> None:
    found = neighbours(asked(), asked().search(), page_of(1), f"{ISSUE}/{2:012x}", later=page_of(2).hits[:1])
    assert found.following is not None
    given = parse_qs(urlsplit(found.following).query)
    assert decode(given["after"][0], "relevance") == Cursor("relevance", 2, hit(2).sort)
    assert given["kind"] == ["story"]


def test_the_first_of_a_page_leads_to_the_last_of_the_page_before() -> None:
    parameters = asked(3)
    search = parameters.search()
    assert hits_before(search) == 4
    found = neighbours(parameters, search, page_of(3), f"{ISSUE}/{5:012x}", earlier=tuple(map(hit, range(1, 5))))
    assert (found.number, found.following) == (5, None)
    assert found.previous is not None
    given = parse_qs(urlsplit(found.previous).query)
    assert decode(given["after"][0], "relevance") == Cursor("relevance", 2, hit(2).sort)


def test_from_the_second_page_the_first_has_no_cursor() -> None:
    found = neighbours(asked(2), asked(2).search(), page_of(2), f"{ISSUE}/{3:012x}", earlier=page_of(1).hits)
    assert found.previous == hit_address(f"{ISSUE}/{2:012x}", asked(2), after=None)


def test_an_article_that_the_search_no_longer_finds_leads_back_only() -> None:
    found = neighbours(asked(), asked().search(), page_of(1), f"{ISSUE}/{9:012x}")
    assert (found.number, found.previous, found.following) == (None, None, None)
    assert found.back == asked().address()


def test_pages_too_deep_to_read_whole_have_no_previous() -> None:
    deep = SearchParameters(q="月饼", size=50, after=encode(Cursor("relevance", 4, hit(1).sort))).search()
    assert hits_before(deep) is None
