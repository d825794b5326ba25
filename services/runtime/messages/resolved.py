"""The messages that are still in quarantine: neither replayed nor dropped.

The topic only grows. A second record says that a message was replayed or dropped. That record has only headers, which
name the message by partition and offset. It is written in the same transaction as the replayed message.
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
"""The `quarantine-*` headers that say what failed and where; the record that resolves the message repeats them."""

RESOLVED = PREFIX + "resolved"
REFERENCE = PREFIX + "reference"


@dataclass(frozen=True, slots=True)
class QuarantinedMessage:
    """A message in quarantine: its record on the quarantine's topic, and what is known about it."""

    record: Record
    facts: Quarantined

    @property
    def reference(self) -> str:
        """The message's name for people: partition-offset on the quarantine's topic."""
        return f"{self.record.partition}-{self.record.offset}"

    @property
    def origin(self) -> tuple[str, str, int, int, int]:
        """What failed and where; it stays the same if a group is rewound and the message fails again."""
        facts = self.facts
        return facts.stage, facts.topic, facts.partition, facts.offset, facts.timestamp


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection of messages; None means any."""

    stage: str | None = None
    error: str | None = None
    since: int | None = None
    until: int | None = None
    references: frozenset[str] = frozenset()

    def fits(self, held: QuarantinedMessage) -> bool:
        """Return whether the selection fits `held`, by stage, words in its error, time of failure in ms, reference."""
        return (
            (self.stage is None or held.facts.stage == self.stage)
            and (self.error is None or self.error.lower() in held.facts.error.lower())
            and (self.since is None or held.record.timestamp >= self.since)
            and (self.until is None or held.record.timestamp < self.until)
            and (not self.references or held.reference in self.references)
        )


def held(records: Iterable[Record]) -> list[QuarantinedMessage]:
    """Return the messages in quarantine, in the order of their first offsets on their topics.

    A message that failed again because its group was rewound appears once, or not at all if it was resolved before.
    """
    found: dict[str, QuarantinedMessage] = {}
    resolved: set[str] = set()
    for record in records:
        reference = record.header(REFERENCE)
        if reference is not None:
            resolved.add(reference)
            continue
        try:
            one = QuarantinedMessage(record, read_quarantined(record))
        except (Rejected, ValueError):
            # Another program wrote this record to our topic. We do not replay it, and it stays on the topic.
            continue
        found[one.reference] = one
    settled = {one.origin for reference, one in found.items() if reference in resolved}
    kept = {one.origin: one for one in found.values() if one.origin not in settled}
    return sorted(kept.values(), key=lambda one: (one.facts.topic, one.facts.partition, one.facts.first, one.reference))


def again(one: QuarantinedMessage) -> Emission:
    """Return the message to replay: the original bytes, with a header that says how often the message has failed."""
    told = ((ATTEMPT, str(one.facts.attempt).encode()), (FIRST, str(one.facts.first).encode()))
    headers = (*original_headers(one.record.headers), *told)
    return Emission(one.facts.topic, one.record.key, one.record.value, headers, one.facts.timestamp)


def resolution(one: QuarantinedMessage, how: Resolution, topic: str) -> Emission:
    """Return the record that marks a message as no longer in the quarantine `topic`."""
    origin = tuple((name, value) for name, value in one.record.headers if name.removeprefix(PREFIX) in ORIGIN)
    headers = ((RESOLVED, how.encode()), (REFERENCE, one.reference.encode()), *origin)
    return Emission(topic, one.record.key, b"", headers, one.record.timestamp)
