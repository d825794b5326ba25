"""The page that says how far the pipeline is, and its data for programs."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.desk.addresses.parameters import Day
from services.desk.archive.archive import Archive
from services.desk.archive.operations import progress_of, searchable_request, stages_of, states_request
from services.desk.archive.running import Running
from services.desk.routes.api import BAD
from services.desk.routes.made import day_in
from services.desk.routes.requests import archive_of
from services.desk.views.language import words_of
from services.desk.views.rendering import page

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Reading = Annotated[Archive, Depends(archive_of)]


async def standing(archive: Archive, day: dt.date | None) -> dict[str, Any]:
    """Return the stages, the issues of a day page by page, the quarantine and the disks.

    Without `day`, it is the day of the newest issue.
    """
    newest = await archive.recent_issues(1, None) if day is None else []
    day = day or (newest[0].date if newest else dt.datetime.now(dt.UTC).date())
    running = Running(archive)
    reports, states, records, counted, held, disks = await asyncio.gather(
        running.reports(),
        running.found(archive.settings.names.state_index, states_request(day)),
        running.found(archive.issues, {"query": {"term": {"date": day.isoformat()}}, "size": 200}),
        running.counted(searchable_request(day)),
        running.held(),
        running.disks(),
    )
    return {
        "day": day,
        "stages": stages_of(reports, int(time.time() * 1000)),
        "issues": progress_of(states, records, counted),
        "held": held,
        "disks": disks,
    }


@pages.get("/operations")
async def operations_page(request: Request, archive: Reading) -> HTMLResponse:
    """Show how far the pipeline is."""
    found = await standing(archive, day_in(request, "day"))
    words = words_of(request)
    silent = [words.or_value(f"stage.{one.name}", one.name) for one in found["stages"] if one.lag is None]
    times = [one.seconds_left for one in found["stages"] if one.lag is not None]
    left = None if None in times else max((one for one in times if one is not None), default=0.0)
    return page(request, "operations.html", query="", silent=silent, left=left, **found)


api = APIRouter(prefix="/api", tags=["operations"])


@api.get("/operations", responses={422: BAD[422], 503: BAD[503]})
async def operations(archive: Reading, day: Day | None = None) -> dict[str, Any]:
    """Return the stages with lag, rate and time left, the issues of a day page by page, the quarantine and disks."""
    found = await standing(archive, day)
    return {
        **found,
        "stages": [asdict(one) for one in found["stages"]],
        "issues": [asdict(one) for one in found["issues"]],
    }
