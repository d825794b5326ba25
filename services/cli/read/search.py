"""`broadsheet search`: run the desk's query from the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError, NotFoundError

from services.cli.shared.console import out
from services.cli.shared.tables import article_panels, facet_table, facets_of
from services.index.names import Names
from services.runtime.elasticsearch.store import connect, is_passing, unreachable
from services.runtime.errors import BroadsheetError
from services.search.asking import ask
from services.search.query.errors import QueryError
from services.search.request.body import Search
from services.search.rewriting.understanding import to_the_letter, understand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings
    from services.search.answer import Answer
    from services.search.rewriting.understanding import Change, Understanding
    from services.search.unknown import Unknown


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What to search for, and how to show it."""

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    since: str | None
    until: str | None
    size: int
    facets: bool = False
    as_json: bool = False
    literal: bool = False


def search_articles(settings: Settings, wanted: SearchOptions) -> None:
    """Search, and print the result.

    Raises:
        BroadsheetError: the query cannot be understood, or Elasticsearch does not answer or has no articles yet.
    """
    answer = asyncio.run(_ask(settings, wanted))
    articles = [hit.article for hit in answer.hits]
    total = answer.total
    if wanted.as_json:
        found: dict[str, Any] = {
            "total": total,
            "relaxed": answer.relaxed,
            "understood": [{"kind": c.kind, "typed": c.typed, "meant": c.meant} for c in answer.changes],
            "unknown": [{"facet": u.facet, "value": u.value, "like": list(u.like)} for u in answer.unknown],
            "articles": [one.model_dump(mode="json") for one in articles],
        }
        if wanted.facets:
            found["facets"] = {name: dict(values) for name, values in facets_of(answer).items()}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    article_panels(out, articles)
    shown = f", {len(articles)} shown" if len(articles) < total else ""
    out.print(f"[bold]{total}[/bold] article{'' if total == 1 else 's'} found{shown}")
    for change in answer.changes:
        out.print(_explained(change), style="yellow")
    for one in answer.unknown:
        out.print(_named(one), style="yellow")
    if wanted.facets:
        out.print(facet_table(facets_of(answer)))


def _explained(change: Change) -> str:
    if change.kind == "part":
        return f"No article has all of {change.meant!r}; these have the words that say most."
    return f"Read {change.typed!r} as {change.meant!r}; --literal searches for what you typed."


def _named(one: Unknown) -> str:
    like = f" Did you mean {' or '.join(one.like)}?" if one.like else ""
    if one.facet == "field":
        return f"{one.value}: is not the name of a field.{like}"
    return f"No article has {one.value!r} as {one.facet}.{like}"


async def _ask(settings: Settings, wanted: SearchOptions) -> Answer:
    understanding = _understood(wanted)
    search = Search(
        understanding.meant,
        wanted.chosen,
        _day("--since", wanted.since),
        _day("--until", wanted.until),
        size=wanted.size,
        understanding=None if wanted.literal else understanding,
    )
    client = connect(settings)
    try:
        return await ask_index(client, settings, search, facets=wanted.facets)
    finally:
        await client.close()


def _understood(wanted: SearchOptions) -> Understanding:
    try:
        return (
            to_the_letter(wanted.query)
            if wanted.literal
            else understand(wanted.query, today=dt.datetime.now().astimezone().date())
        )
    except QueryError as error:
        raise BroadsheetError(str(error)) from None


def _day(option: str, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise BroadsheetError(f"{option}: {value!r} is not a day; write it as 2023-08-15") from None


async def ask_index(client: AsyncElasticsearch, settings: Settings, search: Search, *, facets: bool = True) -> Answer:
    """Return the answer to a search.

    Raises:
        BroadsheetError: the query is too large, or Elasticsearch does not answer, has no articles yet, or refuses it.
    """
    try:
        return await ask(client, Names(settings.prefix, "articles").read, search, facets=facets)
    except QueryError as error:
        raise BroadsheetError(str(error)) from None
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
