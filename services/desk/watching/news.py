"""The articles of a search that came since a visit: first which articles came at all, then which of them it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.desk.archive.outlines import OUTLINED, Outline, read_outline
from services.search import fields
from services.search.request.body import request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.search.request.body import Search

MOST_NEW: Final = 10_000
"""The most articles that are looked through; Elasticsearch gives no more hits of one search."""
SHOWN: Final = 5
NEWEST: Final = "newest"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The articles that came: id and time in ms, the newest first.

    Attributes:
        more: whether there are more than could be read; counts are then at least what they say.
        now: the time of the newest of all, to ask from at the next visit; 0 if nothing ever came.
    """

    came: tuple[tuple[str, int], ...] = ()
    more: bool = False
    now: int = 0

    def since(self, seen: int) -> list[str]:
        """Return the ids of the articles that came after a visit."""
        return [article_id for article_id, time in self.came if time > seen]


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a search: how many articles, whether there may be more, and the newest of them."""

    count: int = 0
    more: bool = False
    newest: tuple[Outline, ...] = ()


def arrivals_request(seen: int | None) -> dict[str, Any]:
    """Return the request for the articles that came after a visit; None: only for the present."""
    query: dict[str, Any] = {"bool": {"filter": [{"term": {"change": "created"}}]}}
    query["bool"]["filter"] += [{"range": {"time": {"gt": seen}}}] if seen is not None else []
    return {
        "query": query,
        "size": 0 if seen is None else MOST_NEW,
        "sort": [{"time": "desc"}],
        "track_total_hits": MOST_NEW + 1,
        "_source": ["article_id", "time"],
        "aggs": {NEWEST: {"global": {}, "aggs": {NEWEST: {"max": {"field": "time"}}}}},
    }


def read_arrivals(answer: Mapping[str, Any]) -> Arrivals:
    """Return what the request found."""
    hits = answer.get("hits", {"hits": (), "total": {"value": 0}})
    newest = answer.get("aggregations", {}).get(NEWEST, {}).get(NEWEST, {}).get("value")
    return Arrivals(
        tuple((hit["_source"]["article_id"], int(hit["_source"]["time"])) for hit in hits["hits"]),
        hits["total"]["value"] > MOST_NEW,
        int(newest or 0),
    )


def news_request(search: Search, ids: Sequence[str]) -> dict[str, Any]:
    """Return the request for the articles among `ids` that a search finds, and the newest of them.

    Raises:
        QueryError: the query needs more terms than a node may look up.
    """
    body = request(search, facets=False)
    among = {"terms": {fields.ARTICLE_ID: list(ids)}}
    return body | {
        "query": {"bool": {"must": [body["query"]], "filter": [among]}},
        "sort": [{fields.DATE: "desc"}, {fields.ARTICLE_ID: "asc"}],
        "size": SHOWN,
        "_source": [f"{fields.ARTICLE}.{name}" for name in OUTLINED],
    }


def read_news(answer: Mapping[str, Any], *, more: bool) -> News | None:
    """Return what a search found; None if Elasticsearch refused it."""
    hits = answer.get("hits")
    if hits is None:
        return None
    return News(hits["total"]["value"], more, tuple(read_outline(hit["_source"]) for hit in hits["hits"]))
