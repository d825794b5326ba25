"""The document of a version of an article: written once, never replaced, so that older versions can be compared.

Compacted topics forget older versions, and the raw topic holds pages, not articles. So this index is what remembers. A
rebuild leaves it as it is and adds what the topic still has.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from schemas.article import IssueRecord, Withdrawal
from schemas.kept_version import KeptVersion
from services.runtime.messages.headers import EPOCH, time_of

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.runtime.messages.records import Record

UNCHANGED: Final = "unchanged"


def version_of(
    message: TaggedArticle | Withdrawal | IssueRecord, record: Record, *, every: bool
) -> tuple[str, dict[str, Any]] | None:
    """Return the id and the document of the version that a message is; None if it is none worth keeping.

    Args:
        message: the message.
        record: the record that holds it.
        every: whether to keep it also if it repeats the message before, as after a rewind.
    """
    if isinstance(message, IssueRecord):
        return None
    if not every and message.difference is not None and message.difference.kind == UNCHANGED:
        return None
    one = KeptVersion.of(message, time=max(0, record.timestamp), caused=caused(record))
    return f"{one.article_id}@{one.name}", one.model_dump(mode="json", exclude_defaults=True)


def caused(record: Record) -> dt.datetime:
    """Return when the page or the correction that led to a record was published; else when the record came."""
    try:
        told = dt.datetime.fromisoformat(time_of(record))
    except ValueError:
        told = None
    return told if told is not None and told.tzinfo else EPOCH + dt.timedelta(milliseconds=record.timestamp)
