"""Asking Elasticsearch: the one way in which the desk, the command line and the evaluation run a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.search.request.body import counts, request

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from services.search.query.synonyms import Synonyms
    from services.search.request.body import Search


@dataclass(frozen=True, slots=True)
class Answer:
    """Elasticsearch's answer, and whether words had to be left out to find anything.

    Where facets were asked for, `aggregations` has each as {"values": {"buckets": …}}, whatever it was counted under.
    """

    response: dict[str, Any]
    relaxed: bool

    @property
    def total(self) -> int:
        """How many articles match, the choices among facets applied."""
        total: int = self.response["hits"]["total"]["value"]
        return total


async def ask(
    client: AsyncElasticsearch, index: str, search: Search, synonyms: Synonyms | None = None, *, facets: bool = True
) -> Answer:
    """Return the answer to `search` from `index` (a name or an alias).

    Where a search of many words finds nothing, it is made once more with some of them left out.

    Raises:
        QueryError: the query cannot be understood.
        elasticsearch.ApiError, elasticsearch.TransportError: the server's refusal or absence.
    """
    body = request(search, synonyms, facets=facets)
    response = await _asked(client, index, body)
    if response["hits"]["total"]["value"] or search.after or search.chosen:
        return Answer(response, relaxed=False)
    fewer = request(search, synonyms, facets=facets, relaxed=True)
    if fewer["query"] == body["query"]:
        return Answer(response, relaxed=False)
    second = await _asked(client, index, fewer)
    return Answer(second, relaxed=second["hits"]["total"]["value"] > 0)


async def _asked(client: AsyncElasticsearch, index: str, body: dict[str, Any]) -> dict[str, Any]:
    response = dict(await client.search(index=index, **body))
    if "aggregations" in response:
        response["aggregations"] = {
            name: {"values": {"buckets": buckets}} for name, buckets in counts(response["aggregations"]).items()
        }
    return response
