"""Messages that ingest emits to `issues`: a validated revision of an issue with all pages known so far."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from schemas.contract import Contract, Revision, is_absent
from schemas.correction import Correction
from schemas.geometry import Geometry
from schemas.page import PageNumber

STEPS_PER_REVISION = 2**11
"""How many arrivals and corrections fit under a revision.

With revisions in ms, a version fits in 53 bits until 2109.
"""

MOST_CORRECTIONS = 2**9
"""How many corrections an issue can have. The other steps are for arrivals."""


class Page(Contract):
    """One page: its text decoded, line by line as the extractor left it."""

    page: PageNumber
    revision: Revision
    text: str
    encoding: Literal["utf-8", "gb18030", "big5"] = "utf-8"
    geometry: Geometry | None = Field(
        None, exclude_if=is_absent, description="Where its lines are printed; left out where nobody said."
    )


class IgnoredPage(Contract):
    """A page that was published last, and changed nothing: its revision is less than what was known."""

    page: PageNumber | None = Field(description="None: the whole issue, by a withdrawal.")
    revision: Revision
    least: Revision = Field(description="The least revision that would have counted.")
    published: int = Field(ge=0, description="The record's timestamp in ms.")


class Issue(Contract):
    """All pages of an issue that are known at this version; without pages, the issue is withdrawn."""

    type: Literal["issue"] = "issue"
    issue_id: str = Field(description="The issue: paper/date.")
    paper: str
    date: dt.date
    date_assumed: bool = False
    revision: Revision = Field(description="The newest revision known, in the publisher's own numbers or ms.")
    version: int = Field(
        ge=0, lt=2**53, description="Orders the states of one issue: revision * 2048 + arrivals under it + corrections."
    )
    pages: tuple[Page, ...]
    corrections: tuple[Correction, ...] = Field(
        (), description="All that editors sent for it, also what was taken back since, in the order of their times."
    )
    ignored: tuple[IgnoredPage, ...] = Field(
        (),
        description="What was published last with too small a revision, and not since with a greater; the newest 20.",
    )


def issue_id(paper: str, date: dt.date) -> str:
    """Return the id of an issue, `paper/date`, which is also its record key on the topics."""
    return f"{paper}/{date.isoformat()}"


def version_of(revision: int, step: int) -> int:
    """Return the version of an issue's state: ordered by revision, then by the number of arrivals and corrections."""
    return revision * STEPS_PER_REVISION + step
