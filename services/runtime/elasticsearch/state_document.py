"""The document that holds a state: how it is written, and how it is read, also as earlier releases wrote it.

A document has the state after the last batch, and the state before it. A stage may name a list that both have mostly in
common, such as ingest's pages. Then the state before the batch does not repeat the entries that the state after it has,
too; it names their places there.

An earlier release knows only the fields `first` and `before`. In a shortened document it finds an empty `first` and no
`before`, so it takes the last batch for committed, and builds on the state after it. So a stage may only name a list if
records that come again on top of their own state lose nothing. Ingest may: a page that is known changes nothing, and
the issue is sent again. Segment may not: it would not send again what versions between the two had changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from services.runtime.elasticsearch.state_batch import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, BEFORE = "first", "before"
BEGAN, SHORTENED = "began", "shortened"
"""The fields of a shortened document that an earlier release does not know."""


def source_of(stage: str, key: str, slot: Slot, shared: str | None) -> bytes:
    """Return the JSON of the document of a stage's state of `key`.

    Args:
        stage: the stage that owns the state.
        key: the state's key.
        slot: the state.
        shared: the name of the list whose entries are not repeated; None: everything is written twice. Its entries are
            objects.
    """
    found: dict[str, Any] = {"stage": stage, "key": key}
    if shared is None:
        found |= {FIRST: slot.first, BEFORE: slot.before}
    else:
        found |= {FIRST: "", BEGAN: slot.first, SHORTENED: shortened(slot.before, slot.after, shared)}
    source = to_json(found | {"after": slot.after})
    return b'{"bytes":%d,%b' % (len(source), source.removeprefix(b"{"))


def slot_of(source: Mapping[str, Any], place: tuple[int, int], shared: str | None) -> Slot:
    """Return the state in a document, which may have been written by an earlier release.

    Args:
        source: the document.
        place: its sequence number and primary term.
        shared: as in `source_of`.
    """
    after = source.get("after")
    if shared is None or BEGAN not in source:
        return Slot(source.get(BEFORE), after, source[FIRST], place)
    return Slot(completed(source.get(SHORTENED), after, shared), after, source[BEGAN], place)


def shortened(before: dict[str, Any] | None, after: dict[str, Any] | None, shared: str) -> dict[str, Any] | None:
    """Return `before` with a place in `after` instead of each entry of the list `shared` that `after` has, too."""
    if before is None or after is None:
        return before
    entries = after[shared]
    return before | {shared: [entries.index(one) if one in entries else one for one in before[shared]]}


def completed(before: dict[str, Any] | None, after: dict[str, Any] | None, shared: str) -> dict[str, Any] | None:
    """Return the state whose `shortened` form with `after` is `before`."""
    if before is None or after is None:
        return before
    return before | {shared: [after[shared][one] if isinstance(one, int) else one for one in before[shared]]}
