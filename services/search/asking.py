"""A search in Elasticsearch: the desk, the command line and the evaluation all run it from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.search import fields
from services.search.answer import read_answer
from services.search.request.body import Search, request
from services.search.rewriting.understanding import Understanding, corrected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elasticsearch import AsyncElasticsearch

    from services.search.answer import Answer, IntervalCount
    from services.search.request.body import Interval


async def ask(client: AsyncElasticsearch, index: str, search: Search, *, facets: bool = True) -> Answer:
    """Return the answer to `search` from `index` (a name or an alias).

    It looks for what was understood first. If that finds nothing, it looks for what was typed to the letter, then for
    the query with one slip of the keyboard mended, and last for most of the words. The answer says which one it is.

    Raises:
        QueryError: the query needs more terms than a node may look up.
        elasticsearch.ApiError, elasticsearch.TransportError: the server refuses, or is away.
    """
    asking = _Asking(client, index, search, facets)
    understanding = search.understanding or Understanding(search.query, search.query)
    answer = await asking.answer(understanding)
    if answer.total or (_is_narrowed(search) and await asking.count(understanding)):
        return answer
    for other in _others(understanding) if search.understanding else ():
        found = await asking.answer(other)
        if found.total:
            return found
    fewer = await asking.answer(understanding, relaxed=True)
    return fewer if fewer.total else answer


@dataclass(frozen=True, slots=True)
class _Asking:
    """One search, to be made with more than one query."""

    client: AsyncElasticsearch
    index: str
    search: Search
    facets: bool

    async def answer(self, understanding: Understanding, *, relaxed: bool = False) -> Answer:
        """Return the answer to the search with what was understood as its query."""
        body = request(replace(self.search, query=understanding.meant), facets=self.facets, relaxed=relaxed)
        found = read_answer((await self.client.search(index=self.index, **body)).body)
        return replace(
            found, relaxed=relaxed and found.total > 0, query=understanding.meant, changes=understanding.changes
        )

    async def count(self, understanding: Understanding) -> int:
        """Return how many articles match before any choice narrows them: if there are some, the choice found none."""
        body = request(Search(understanding.meant, size=0), facets=False)
        return read_answer((await self.client.search(index=self.index, **body)).body).total


def _others(understanding: Understanding) -> Iterator[Understanding]:
    """Yield what else may have been meant, likeliest first."""
    if understanding.changes:
        yield Understanding(understanding.typed, understanding.typed)
    yield from corrected(understanding)


def _is_narrowed(search: Search) -> bool:
    return bool(search.chosen or search.first or search.last)


async def ask_dates(
    client: AsyncElasticsearch, index: str, search: Search, interval: Interval, *, relaxed: bool
) -> tuple[IntervalCount, ...]:
    """Return only the histogram of days for `search`, in steps of `interval`; `relaxed` is that of its answer.

    Raises:
        QueryError, elasticsearch.ApiError, elasticsearch.TransportError: as for `ask`.
    """
    counted = replace(search, sort="relevance", size=0, after=None, interval=interval)
    body = request(counted, relaxed=relaxed, counted=(fields.DATE,))
    return read_answer((await client.search(index=index, **body)).body).dates
