"""Check that Kafka still has what a group must read: compare committed offsets with the partitions' bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.runtime.errors import NeedsOperator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiokafka import TopicPartition

AGAIN: Final = (
    "Stop ingest, segment and {stage}, run `broadsheet resume {stage}` and then `broadsheet rewind`, start them."
)
WAYS_BACK: Final = {
    "ingest": (
        "Publish them again, or bring the topic back from a copy. "
        "Then stop ingest, run `broadsheet resume ingest`, start it."
    ),
    "segment": "Stop ingest and segment, run `broadsheet rewind`, start them: issues are worked out again.",
    "tag": AGAIN.format(stage="tag"),
    "index": AGAIN.format(stage="index"),
}
ANY_WAY_BACK: Final = "Stop the stage, run `broadsheet resume` for it, start it."
MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Offsets of one partition, from `first` up to, but not including, `end`, which a group expects and Kafka lacks.

    Attributes:
        cut: True: the offsets are after the partition's end. Kafka lost them after the group had read them, or another
            topic now has the same name. False: they are before its beginning, and the group has not read them.
    """

    topic: str
    partition: int
    first: int
    end: int
    cut: bool = False

    @property
    def offsets(self) -> int:
        """How many offsets are missing; transaction markers count too, so there may be fewer records."""
        return self.end - self.first

    def __str__(self) -> str:
        where = f"{self.topic}-{self.partition} offsets {self.first} to {self.end - 1}"
        return f"{where} (behind the end of the partition)" if self.cut else where


class InputLost(NeedsOperator):
    """Kafka no longer has records that a stage must still read.

    Attributes:
        gaps: the missing offsets.
    """

    def __init__(self, stage: str, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        named = ", ".join(str(gap) for gap in self.gaps[:MOST_NAMED])
        more = f" and {len(self.gaps) - MOST_NAMED} partitions more" if len(self.gaps) > MOST_NAMED else ""
        super().__init__(
            f"Kafka no longer has what {stage} was to read: {named}{more}.\n{WAYS_BACK.get(stage, ANY_WAY_BACK)}"
        )


def gaps(
    committed: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> list[Gap]:
    """Return the offsets that a group expects and Kafka does not have.

    Args:
        committed: the next offset to read, for each partition that the group has read from.
        begins: the first offset of each partition.
        ends: the offset after the last of each partition; ask Kafka for it after `committed`.
    """
    found = []
    for part, offset in committed.items():
        if part in begins and offset < begins[part]:
            found.append(Gap(part.topic, part.partition, offset, begins[part]))
        elif part in ends and offset > ends[part]:
            found.append(Gap(part.topic, part.partition, ends[part], offset, cut=True))
    return sorted(found)


def starts(
    parts: Sequence[TopicPartition], committed: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """Return where a worker begins each partition: at the group's offset, or at the first record if it has none."""
    return {part: committed.get(part, begins[part]) for part in parts}
