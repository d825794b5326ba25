"""The article's place in the search that led to it: the hits before and after it, and the way back to the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from services.search.cursor import Cursor, encode
from services.search.request.body import LARGEST_PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from services.desk.addresses.parameters import SearchParameters
    from services.search.answer import Answer, Hit
    from services.search.request.body import Search

FROM_LIST: Final = "list"
"""The parameter of an article's address that says that the rest of the address is the search that found it."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses of the neighbouring hits and of the list, and the article's number among `total` hits.

    `number` is None if the search does not find the article any more, for example after a correction.
    """

    back: str
    number: int | None = None
    total: int = 0
    previous: str | None = None
    following: str | None = None


def hit_address(article_id: str, asked: SearchParameters, **changes: Any) -> str:
    """Return the address of an article that the search `asked` found, with the search in it."""
    return f"/articles/{quote(article_id)}?{urlencode([*asked.pairs(**changes), (FROM_LIST, '1')])}"


def anchor_of(article_id: str) -> str:
    """Return the id of an article's entry in a list of results."""
    return f"hit-{article_id.rpartition('/')[2]}"


def place_in(answer: Answer, article_id: str) -> int | None:
    """Return the index of the article among the hits of a page; None if it is not among them."""
    return next((place for place, hit in enumerate(answer.hits) if hit.article.article_id == article_id), None)


def hits_before(search: Search) -> int | None:
    """Return how many hits precede the page that `search` asks for; None if there are none or too many to read."""
    before = (search.page - 1) * search.size
    return before if 0 < before <= LARGEST_PAGE_SIZE else None


def neighbours(  # noqa: PLR0913  # a place and what surrounds it
    asked: SearchParameters,
    search: Search,
    answer: Answer,
    article_id: str,
    *,
    earlier: Sequence[Hit] = (),
    later: Sequence[Hit] = (),
) -> Neighbours:
    """Return the article's place in a search.

    Args:
        asked: the search in the article's address; its page is the one that the article was on.
        search: the same search, as it was carried out.
        answer: what it found.
        article_id: the article.
        earlier: all hits of the pages before, if the article is the first of its page and they were read.
        later: the first hit of the page after, if the article is the last of its page.
    """
    place = place_in(answer, article_id)
    back = asked.address()
    if place is None:
        return Neighbours(back, total=answer.total)
    previous = following = None
    if place > 0:
        previous = hit_address(answer.hits[place - 1].article.article_id, asked)
    elif earlier:
        kept = earlier[: -search.size]
        after = encode(Cursor(search.sort, search.page - 1, kept[-1].sort)) if kept else None
        previous = hit_address(earlier[-1].article.article_id, asked, after=after)
    if place + 1 < len(answer.hits):
        following = hit_address(answer.hits[place + 1].article.article_id, asked)
    elif later:
        after = encode(Cursor(search.sort, search.page + 1, answer.hits[-1].sort))
        following = hit_address(later[0].article.article_id, asked, after=after)
    number = (search.page - 1) * search.size + place + 1
    return Neighbours(f"{back}#{anchor_of(article_id)}", number, answer.total, previous, following)
