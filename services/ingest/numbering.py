"""Revisions that cannot be meant: far in the future, or too small since someone numbered otherwise before.

A publisher's own numbers (1, 2, 3) and times in ms may both be revisions. Once a time has come, every small number is
less than what is known; so it is said wherever one looks for the page, with what to do.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from schemas.issue import IgnoredPage

DAY_MS = 86_400_000
FIRST_MS = 10**12
"""Times in ms are greater since 2001; publishers' own numbers are less, also 202308151200 for a minute."""
SECONDS = range(10**9, 10**10)
"""Times in seconds, since 2001."""


def check_revision(revision: int, published: int) -> None:
    """Make sure that a publisher's revision is no time in the future: nothing by time would count after it.

    Args:
        revision: as given.
        published: the record's timestamp in ms.

    Raises:
        Rejected: it lies more than a day after `published`.
    """
    if published >= FIRST_MS and revision > published + DAY_MS:
        raise Rejected(
            f"revision: {revision} is as a time {moment(revision)}, more than a day after the record's own; no page "
            "published by time would count after it; give a smaller number, or leave it out"
        )


def advice(ignored: IgnoredPage) -> str:
    """Return what became of a page that changed nothing, why, and what to do."""
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
    """Return a time in words, UTC."""
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
