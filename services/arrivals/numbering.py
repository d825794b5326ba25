"""Find revisions that are probably mistakes: far in the future, or too small because the numbering changed.

A revision can be a publisher's own number (1, 2, 3) or a time in ms. Once a revision that is a time has
arrived, every small number is less than the known revision. Every place that shows the page then says so, and says what
to do.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from schemas.issue import IgnoredPage

DAY_MS = 86_400_000
FIRST_MS = 10**12
"""Times in ms since 2001 are greater than this.

Publishers' own numbers are less. This includes numbers for a minute, such as 202308151200.
"""
SECONDS = range(10**9, 10**10)
"""Times in seconds since 2001."""


def check_revision(revision: int, published: int) -> None:
    """Check that a publisher's revision is not a time in the future: no page published by time would count after it.

    Args:
        revision: the revision as given.
        published: the record's timestamp in ms.

    Raises:
        Rejected: as a time, the revision is more than a day after `published`.
    """
    if published >= FIRST_MS and revision > published + DAY_MS:
        raise Rejected(
            f"revision: {revision} is as a time {moment(revision)}, more than a day after the record's own; no page "
            "published by time would count after it; give a smaller number, or leave it out"
        )


def advice(ignored: IgnoredPage) -> str:
    """Return what happened to a page that changed nothing, why, and what to do."""
    if ignored.page is None:
        told = f"the withdrawal of revision {ignored.revision} left pages: one has revision {ignored.least}"
    else:
        told = f"page {ignored.page} of revision {ignored.revision} changed nothing: {ignored.least - 1} is known"
    if ignored.least < FIRST_MS:
        return f"{told}; publish it with revision {ignored.least} or a greater one"
    mixed = f"{told}, which is the time {moment(ignored.least)}"
    if ignored.revision in SECONDS:
        mixed += ", while this one looks like a time in seconds"
    return f"{mixed}; publish it without a revision, or with one of at least {ignored.least}"


def moment(milliseconds: int) -> str:
    """Return a time as text for people, in UTC."""
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
