"""A search in Elasticsearch: the desk, the command line and the evaluation all run it from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from services.search import fields
from services.search.answer import read_answer, read_counts
from services.search.request.body import Search, counting, misspelt, request
from services.search.rewriting.misspelt import corrected_names, spelled_otherwise, unknown_word
from services.search.rewriting.partial import portions, weighed_words
from services.search.rewriting.slips import corrections
from services.search.rewriting.understanding import Understanding, as_text, corrected, in_part
from services.search.unknown import asked_values, checking, unknown_fields, unknown_values

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

    from elasticsearch import AsyncElasticsearch

    from services.search.answer import Answer, IntervalCount
    from services.search.query.nodes import Node
    from services.search.request.body import Interval
    from services.search.unknown import Unknown


WANTED: Final = "wanted"
AT_ONCE: Final = 500
KEPT: Final = "5m"
"""How long Elasticsearch keeps a point in time after each page of it."""


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
    if answer.total or not search.understanding or (_is_narrowed(search) and await asking.count(understanding)):
        return answer if answer.total else replace(answer, unknown=await asking.unknown())
    for other in (*_others(understanding), *await asking.names(understanding)):
        found = await asking.answer(other)
        if found.total:
            return found
    fewer = await asking.most_of(understanding)
    found = await asking.answer(fewer) if fewer else answer
    return found if found.total else replace(answer, unknown=await asking.unknown())


@dataclass(frozen=True, slots=True)
class _Asking:
    """One search, to be made with more than one query."""

    client: AsyncElasticsearch
    index: str
    search: Search
    facets: bool

    async def answer(self, understanding: Understanding) -> Answer:
        """Return the answer to the search with what was understood as its query."""
        body = request(replace(self.search, query=understanding.meant), facets=self.facets)
        found = read_answer((await self.client.search(index=self.index, **body)).body)
        return replace(found, query=understanding.meant, changes=understanding.changes)

    async def most_of(self, understanding: Understanding) -> Understanding | None:
        """Return the understanding that asks for most of the words, weighed by how many articles have each."""
        words = weighed_words(understanding.meant)
        found = portions(words, *await self.counts(words)) if len(words) > 1 else ()
        if not found:
            return None
        counts, _ = await self.counts([one.near for one in found])
        return in_part(understanding, found, counts)

    async def names(self, understanding: Understanding) -> tuple[Understanding, ...]:
        """Return what may have been meant if an unknown word is a misspelt name that the archive has."""
        word = unknown_word(understanding.typed.text)
        body = misspelt(word, spelled_otherwise(word)) if word else None
        if word is None or body is None:
            return ()
        hits = read_answer((await self.client.search(index=self.index, **body)).body).hits
        texts = (text for hit in hits for text in (hit.article.headline, *(block.text for block in hit.article.body)))
        return corrected(understanding, corrected_names(understanding.typed.text, word, texts))

    async def unknown(self) -> tuple[Unknown, ...]:
        """Return the values and field names of the search that are unknown."""
        names = unknown_fields(self.search.query.text)
        asked = asked_values(self.search)
        if not asked:
            return names
        found = (await self.client.search(index=self.index, **checking(asked))).body
        return (*names, *unknown_values(asked, found["aggregations"]))

    async def counts(self, nodes: Sequence[Node]) -> tuple[list[int], int]:
        """Return how many articles match each of `nodes`, and how many articles there are."""
        found = (await self.client.search(index=self.index, **counting(nodes))).body
        return read_counts(found), found["hits"]["total"]["value"]

    async def count(self, understanding: Understanding) -> int:
        """Return how many articles match before any choice narrows them: if there are some, the choice found none."""
        body = request(Search(understanding.meant, size=0), facets=False)
        return read_answer((await self.client.search(index=self.index, **body)).body).total


def _others(understanding: Understanding) -> Iterator[Understanding]:
    """Yield what else may have been meant, likeliest first."""
    if understanding.changes and not understanding.recent:
        yield Understanding(understanding.typed, understanding.typed)
    if text := as_text(understanding):
        yield text
    yield from corrected(understanding, corrections(understanding.typed.text))


def _is_narrowed(search: Search) -> bool:
    return bool(search.chosen or search.first or search.last)


async def ask_dates(
    client: AsyncElasticsearch, index: str, search: Search, interval: Interval
) -> tuple[IntervalCount, ...]:
    """Return only the histogram of days for `search`, in steps of `interval`.

    Raises:
        QueryError, elasticsearch.ApiError, elasticsearch.TransportError: as for `ask`.
    """
    counted = replace(search, sort="relevance", size=0, after=None, interval=interval)
    body = request(counted, counted=(fields.DATE,))
    return read_answer((await client.search(index=index, **body)).body).dates


async def every(
    client: AsyncElasticsearch,
    index: str,
    search: Search,
    *,
    told: Callable[[int], None],
    withdrawn: bool = False,
) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the document of every article that `search` finds, as the index was when it began, however many there are.

    Args:
        client: Elasticsearch.
        index: the alias of articles.
        search: the search; its query counts as it is, and nothing is relaxed.
        told: is told how many there are.
        withdrawn: yield the withdrawals among the papers and days of the search instead; `index` must have them.

    Raises:
        QueryError, elasticsearch.ApiError, elasticsearch.TransportError: as for `ask`.
    """
    body = request(replace(search, after=None), facets=False) | {"size": AT_ONCE}
    if withdrawn:
        body |= {"query": {"term": {fields.WITHDRAWN: True}}, "_source": True}
    point: str = (await client.open_point_in_time(index=index, keep_alive=KEPT))["id"]
    try:
        while True:
            found = await client.search(**body, pit={"id": point, "keep_alive": KEPT})
            if body["track_total_hits"]:
                told(found["hits"]["total"]["value"])
            point = found["pit_id"]
            hits = found["hits"]["hits"]
            for hit in hits:
                yield hit["_source"]
            if len(hits) < AT_ONCE:
                return
            # A point in time adds a last value of its own to each hit's sort, which the next page needs, too.
            body |= {"search_after": hits[-1]["sort"], "track_total_hits": False}
    finally:
        await client.close_point_in_time(id=point)


async def newest_found(client: AsyncElasticsearch, index: str, search: Search, article_id: str) -> tuple[int, bool]:
    """Return the version of an article that searches see (-1: none), and whether `search` finds it.

    Args:
        client: Elasticsearch.
        index: the alias with every article, withdrawn ones included.
        search: the search; its query counts as it is, and nothing is relaxed.
        article_id: the article.

    Raises:
        QueryError, elasticsearch.ApiError, elasticsearch.TransportError: as for `ask`.
    """
    body = request(replace(search, size=1, after=None), facets=False)
    only = {"ids": {"values": [article_id]}}
    found = await client.search(
        index=index, query={"bool": {"must": [only], "should": [_named(body)]}}, size=1, version=True, source=False
    )
    hits = found["hits"]["hits"]
    return (int(hits[0]["_version"]), WANTED in hits[0].get("matched_queries", ())) if hits else (-1, False)


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """Return a request's query and choices as one query that says by its name whether it matched."""
    filters = [body["query"], *([body["post_filter"]] if "post_filter" in body else [])]
    return {"bool": {"filter": filters, "_name": WANTED}}
