"""The messages that are still in quarantine: neither replayed nor dropped.

The topic only grows. A record of its own says that a message was replayed or dropped. It has only headers, which name
the message by partition and offset, and is written in the same transaction as the replayed message.
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
"""The `quarantine-*` headers that say what failed where; the message's resolution repeats them."""

RESOLVED = PREFIX + "resolved"
REFERENCE = PREFIX + "reference"


@dataclass(frozen=True, slots=True)
class Held:
    """A message in quarantine: its record there, and what is known about it."""

    record: Record
    facts: Quarantined

    @property
    def reference(self) -> str:
        """Its name for people: partition-offset on the quarantine."""
        return f"{self.record.partition}-{self.record.offset}"

    @property
    def origin(self) -> tuple[str, str, int, int, int]:
        """What failed where: the same if a group was rewound and the message failed again."""
        facts = self.facts
        return facts.stage, facts.topic, facts.partition, facts.offset, facts.timestamp


@dataclass(frozen=True, slots=True)
class Wanted:
    """A choice of messages; None means any."""

    stage: str | None = None
    error: str | None = None
    since: int | None = None
    until: int | None = None
    references: frozenset[str] = frozenset()

    def fits(self, held: Held) -> bool:
        """Return whether `held` is chosen, by stage, words in its error, time of failure in ms, and reference."""
        return (
            (self.stage is None or held.facts.stage == self.stage)
            and (self.error is None or self.error.lower() in held.facts.error.lower())
            and (self.since is None or held.record.timestamp >= self.since)
            and (self.until is None or held.record.timestamp < self.until)
            and (not self.references or held.reference in self.references)
        )


def held(records: Iterable[Record]) -> list[Held]:
    """Return what is in quarantine, in the order in which the messages were first on their topics.

    A message that failed again because its group was rewound is there once, or not at all if it was resolved before.
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
            # Another program's record on our topic: we do not replay it, and it stays on the topic.
            continue
        found[one.reference] = one
    settled = {one.origin for reference, one in found.items() if reference in resolved}
    kept = {one.origin: one for one in found.values() if one.origin not in settled}
    return sorted(kept.values(), key=lambda one: (one.facts.topic, one.facts.partition, one.facts.first, one.reference))


def again(one: Held) -> Emission:
    """Return the message to replay: its own bytes, with a header that says how often it has failed."""
    told = ((ATTEMPT, str(one.facts.attempt).encode()), (FIRST, str(one.facts.first).encode()))
    headers = (*original_headers(one.record.headers), *told)
    return Emission(one.facts.topic, one.record.key, one.record.value, headers, one.facts.timestamp)


def resolution(one: Held, how: Resolution, topic: str) -> Emission:
    """Return the record that takes a message out of the quarantine `topic`."""
    origin = tuple((name, value) for name, value in one.record.headers if name.removeprefix(PREFIX) in ORIGIN)
    headers = ((RESOLVED, how.encode()), (REFERENCE, one.reference.encode()), *origin)
    return Emission(topic, one.record.key, b"", headers, one.record.timestamp)
