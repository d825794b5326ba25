"""The receipts of issues that programs published on the desk, by account and idempotency key.

A key pins the time and the revision of its first request, before anything is sent. So a repetition sends the same
record, which changes nothing in the pipeline, even if the desk died between Kafka's acknowledgement and its own note.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch, ConflictError, NotFoundError

from services.desk.archive.refusals import in_words
from services.runtime.elasticsearch.store import create_unless_there

log = structlog.get_logger(__name__)

MAPPING: Final = {
    "dynamic": "strict",
    "properties": {
        "account": {"type": "keyword"},
        "key": {"type": "keyword"},
        "digest": {"type": "keyword", "index": False, "doc_values": False},
        "issue_id": {"type": "keyword"},
        "time": {"type": "date", "format": "epoch_millis"},
        "revision": {"type": "long"},
        "partition": {"type": "integer"},
        "offset": {"type": "long"},
    },
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a key stands for: a submission's digest, and the time and revision that it was first sent with.

    `place` is the partition and offset at which Kafka stored it; None as long as that is not known.
    """

    digest: str
    issue_id: str
    time: int
    revision: int
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts of an account under a key; without a key, nothing is kept.

    Attributes:
        index: the index that keeps them; the first receipt creates it.
    """

    client: AsyncElasticsearch
    index: str
    account: str
    key: str | None

    async def claim(self, receipt: Receipt) -> Receipt:
        """Return the first receipt under the key: `receipt`, which is kept, or the one that is known.

        Raises:
            Away: Elasticsearch does not answer.
        """
        if self.key is None:
            return receipt
        source = {
            "account": self.account,
            "key": self.key,
            "digest": receipt.digest,
            "issue_id": receipt.issue_id,
            "time": receipt.time,
            "revision": receipt.revision,
        }
        async with in_words():
            await self._ensure()
            try:
                await self.client.create(index=self.index, id=self._id, document=source)
            except ConflictError:
                answer = await self.client.get(index=self.index, id=self._id)
                return _read(answer["_source"])
        return receipt

    async def note(self, place: tuple[int, int]) -> None:
        """Note at which partition and offset Kafka stored the record; a note that fails costs a repeated record."""
        if self.key is None:
            return
        try:
            await self.client.update(index=self.index, id=self._id, doc={"partition": place[0], "offset": place[1]})
        except (ApiError, TransportError) as error:
            log.warning("a receipt was not noted", account=self.account, reason=type(error).__name__)

    @property
    def _id(self) -> str:
        return hashlib.sha256(f"{self.account}\0{self.key}".encode()).hexdigest()

    async def _ensure(self) -> None:
        try:
            await self.client.indices.get(index=self.index)
        except NotFoundError:
            settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
            await create_unless_there(self.client, self.index, mappings=MAPPING, settings=settings)


def _read(source: dict[str, Any]) -> Receipt:
    place = (source["partition"], source["offset"]) if "offset" in source else None
    return Receipt(source["digest"], source["issue_id"], source["time"], source["revision"], place)
