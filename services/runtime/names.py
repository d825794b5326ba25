"""Every name on the servers comes from here: topics, consumer groups, indices and aliases, all behind one prefix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["articles", "issues", "quarantine"]
"""The kinds of index that are projected from topics: an article each, an issue each, a message in quarantine each."""

STAGES = ("ingest", "segment", "tag", "index")
MAX_MESSAGE_BYTES = 32 * 1024 * 1024
"""The largest message on any topic; an issue stays well below it (services.ingest.limits)."""

QUARANTINE_BYTES = MAX_MESSAGE_BYTES + 1024 * 1024
"""Of a message in quarantine, which stands there whole with what went wrong beside it."""

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it is created: `config` holds Kafka's own topic settings."""

    name: str
    partitions: int
    config: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Aliases:
    """The names under which the documents of one kind are found, whichever index holds them just now."""

    prefix: str
    kind: Kind

    @property
    def read(self) -> str:
        """The alias to search: articles without the withdrawn, and what is in quarantine still."""
        return f"{self.prefix}{self.kind}"

    @property
    def write(self) -> str:
        """The alias to write to and to get documents by id from: one index, withdrawn articles included."""
        return f"{self.prefix}{self.kind}-write"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one installation; installations with different prefixes share servers without meeting."""

    prefix: str = ""

    @property
    def raw(self) -> str:
        """The topic that newsrooms publish to; the source of truth, kept for ever."""
        return f"{self.prefix}issues.raw"

    @property
    def corrections(self) -> str:
        """The topic of what editors correct; a source of truth too, kept for ever."""
        return f"{self.prefix}corrections"

    @property
    def issues(self) -> str:
        """The compacted topic of validated issues: all that is known of each."""
        return f"{self.prefix}issues"

    @property
    def articles(self) -> str:
        """The compacted topic of articles as segmented."""
        return f"{self.prefix}articles"

    @property
    def tagged(self) -> str:
        """The compacted topic of tagged articles, from which the index can be rebuilt."""
        return f"{self.prefix}articles.tagged"

    @property
    def taxonomy(self) -> str:
        """The compacted topic of taxonomy versions."""
        return f"{self.prefix}taxonomy"

    @property
    def quarantine(self) -> str:
        """The topic of messages that could not be processed, with their original bytes, kept for ever."""
        return f"{self.prefix}quarantine"

    @property
    def state_index(self) -> str:
        """The index of what stages must remember: pages known of an issue, ids given to its articles."""
        return f"{self.prefix}stage-state"

    @property
    def operations(self) -> str:
        """The alias of what each worker says of itself: services.runtime.health.operations."""
        return f"{self.prefix}operations"

    def aliases(self, kind: Kind) -> Aliases:
        """Return the aliases of a kind of index."""
        return Aliases(self.prefix, kind)

    def group(self, stage: str) -> str:
        """Return the consumer group of a stage."""
        return f"{self.prefix}broadsheet-{stage}"

    def read_by(self, stage: str) -> tuple[str, ...]:
        """Return the topics that a stage consumes."""
        return {
            "ingest": (self.raw, self.corrections),
            "segment": (self.issues,),
            "tag": (self.articles,),
            "index": (self.tagged, self.quarantine),
        }[stage]

    def topics(self, partitions: int) -> tuple[TopicSpec, ...]:
        """Return every topic with its settings; `partitions` bounds how far one stage scales."""
        size = {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
        # A broker's defaults may bound or compact what the source of truth is: so each limit is named.
        forever = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1", **size}
        # The time of arrival counts, or a replay of an old issue would be open to compaction at once.
        compacted = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime", **size}
        # A state a key: a stage that was stopped for longer than this misses states that a newer one replaced, and
        # nothing else (docs/delivery.md).
        flow = {**compacted, "min.compaction.lag.ms": str(7 * DAY_MS)}
        return (
            TopicSpec(self.raw, partitions, forever),
            # As many partitions as the pages' topic, so that one worker of ingest has both of an issue.
            TopicSpec(self.corrections, partitions, forever),
            TopicSpec(self.issues, partitions, flow),
            TopicSpec(self.articles, partitions, flow),
            TopicSpec(self.tagged, partitions, compacted),
            TopicSpec(self.taxonomy, 1, compacted),
            # The time of failure; the message's own stands in a header.
            TopicSpec(
                self.quarantine,
                partitions,
                {
                    "message.timestamp.type": "LogAppendTime",
                    **forever,
                    "max.message.bytes": str(QUARANTINE_BYTES),
                },
            ),
        )
