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
    """A document with two states: `before` the batch that began with record `first`, and `after` that batch."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    first: str
    place: tuple[int, int] | None
    dirty: bool = False
    seen: bool = False


@dataclass(slots=True)
class StateBatch:
    """The states of one batch's keys: `load` returns the state a record builds on, `save` stores the result."""

    slots: dict[str, Slot] = field(default_factory=dict)

    def holds(self, key: str) -> bool:
        """Return whether the state of `key` was read; if not, earlier keys left no room for it."""
        return key in self.slots

    def begin(self, key: str, state: dict[str, Any]) -> None:
        """Store the state that the first record of `key` builds on, if there is no state yet."""
        self.slots[key] = Slot(None, state, "", None, dirty=True)

    def load(self, key: str, record: Record) -> dict[str, Any] | None:
        """Return the state of `key` that `record` builds on; None if there is none yet."""
        slot = self.slots[key]
        if not slot.seen:
            slot.seen = True
            if slot.first != record.place:
                slot.before = slot.after
                slot.first = record.place
            else:
                # The batch was never committed: go back to the state before it, in the index too.
                slot.after = slot.before
                slot.dirty = True
        return slot.after

    def amend(self, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any]]) -> dict[str, Any]:
        """Change the state of `key` with `change`, store the result and return it.

        The state before the batch gets the same change. So the change is not lost when the batch comes again. This is
        for records from a second topic, which have no order relative to the records that use `load`. Handling such a
        record several times must give the same result as handling it once.
        """
        slot = self.slots[key]
        amended = change(slot.after)
        if amended != slot.after:
            slot.before = change(slot.before)
            slot.after = amended
            slot.dirty = True
        return amended

    def save(self, key: str, state: dict[str, Any]) -> None:
        """Store the state after the last handled record."""
        slot = self.slots[key]
        slot.after = state
        slot.dirty = True


def reject_refused(batch: Batch, handled: Iterable[tuple[Record, str]], refused: Mapping[str, str]) -> None:
    """Send the records of refused states to quarantine, and remove what they emitted.

    Args:
        batch: the batch in hand.
        handled: the records of the batch, each with the key of the state that it changed.
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
