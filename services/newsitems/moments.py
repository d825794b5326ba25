"""When an article was published, changed or withdrawn, from its messages alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from schemas.issue import STEPS_PER_REVISION

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle

EARLIEST_MS: Final = 946_684_800_000
"""The year 2000; a smaller revision is not a time in milliseconds."""
CHINA: Final = dt.timezone(dt.timedelta(hours=8))
"""The papers' local time, the only one in China since 1991."""
DAY_SECONDS: Final = 86_400
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def issued(date: dt.date) -> dt.datetime:
    """Return the beginning of an issue's day in China."""
    return dt.datetime.combine(date, dt.time(), CHINA)


def changed(article: TaggedArticle) -> dt.datetime:
    """Return when an article was last changed: by its pages, or by an editor."""
    corrected = [one.at for one in article.corrections]
    return max([moment(article.date, article.revision, article.version), *corrected])


def moment(date: dt.date, revision: int, version: int) -> dt.datetime:
    """Return the time of a revision.

    A newsroom's own number is no time. Such a revision counts in seconds from the beginning of the issue's day, so that
    a later version is always later; so does each arrival under one revision, in milliseconds.
    """
    step = dt.timedelta(milliseconds=version % STEPS_PER_REVISION)
    if revision >= EARLIEST_MS:
        return EPOCH + dt.timedelta(milliseconds=revision) + step
    return issued(date) + dt.timedelta(seconds=min(revision, DAY_SECONDS)) + step


def written(when: dt.datetime) -> str:
    """Return a time as RFC 3339 in UTC, as Atom wants it."""
    return when.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
