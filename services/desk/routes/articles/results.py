"""Where an article is among the results that led to it: one or two small searches beside the article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from services.desk.addresses.parameters import SearchParameters
from services.desk.problems import DeskError
from services.desk.reading.neighbours import FROM_LIST, hits_before, neighbours, place_in
from services.desk.routes.requests import parameters_in, search_of

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.datastructures import QueryParams

    from services.desk.archive.archive import Archive
    from services.desk.reading.neighbours import Neighbours
    from services.search.answer import Hit


def list_pairs(parameters: QueryParams) -> list[tuple[str, str]]:
    """Return the part of an article's address that names the search that led to it; nothing if none did."""
    if FROM_LIST not in parameters:
        return []
    names = {*SearchParameters.model_fields, FROM_LIST}
    return [(name, value) for name, value in parameters.multi_items() if name in names]


def list_query(parameters: QueryParams) -> str:
    """Return that part as a query with its question mark; empty if no search led to the article."""
    pairs = list_pairs(parameters)
    return f"?{urlencode(pairs)}" if pairs else ""


async def place_of(request: Request, article_id: str, archive: Archive) -> Neighbours | None:
    """Return the article's place in the search in its address; None if no search led to it, or it cannot be read."""
    if FROM_LIST not in request.query_params:
        return None
    try:
        asked = parameters_in(request.query_params)
        search = search_of(asked)
        answer = await archive.search(search, facets=False)
        place = place_in(answer, article_id)
        earlier: tuple[Hit, ...] = ()
        later: tuple[Hit, ...] = ()
        before = hits_before(search)
        if place == 0 and before:
            earlier = (await archive.search(replace(search, size=before, after=None, page=1), facets=False)).hits
        if place == len(answer.hits) - 1:
            beyond = replace(search, size=1, after=answer.hits[-1].sort, page=search.page + 1)
            later = (await archive.search(beyond, facets=False)).hits
    except DeskError:
        return None
    return neighbours(asked, search, answer, article_id, earlier=earlier, later=later)
