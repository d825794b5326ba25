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
from schemas.tagged import TAGGED_MESSAGE, TaggedArticle
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Emission

if TYPE_CHECKING:
    from services.runtime.messages.records import Record
    from services.tag.tagging import Tagger

STAGE = "tag"


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
    """The records of a key: the order and offset of its newest record, and the offset of its last record."""

    order: tuple[int, int]
    newest: int
    last: int
    taxonomy_version: str | None


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
            or (standing.taxonomy_version is not None and (everything or standing.taxonomy_version != taxonomy_version))
        )


def tagged_again(record: Record, tagger: Tagger, topic: str) -> Emission:
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
    event_id = f"{tagged.article_id}/{tagged.version}/{tagged.taxonomy_version}/{tagged.generation}"
    headers = event_headers(record, source=STAGE, kind=tagged.type, event_id=event_id)
    return Emission(topic, record.key, tagged.encode(), headers, record.timestamp)
