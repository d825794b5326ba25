"""A search in Elasticsearch: the desk, the command line and the evaluation all run it from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.search import fields
from services.search.answer import read_answer
from services.search.request.body import request
from services.search.rewriting.understanding import Understanding, corrected

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.search.answer import Answer, IntervalCount
    from services.search.request.body import Interval, Search


async def ask(client: AsyncElasticsearch, index: str, search: Search, *, facets: bool = True) -> Answer:
    """Return the answer to `search` from `index` (a name or an alias).

    What was understood is looked for first. Where that finds nothing: what was typed to the letter; then a slip of the
    keyboard is mended, if the correction finds anything; and last, a search of many words is made with some of them
    left out. The answer says which of these it is.

    Raises:
        QueryError: the query needs more terms than a node may look up.
        elasticsearch.ApiError, elasticsearch.TransportError: the server refuses, or is away.
    """
    understanding = search.understanding or Understanding(search.query, search.query)
    answer = await _asked(client, index, search, understanding, facets=facets)
    if answer.total or search.after or search.chosen or search.first or search.last:
        return answer
    if understanding.changes:
        literal = await _asked(
            client, index, search, Understanding(understanding.typed, understanding.typed), facets=facets
        )
        if literal.total:
            return literal
    for other in corrected(understanding) if search.understanding else ():
        found = await _asked(client, index, search, other, facets=facets)
        if found.total:
            return found
    body = request(replace(search, query=understanding.meant), facets=facets)
    fewer = request(replace(search, query=understanding.meant), facets=facets, relaxed=True)
    if fewer["query"] == body["query"]:
        return answer
    second = read_answer((await client.search(index=index, **fewer)).body)
    return replace(second, relaxed=second.total > 0, query=understanding.meant, changes=understanding.changes)


async def _asked(
    client: AsyncElasticsearch, index: str, search: Search, understanding: Understanding, *, facets: bool
) -> Answer:
    body = request(replace(search, query=understanding.meant), facets=facets)
    found = read_answer((await client.search(index=index, **body)).body)
    return replace(found, query=understanding.meant, changes=understanding.changes)


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
