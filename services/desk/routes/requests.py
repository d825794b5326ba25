"""What the desk's routes need from a request: the archive, the language, the search with its chart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import Request
from pydantic import ValidationError

from services.desk.addresses.parameters import SearchParameters
from services.desk.problems import BadRequest, from_cursor, from_query, from_validation
from services.desk.views.histogram import Histogram, histogram, wants_days
from services.search.cursor import CursorError
from services.search.query.errors import QueryError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from services.desk.addresses.parameters import Filters
    from services.desk.archive.archive import Archive
    from services.runtime.kafka.corrections import CorrectionSender
    from services.runtime.settings import Settings
    from services.search.answer import Answer
    from services.search.request.body import Search


def archive_of(request: Request) -> Archive:
    """Return the archive that the app reads."""
    archive: Archive = request.app.state.archive
    return archive


def settings_of(request: Request) -> Settings:
    """Return the desk's settings."""
    settings: Settings = request.app.state.settings
    return settings


def sender_of(request: Request) -> CorrectionSender:
    """Return the sender of corrections."""
    sender: CorrectionSender = request.app.state.sender
    return sender


def search_of(parameters: Filters) -> Search:
    """Return the search in an address.

    Raises:
        BadRequest: its query cannot be understood, its cursor is invalid, or its days are in the wrong order.
    """
    try:
        search = parameters.search()
    except QueryError as error:
        raise from_query(error) from None
    except CursorError as error:
        raise from_cursor(error) from None
    if parameters.since and parameters.until and parameters.since > parameters.until:
        raise BadRequest("days-reversed", "since is later than until; exchange them", "起始日期晚于截止日期，请对调")
    return search


async def chart_of(archive: Archive, parameters: Filters, search: Search, answer: Answer) -> Histogram:
    """Return the chart for the answer to a search with facets, by days if months are too coarse."""
    if wants_days(answer.dates):
        looked_for = replace(search, query=answer.query or search.query)
        days = await archive.dates(looked_for, "day")
        return histogram(days, "day", parameters.since, parameters.until)
    return histogram(answer.dates, "month", parameters.since, parameters.until)


def parameters_in(parameters: QueryParams) -> SearchParameters:
    """Return the search in an address; unknown names and empty values are ignored.

    Raises:
        Invalid: a value is invalid.
    """
    values: dict[str, Any] = {}
    for name, info in SearchParameters.model_fields.items():
        given = [value for value in parameters.getlist(name) if value.strip()]
        if given:
            values[name] = given if isinstance(info.default, list) else given[-1]
    try:
        return SearchParameters.model_validate(values)
    except ValidationError as error:
        raise from_validation(error.errors()) from None
