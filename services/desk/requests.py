"""What every route of the desk needs from a request: the archive, the language, the search with its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import Request

from services.desk.cursor import CursorError
from services.desk.highlight import Highlighter
from services.desk.histogram import Histogram, histogram, wants_days
from services.desk.interface import LANGUAGES, interface, preferred
from services.desk.problems import BadRequest, from_cursor, from_query
from services.desk.query_errors import QueryError
from services.text import fields

if TYPE_CHECKING:
    from services.desk.archive import Archive
    from services.desk.asking import Answer
    from services.desk.interface import Interface
    from services.desk.parameters import Filters
    from services.desk.problems import Language
    from services.desk.search import Search
    from services.runtime.corrections import CorrectionSender
    from services.runtime.settings import Settings

LANGUAGE_COOKIE: Final = "broadsheet-lang"


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


def is_api(request: Request) -> bool:
    """Tell whether a program is asking."""
    path: str = request.url.path
    return path.startswith("/api/")


def language_of(request: Request) -> Language:
    """Return the language to answer in: the parameter `lang`, else the cookie, else what Accept-Language prefers.

    Where nothing says, pages are in Chinese, for those who read the papers; the API is in English.
    """
    accepted = request.headers.get("accept-language", "")
    if is_api(request):
        return preferred(accepted, "en")
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in LANGUAGES:
            return next(language for language in LANGUAGES if language == asked)
    return preferred(accepted, "zh")


def words_of(request: Request) -> Interface:
    """Return the interface in the request's language."""
    return interface(language_of(request))


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
