"""What each receiver was told last of each article, in Elasticsearch, so that it holds across restarts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from elasticsearch import NotFoundError

from services.outlets.changes import Change, Known, State
from services.runtime.elasticsearch.store import create_unless_there, patiently

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from elasticsearch import AsyncElasticsearch

MAPPING: Final = {
    "dynamic": "strict",
    "properties": {
        "subscription": {"type": "keyword"},
        "article_id": {"type": "keyword"},
        "kind": {"type": "keyword"},
        "digest": {"type": "keyword", "index": False, "doc_values": False},
        "order": {"type": "long"},
        "state": {"type": "keyword"},
        "reason": {"type": "keyword", "ignore_above": 512},
    },
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The deliveries of an installation.

    Attributes:
        client: Elasticsearch.
        index: the index, created by `ensure`.
        pause: how to wait while Elasticsearch is away.
    """

    client: AsyncElasticsearch
    index: str
    pause: Callable[[float], Awaitable[None]]

    async def ensure(self) -> None:
        """Create the index if it does not exist."""
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        await patiently(
            lambda: create_unless_there(self.client, self.index, mappings=MAPPING, settings=settings), self.pause
        )

    async def known(self, subscription: str, article_id: str) -> Known | None:
        """Return what the receiver was told last of an article; None if nothing."""

        async def get() -> Known | None:
            try:
                source = (await self.client.get(index=self.index, id=_id(subscription, article_id)))["_source"]
            except NotFoundError as error:
                if error.body.get("found") is False:
                    return None
                raise
            return Known(source["kind"], source["digest"], source["order"], source["state"])

        return await patiently(get, self.pause)

    async def write(self, subscription: str, change: Change, state: State, reason: str = "") -> None:
        """Keep how far the delivery of a change is."""
        source = {
            "subscription": subscription,
            "article_id": change.message.article_id,
            "kind": change.kind,
            "digest": change.digest,
            "order": change.order,
            "state": state,
            **({"reason": reason[:500]} if reason else {}),
        }
        place = _id(subscription, change.message.article_id)
        await patiently(lambda: self.client.index(index=self.index, id=place, document=source), self.pause)


def _id(subscription: str, article_id: str) -> str:
    return hashlib.sha256(f"{subscription}\0{article_id}".encode()).hexdigest()
