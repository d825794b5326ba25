"""Retagging: which records of `articles.tagged` to send again, and with which tags.

Ids, revisions and versions stay. The generation rises, so that Elasticsearch refuses older tags however late they
arrive. If a newer version of an article arrives in between, it is sent again as the last record, so that compaction
never keeps the older version: see docs/decisions/0008-retag.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from schemas.article import GENERATIONS, Article, ArticleContent, Generation
from schemas.contract import Contract, decode
from schemas.difference import ChangedPart, Difference
from schemas.tagged import TAGGED_MESSAGE, TaggedArticle
from services.runtime.messages.headers import DIFFERENCE, event_headers
from services.runtime.messages.records import Emission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.runtime.messages.records import Record
    from services.tag.tagging import Tagger

STAGE = "tag"
SOURCE = f"broadsheet/{STAGE}"

PARTS: Mapping[ChangedPart, tuple[str, ...]] = {
    "topics": ("topics", "topics_unknown"),
    "facets": ("places", "organisations", "people", "figures", "dates"),
    "corrections": ("corrections",),
}
"""Part -> the fields that a tagger gives."""


class _Head(Contract):
    """The facts that decide about a record: its version, its tags and its place."""

    type: str
    version: int
    generation: Generation = 0
    taxonomy_version: str | None = None

    @property
    def order(self) -> tuple[int, int]:
        """The sort key for the records of the same key."""
        return self.version, self.generation


_HEAD: TypeAdapter[_Head] = TypeAdapter(_Head)


@dataclass(slots=True)
class _Standing:
    """The records of a key.

    Attributes:
        order: the order of its newest record.
        newest: the offset of its newest record.
        last: the offset of its last record.
        same: whether tagging the newest record again gave the same tags.
    """

    order: tuple[int, int]
    newest: int
    last: int
    taxonomy_version: str | None
    same: bool = False


class Ledger:
    """A summary of the records of a partition, read in the order of their offsets."""

    def __init__(self) -> None:
        self._standings: dict[bytes, _Standing] = {}

    @property
    def articles(self) -> int:
        """The number of keys whose newest version is an article."""
        return sum(standing.taxonomy_version is not None for standing in self._standings.values())

    def note(self, record: Record) -> None:
        """Add a record.

        Raises:
            schemas.contract.ContractError: its value is not a message of the topic.
        """
        head = decode(_HEAD, record.value)
        tagged_by = (head.taxonomy_version or "") if head.type == "tagged_article" else None
        key = record.key or b""
        known = self._standings.get(key)
        if known is not None and known.order > head.order:
            known.last = record.offset
        else:
            self._standings[key] = _Standing(head.order, record.offset, record.offset, tagged_by)

    def due(self, taxonomy_version: str, *, everything: bool = False) -> frozenset[int]:
        """Return the offsets of the records to be sent again.

        It is the newest record of each key that was tagged with another taxonomy, or that an older version follows.
        `everything` adds every article.
        """
        return frozenset(
            standing.newest
            for standing in self._standings.values()
            if standing.last != standing.newest
            or (
                standing.taxonomy_version is not None
                and (everything or (standing.taxonomy_version != taxonomy_version and not standing.same))
            )
        )

    def spared(self, record: Record, again: Emission) -> bool:
        """Return whether a record that is due need not be sent, because it has the same tags and is its key's last."""
        standing = self._standings[record.key or b""]
        standing.same = again.header(DIFFERENCE) == b"unchanged"
        return standing.same and standing.last == standing.newest


def tagged_again(record: Record, tagger: Tagger, topic: str, source: str = SOURCE) -> Emission:
    """Return the record with its article tagged by `tagger`, in the next generation; other records are unchanged.

    Raises:
        schemas.contract.ContractError: its value is not a message of the topic.
    """
    message = decode(TAGGED_MESSAGE, record.value)
    if not isinstance(message, TaggedArticle):
        return Emission(topic, record.key, record.value, record.headers, record.timestamp)
    # The fields were validated when the message was read.
    fields = {name: getattr(message, name) for name in ArticleContent.model_fields}
    article = Article.model_construct(**fields | {"generation": min(message.generation + 1, GENERATIONS - 1)})
    tagged = tagger.tag(article)
    tagged = tagged.model_copy(update={"difference": _difference(message, tagged)})
    event_id = f"{tagged.article_id}/{tagged.version}/{tagged.taxonomy_version}/{tagged.generation}"
    headers = event_headers(record, source=source, message=tagged, event_id=event_id)
    return Emission(topic, record.key, tagged.encode(), headers, record.timestamp)


def _difference(before: TaggedArticle, after: TaggedArticle) -> Difference:
    changed = tuple(
        part for part, names in PARTS.items() if any(getattr(before, n) != getattr(after, n) for n in names)
    )
    return Difference(kind="changed" if changed else "unchanged", parts=changed, version=before.version)
