"""`broadsheet search`: the very query that the desk makes, from the command line."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError, NotFoundError

from schemas.tagged import TaggedArticle
from services.cli.console import out
from services.cli.tables import article_panels, facet_table, facets_of
from services.desk.query_language import QueryError
from services.desk.search import Search, request
from services.index.names import Names
from services.runtime.errors import BroadsheetError
from services.runtime.store import connect, is_passing, unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to search for, and how to show it."""

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    since: str | None
    until: str | None
    size: int
    facets: bool = False
    as_json: bool = False


def search_articles(settings: Settings, wanted: Wanted) -> None:
    """Search and print what is found.

    Raises:
        BroadsheetError: the query cannot be understood, or Elasticsearch is away or holds no articles yet.
    """
    answer = asyncio.run(_ask(settings, wanted))
    articles = articles_of(answer)
    total = answer["hits"]["total"]["value"]
    if wanted.as_json:
        found: dict[str, Any] = {"total": total, "articles": [one.model_dump(mode="json") for one in articles]}
        if wanted.facets:
            found["facets"] = {name: dict(values) for name, values in facets_of(answer).items()}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    article_panels(out, articles)
    shown = f", {len(articles)} shown" if len(articles) < total else ""
    out.print(f"[bold]{total}[/bold] article{'' if total == 1 else 's'} found{shown}")
    if wanted.facets:
        out.print(facet_table(facets_of(answer)))


async def _ask(settings: Settings, wanted: Wanted) -> dict[str, Any]:
    search = Search(wanted.query, wanted.chosen, wanted.since, wanted.until, size=wanted.size)
    try:
        body = request(search, facets=wanted.facets)
    except QueryError as error:
        raise BroadsheetError(str(error)) from None
    client = connect(settings)
    try:
        return await ask(client, settings, body)
    finally:
        await client.close()


async def ask(client: AsyncElasticsearch, settings: Settings, body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a search request.

    Raises:
        BroadsheetError: Elasticsearch is away, holds no articles yet or refuses the request.
    """
    try:
        answer = await client.search(index=Names(settings.prefix, "articles").read, **body)
    except NotFoundError:
        raise BroadsheetError(
            "There is no index of articles yet.\nRun `broadsheet run`, or `broadsheet setup` and the processors."
        ) from None
    except Exception as error:
        if is_passing(error):
            raise unreachable(settings, error) from None
        if isinstance(error, ApiError):
            raise BroadsheetError(f"Elasticsearch refuses the search: {error.error}; check dates and values") from None
        raise
    return dict(answer)


def articles_of(answer: Mapping[str, Any]) -> list[TaggedArticle]:
    """Return the articles of a search's answer, in its order."""
    return [TaggedArticle.model_validate(hit["_source"]["article"], strict=False) for hit in answer["hits"]["hits"]]
