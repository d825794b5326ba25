"""The next revision of an issue that a newsroom numbers itself, for pages that are published without one.

Ingest takes the time of publishing if a page has no revision. A time is greater than any number of one's own, so the
next page that has a number again would change nothing. A page without a revision therefore gets the known number plus
one, if the issue is known under a newsroom's own numbers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from services.arrivals.numbering import FIRST_MS

if TYPE_CHECKING:
    from services.arrivals.reading import Arrival
    from services.runtime.messages.records import Record


def is_own_number(revision: int) -> bool:
    """Whether a known revision is a newsroom's own number, not a time in ms."""
    return 0 <= revision < FIRST_MS


def is_unnumbered(record: Record) -> bool:
    """Whether neither the headers nor the JSON of a record give a revision."""
    if record.header("revision") is not None:
        return False
    content = _json(record)
    return content is None or content.get("revision") is None


def with_revision(record: Record, arrival: Arrival, revision: int) -> tuple[Record, Arrival]:
    """Return a record and its arrival under a revision."""
    content = _json(record)
    if content is None:
        record = replace(record, headers=(*record.headers, ("revision", str(revision).encode())))
    else:
        record = replace(record, value=json.dumps({**content, "revision": revision}, ensure_ascii=False).encode())
    pages = tuple(page.model_copy(update={"revision": revision}) for page in arrival.pages)
    return record, replace(arrival, revision=revision, pages=pages)


def _json(record: Record) -> dict[str, object] | None:
    """Return the object that a record holds; None for plain text."""
    if not (record.header("content-type") or "").endswith("json"):
        return None
    content = json.loads(record.value or b"null")
    return content if isinstance(content, dict) else None
