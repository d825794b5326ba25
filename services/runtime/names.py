"""Every name on the servers: topics, consumer groups, indices and aliases, all with the same prefix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["articles", "issues", "quarantine", "history"]
"""The kinds of index filled from topics: a document is an article, an issue, a message in quarantine, or one version of
an article."""

STAGES = ("ingest", "segment", "tag", "index")
MAX_MESSAGE_BYTES = 32 * 1024 * 1024
"""The largest message on any topic; an issue is always well below this limit (services.arrivals.limits)."""

QUARANTINE_BYTES = MAX_MESSAGE_BYTES + 1024 * 1024
"""The largest message in quarantine: the complete original message, and headers that say what went wrong."""

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """How a topic is created: `config` holds Kafka's own topic settings."""

    name: str
    partitions: int
    config: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Aliases:
    """The aliases for the documents of one kind; they point to the index that holds the documents now."""

    prefix: str
    kind: Kind

    @property
    def read(self) -> str:
        """The alias to search: it leaves out withdrawn articles, and messages that are no longer in quarantine."""
        return f"{self.prefix}{self.kind}"

    @property
    def write(self) -> str:
        """The alias for writing and for getting documents by id: a single index that includes withdrawn articles."""
        return f"{self.prefix}{self.kind}-write"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one installation; installations with different prefixes can share the same servers."""

    prefix: str = ""

    @property
    def raw(self) -> str:
        """The topic that newsrooms publish to: the source of truth, never deleted."""
        return f"{self.prefix}issues.raw"

    @property
    def corrections(self) -> str:
        """The topic of the editors' corrections: a source of truth too, never deleted."""
        return f"{self.prefix}corrections"

    @property
    def issues(self) -> str:
        """The compacted topic of validated issues: a message holds everything known about its issue."""
        return f"{self.prefix}issues"

    @property
    def articles(self) -> str:
        """The compacted topic of articles as the segment stage writes them."""
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
        """The topic of messages that could not be processed, with their original bytes, never deleted."""
        return f"{self.prefix}quarantine"

    @property
    def state_index(self) -> str:
        """The index of what stages must remember: the known pages of an issue, the ids given to its articles."""
        return f"{self.prefix}stage-state"

    @property
    def operations(self) -> str:
        """The alias of the workers' reports about themselves: services.runtime.health.operations."""
        return f"{self.prefix}operations"

    @property
    def receipts(self) -> str:
        """The index of the receipts for issues that programs published on the desk: services.desk.publishing."""
        return f"{self.prefix}receipts"

    @property
    def deliveries(self) -> str:
        """The index of what was delivered to receivers: services.outlets."""
        return f"{self.prefix}deliveries"

    @property
    def watches(self) -> str:
        """The index of the searches that editors watch on the desk: services.desk.watching."""
        return f"{self.prefix}watches"

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

    def written_by(self, stage: str) -> tuple[str, ...]:
        """Return the topics that a stage writes to."""
        made = {"ingest": (self.issues,), "segment": (self.articles,), "tag": (self.tagged,), "index": ()}
        return (*made.get(stage, (self.issues,)), self.quarantine)

    def topics(self, partitions: int) -> tuple[TopicSpec, ...]:
        """Return every topic with its settings; a stage can use at most `partitions` workers."""
        size = {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
        # A broker's defaults may limit or compact the source of truth, so every limit is set here.
        forever = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1", **size}
        # The time of arrival counts. Otherwise Kafka could compact the replay of an old issue at once.
        compacted = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime", **size}
        # A compacted topic holds a state per key. A stage that was stopped for longer than this misses only states
        # that a newer state of the same key replaced (docs/delivery.md).
        flow = {**compacted, "min.compaction.lag.ms": str(7 * DAY_MS)}
        return (
            TopicSpec(self.raw, partitions, forever),
            # As many partitions as the pages' topic, so that an issue's pages and corrections reach the same worker.
            TopicSpec(self.corrections, partitions, forever),
            TopicSpec(self.issues, partitions, flow),
            TopicSpec(self.articles, partitions, flow),
            TopicSpec(self.tagged, partitions, compacted),
            TopicSpec(self.taxonomy, 1, compacted),
            # The time of failure; a header holds the message's own time.
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
