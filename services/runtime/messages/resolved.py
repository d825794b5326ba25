"""Which messages of the quarantine are still there: those neither sent again nor dropped.

The topic only grows. That a message was sent again or dropped is a record of its own, empty but for headers that
name the message by partition and offset; it is written in the same transaction as the message that is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from services.runtime.errors import Rejected
from services.runtime.messages.quarantine import ATTEMPT, FIRST, PREFIX, Quarantined, original_headers, read_quarantined
from services.runtime.messages.records import Emission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.messages.records import Record

Resolution = Literal["replayed", "dropped"]

ORIGIN = ("stage", "topic", "partition", "offset", "timestamp")
"""What of a message's `quarantine-*` headers says what failed where; its resolution repeats it."""

RESOLVED = PREFIX + "resolved"
REFERENCE = PREFIX + "reference"


@dataclass(frozen=True, slots=True)
class Held:
    """A message in quarantine: its own record there, and what is known of it."""

    record: Record
    facts: Quarantined

    @property
    def reference(self) -> str:
        """How a person names it: partition-offset of the quarantine."""
        return f"{self.record.partition}-{self.record.offset}"

    @property
    def origin(self) -> tuple[str, str, int, int, int]:
        """What failed where: the same when a group was rewound and the message failed once more."""
        facts = self.facts
        return facts.stage, facts.topic, facts.partition, facts.offset, facts.timestamp


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are meant; None means any."""

    stage: str | None = None
    error: str | None = None
    since: int | None = None
    until: int | None = None
    references: frozenset[str] = frozenset()

    def fits(self, held: Held) -> bool:
        """Tell whether `held` is meant: its stage, words in its error, its time of failure in ms, its reference."""
        return (
            (self.stage is None or held.facts.stage == self.stage)
            and (self.error is None or self.error.lower() in held.facts.error.lower())
            and (self.since is None or held.record.timestamp >= self.since)
            and (self.until is None or held.record.timestamp < self.until)
            and (not self.references or held.reference in self.references)
        )


def held(records: Iterable[Record]) -> list[Held]:
    """Return what is in quarantine, in the order in which the messages first stood on their topics.

    A message that failed again because its group was rewound is there once, and not at all if it was resolved before.
    """
    found: dict[str, Held] = {}
    resolved: set[str] = set()
    for record in records:
        reference = record.header(REFERENCE)
        if reference is not None:
            resolved.add(reference)
            continue
        try:
            one = Held(record, read_quarantined(record))
        except (Rejected, ValueError):
            # Somebody else's record on our topic: not ours to send again, and nothing of it is lost.
            continue
        found[one.reference] = one
    settled = {one.origin for reference, one in found.items() if reference in resolved}
    kept = {one.origin: one for one in found.values() if one.origin not in settled}
    return sorted(kept.values(), key=lambda one: (one.facts.topic, one.facts.partition, one.facts.first, one.reference))


def again(one: Held) -> Emission:
    """Return the message as it is sent again: its own bytes, and in a header how often it has failed."""
    told = ((ATTEMPT, str(one.facts.attempt).encode()), (FIRST, str(one.facts.first).encode()))
    headers = (*original_headers(one.record.headers), *told)
    return Emission(one.facts.topic, one.record.key, one.record.value, headers, one.facts.timestamp)


def resolution(one: Held, how: Resolution, topic: str) -> Emission:
    """Return the record that takes a message out of the quarantine `topic`."""
    origin = tuple((name, value) for name, value in one.record.headers if name.removeprefix(PREFIX) in ORIGIN)
    headers = ((RESOLVED, how.encode()), (REFERENCE, one.reference.encode()), *origin)
    return Emission(topic, one.record.key, b"", headers, one.record.timestamp)
