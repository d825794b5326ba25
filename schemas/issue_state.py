"""The state that ingest keeps of an issue: all known pages and corrections. Ingest and other programs read it."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from schemas.contract import Contract
from schemas.correction import Correction
from schemas.issue import IgnoredPage, Page, version_of


class IssueState(Contract):
    """An issue as known so far; the document's key is the issue's id."""

    paper: str
    date: dt.date
    date_assumed: bool
    floor: int = Field(ge=0, description="Pages of a lesser revision than this are gone.")
    revision: int = Field(ge=-1, description="The greatest that changed anything; -1 while only corrections have come.")
    step: int = Field(ge=0, description="How many arrivals changed something since the revision last rose.")
    pages: tuple[Page, ...]
    corrections: tuple[Correction, ...] = ()
    version: int | None = Field(
        None, description="The version of the issue as last sent on; releases before 0.2 did not write it."
    )

    latest: int | None = Field(
        None, description="The greatest timestamp in ms of an arrival that changed something; None: not known."
    )
    ignored: tuple[IgnoredPage, ...] = Field((), description="As in the issue's messages.")

    @property
    def issue_version(self) -> int:
        """The version of the issue with these pages and corrections; computed if the document does not hold it."""
        if self.version is not None:
            return self.version
        return version_of(self.revision, self.step + len(self.corrections))
