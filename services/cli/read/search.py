"""`broadsheet search`: run the desk's query from the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from elasticsearch import ApiError, NotFoundError

from services.cli.shared.console import out, print_json
from services.cli.shared.days import first_day, last_day
from services.cli.shared.tables import article_panels, facet_table, facets_of
from services.index.names import Names
from services.runtime.elasticsearch.store import connect, is_passing, unreachable
from services.runtime.errors import BroadsheetError
from services.search.asking import ask
from services.search.query.errors import QueryError
from services.search.request.body import LARGEST_PAGE_SIZE, Search
from services.search.rewriting.understanding import to_the_letter, understand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings
    from services.search.answer import Answer
    from services.search.rewriting.understanding import Change, Understanding
    from services.search.unknown import Unknown

DEEPEST: Final = 10_000
"""The number of hits that pages reach; an export from the desk stops there, too."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What to search for, and how to show it."""

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    since: str | None
    until: str | None
    size: int
    page: int = 1
    facets: bool = False
    as_json: bool = False
    literal: bool = False


def search_articles(settings: Settings, wanted: SearchOptions) -> None:
    """Search, and print the result.

    Raises:
        BroadsheetError: the query cannot be understood, or Elasticsearch does not answer or has no articles yet.
    """
    answer = asyncio.run(_ask(settings, wanted))
    before = (wanted.page - 1) * wanted.size
    articles = [hit.article for hit in answer.hits]
    total = answer.total
    if wanted.as_json:
        found: dict[str, Any] = {
            "total": total,
            "page": wanted.page,
            "relaxed": answer.relaxed,
            "understood": [{"kind": c.kind, "typed": c.typed, "meant": c.meant} for c in answer.changes],
            "unknown": [{"facet": u.facet, "value": u.value, "like": list(u.like)} for u in answer.unknown],
            "articles": [one.model_dump(mode="json") for one in articles],
        }
        if wanted.facets:
            found["facets"] = {name: dict(values) for name, values in facets_of(answer).items()}
        print_json(found)
        return
    article_panels(out, articles, with_ids=True)
    shown = f", {before + 1:,} to {before + len(articles):,} shown" if articles and len(articles) < total else ""
    out.print(f"[bold]{total:,}[/bold] article{'' if total == 1 else 's'} found{shown}")
    if before + len(articles) < total:
        out.print(f"--page {wanted.page + 1} shows the next")
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


def search_for(wanted: SearchOptions) -> Search:
    """Return the search that the options ask for.

    Raises:
        BroadsheetError: the query cannot be understood, or a day is not one.
    """
    understanding = _understood(wanted)
    return Search(
        understanding.meant,
        wanted.chosen,
        first_day("--since", wanted.since),
        last_day("--until", wanted.until),
        size=min(wanted.size, LARGEST_PAGE_SIZE),
        understanding=None if wanted.literal else understanding,
    )


async def _ask(settings: Settings, wanted: SearchOptions) -> Answer:
    search = search_for(wanted)
    client = connect(settings)
    try:
        return await _gathered(client, settings, search, wanted)
    finally:
        await client.close()


async def _gathered(client: AsyncElasticsearch, settings: Settings, search: Search, wanted: SearchOptions) -> Answer:
    """Return the answer with the hits of the wanted page, read in as many steps as Elasticsearch needs."""
    first, last = (wanted.page - 1) * wanted.size, wanted.page * wanted.size
    if last > DEEPEST:
        raise BroadsheetError(
            f"--page {wanted.page} of {wanted.size} reaches beyond the first {DEEPEST:,} articles; "
            "narrow the search by --since and --until."
        )
    search = replace(search, size=min(last, LARGEST_PAGE_SIZE))
    answer = await ask_index(client, settings, search, facets=wanted.facets)
    hits = list(answer.hits)
    while len(hits) < min(last, answer.total):
        step = replace(search, size=min(last - len(hits), LARGEST_PAGE_SIZE), after=hits[-1].sort)
        more = await ask_index(client, settings, step, facets=False)
        if not more.hits:
            break
        hits += more.hits
    return replace(answer, hits=tuple(hits[first:last]))


def _understood(wanted: SearchOptions) -> Understanding:
    try:
        return (
            to_the_letter(wanted.query)
            if wanted.literal
            else understand(wanted.query, today=dt.datetime.now().astimezone().date())
        )
    except QueryError as error:
        raise BroadsheetError(str(error)) from None


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
