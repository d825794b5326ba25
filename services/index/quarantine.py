"""The index's entry for a message in quarantine: which message, where it failed and why, without its bytes.

An entry's id says what failed and where, so a message that fails again after a rewind of its group still has only one
entry. A second record says that a message was replayed or dropped. If the message has no key, the two records can be in
different partitions, and the index may read the second record first. So the second record has the higher version and
replaces the entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from services.index.mapping import LONGEST_KEYWORD, RESOLVED
from services.runtime.errors import Rejected
from services.runtime.messages.quarantine import PREFIX, read_quarantined
from services.runtime.messages.resolved import ORIGIN, REFERENCE
from services.runtime.messages.resolved import RESOLVED as HOW

if TYPE_CHECKING:
    from services.runtime.messages.records import Record

HELD_VERSION: Final = 1
RESOLVED_VERSION: Final = 2
LONGEST_ID: Final = 512
"""In bytes; with a longer id, Elasticsearch would refuse the complete bulk request, not just its document."""

Entry = tuple[str, int, dict[str, Any]]
"""A document's id (stage, topic, partition, offset and timestamp of the message), its version, and the document."""


def entry(record: Record) -> Entry | None:
    """Return the entry for a record on the quarantine's topic; None if the quarantine did not write the record."""
    origin = [record.header(PREFIX + name) for name in ORIGIN]
    if None in origin:
        return None
    name = "/".join(filter(None, origin))
    if not 0 < len(name.encode()) <= LONGEST_ID:
        return None
    reference = record.header(REFERENCE)
    if reference is not None:
        how = record.header(HOW) or ""
        return name, RESOLVED_VERSION, {"reference": reference, "time": record.timestamp, RESOLVED: how}
    try:
        facts = read_quarantined(record)
    except (Rejected, ValueError):
        return None
    document = {
        "reference": f"{record.partition}-{record.offset}",
        "time": record.timestamp,
        "stage": facts.stage,
        "error": _short(facts.error),
        "error_type": facts.error_type,
        "attempt": facts.attempt,
        "topic": facts.topic,
        "partition": facts.partition,
        "offset": facts.offset,
    }
    if record.key is not None:
        document["key"] = _short(record.key.decode("utf-8", "replace"))
    return name, HELD_VERSION, document


def _short(text: str) -> str:
    """Return the beginning of a text, short enough to count and filter by."""
    return text if len(text) <= LONGEST_KEYWORD else f"{text[: LONGEST_KEYWORD - 1]}…"
