"""Ask the archive what came since a visit, and what of it each watched search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.desk.watching.news import (
    Arrivals,
    News,
    arrivals_request,
    news_request,
    read_arrivals,
    read_news,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.desk.archive.running import Running
    from services.search.request.body import Search


async def arrivals(running: Running, seen: int | None) -> Arrivals:
    """Return the articles that came after a visit; None: only the present, to ask from the next time.

    Raises:
        Away: Elasticsearch does not answer.
    """
    index = running.archive.settings.names.aliases("history").read
    (answer,) = await running.answers(index, [arrivals_request(seen)])
    return read_arrivals(answer)


async def news(running: Running, asked: Sequence[tuple[Search, Sequence[str]]], *, more: bool) -> list[News | None]:
    """Return what is new in each search; None where it could not be looked up.

    Args:
        running: the archive.
        asked: each search with the ids of the articles that came since its last visit.
        more: whether more articles came than were read.

    Raises:
        Away: Elasticsearch does not answer.
    """
    bodies = [news_request(search, ids) for search, ids in asked if ids]
    answers = iter(await running.answers(running.archive.articles, bodies))
    return [read_news(next(answers), more=more) if ids else News(more=more) for _, ids in asked]
