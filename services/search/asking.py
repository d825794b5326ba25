"""A search in Elasticsearch: the desk, the command line and the evaluation all run it from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.search import fields
from services.search.answer import read_answer
from services.search.request.body import request

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.search.answer import Answer, IntervalCount
    from services.search.request.body import Interval, Search


async def ask(client: AsyncElasticsearch, index: str, search: Search, *, facets: bool = True) -> Answer:
    """Return the answer to `search` from `index` (a name or an alias).

    If a search of many words finds nothing, a second search leaves out some of them.

    Raises:
        QueryError: the query needs more terms than a node may look up.
        elasticsearch.ApiError, elasticsearch.TransportError: the server refuses, or is away.
    """
    body = request(search, facets=facets)
    answer = read_answer((await client.search(index=index, **body)).body)
    if answer.total or search.after or search.chosen:
        return answer
    fewer = request(search, facets=facets, relaxed=True)
    if fewer["query"] == body["query"]:
        return answer
    second = read_answer((await client.search(index=index, **fewer)).body)
    return replace(second, relaxed=second.total > 0)


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
