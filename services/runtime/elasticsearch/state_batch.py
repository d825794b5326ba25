"""The states that the records of one batch read and change, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from services.runtime.messages.records import Batch, Record


@dataclass(slots=True)
class Slot:
    """One document: `before` the batch that began with record `first`, and `after` it."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    first: str
    place: tuple[int, int] | None
    dirty: bool = False
    seen: bool = False


@dataclass(slots=True)
class StateBatch:
    """The states of one batch's keys: `load` gives the one a record builds on, `save` puts what it led to."""

    slots: dict[str, Slot] = field(default_factory=dict)

    def holds(self, key: str) -> bool:
        """Tell whether the state of `key` was read; else there was no room for it beside those asked for before it."""
        return key in self.slots

    def begin(self, key: str, state: dict[str, Any]) -> None:
        """Put the state that the first record of `key` is to build on, where there is none yet."""
        self.slots[key] = Slot(None, state, "", None, dirty=True)

    def load(self, key: str, record: Record) -> dict[str, Any] | None:
        """Return the state of `key` that `record` builds on; None where there is none yet."""
        slot = self.slots[key]
        if not slot.seen:
            slot.seen = True
            if slot.first != record.place:
                slot.before = slot.after
                slot.first = record.place
            else:
                # The batch was never committed: take it back, in the index too.
                slot.after = slot.before
                slot.dirty = True
        return slot.after

    def amend(self, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any]]) -> dict[str, Any]:
        """Put what `change` makes of the state of `key`, and return it.

        The state before the batch is changed alike, so that nothing is taken back when the batch comes again. For
        records of a second topic, between which and those that `load` is called for there is no order: what they add
        must come out the same however often they are handled.
        """
        slot = self.slots[key]
        amended = change(slot.after)
        if amended != slot.after:
            slot.before = change(slot.before)
            slot.after = amended
            slot.dirty = True
        return amended

    def save(self, key: str, state: dict[str, Any]) -> None:
        """Put the state that the record handled last led to."""
        slot = self.slots[key]
        slot.after = state
        slot.dirty = True


def reject_refused(batch: Batch, handled: Iterable[tuple[Record, str]], refused: Mapping[str, str]) -> None:
    """Send to quarantine what led to states that were not written, and take back what it emitted.

    Args:
        batch: the batch in hand.
        handled: its records, each with the key of the state that it led to.
        refused: what `StateStore.write` returned.
    """
    if not refused:
        return
    for record, key in handled:
        if key in refused and record not in batch.left:
            batch.reject(
                record, Rejected(f"Elasticsearch refused what would be known of {key} after it: {refused[key]}")
            )
    of_refused = tuple(f"{key}/" for key in refused)
    batch.emissions = [one for one in batch.emissions if not f"{(one.key or b'').decode()}/".startswith(of_refused)]
