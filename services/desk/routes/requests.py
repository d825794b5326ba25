"""What every route of the desk needs from a request: the archive, the language, the search with its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request

from services.desk.problems import BadRequest, from_cursor, from_query
from services.desk.views.histogram import Histogram, histogram, wants_days
from services.search import fields
from services.search.cursor import CursorError
from services.search.highlight import Highlighter
from services.search.query.errors import QueryError

if TYPE_CHECKING:
    from services.desk.archive.archive import Archive
    from services.desk.views.parameters import Filters
    from services.runtime.kafka.corrections import CorrectionSender
    from services.runtime.settings import Settings
    from services.search.asking import Answer
    from services.search.request.body import Search


def archive_of(request: Request) -> Archive:
    """Return the archive that the app reads."""
    archive: Archive = request.app.state.archive
    return archive


def settings_of(request: Request) -> Settings:
    """Return the settings that the desk runs under."""
    settings: Settings = request.app.state.settings
    return settings


def sender_of(request: Request) -> CorrectionSender:
    """Return what sends corrections."""
    sender: CorrectionSender = request.app.state.sender
    return sender


def search_of(asked: Filters) -> Search:
    """Return the search that was asked for.

    Raises:
        BadRequest: its cursor leads nowhere, or its days are in the wrong order.
    """
    if asked.since and asked.until and asked.since > asked.until:
        raise BadRequest("days-reversed", "since is later than until; exchange them", "起始日期晚于截止日期，请对调")
    try:
        return asked.search()
    except CursorError as error:
        raise from_cursor(error) from None


def highlighter_of(query: str) -> Highlighter:
    """Return the highlighter of a query.

    Raises:
        BadRequest: the query cannot be understood.
    """
    try:
        return Highlighter(query)
    except QueryError as error:
        raise from_query(error) from None


async def chart_of(archive: Archive, asked: Filters, answer: Answer) -> Histogram:
    """Return the chart for an answer with facets, in days where months say too little."""
    buckets = answer.response["aggregations"][fields.DATE]["values"]["buckets"]
    if wants_days(buckets):
        days = await archive.dates(search_of(asked), "day", relaxed=answer.relaxed)
        return histogram(days, "day", asked.since, asked.until)
    return histogram(buckets, "month", asked.since, asked.until)
