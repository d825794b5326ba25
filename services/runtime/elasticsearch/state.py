"""What a stage remembers of an issue between records: a document in Elasticsearch, read and written once per batch.

A batch's state is written before its Kafka transaction commits. A worker that dies in between leaves a state that
already holds records which come again, and handling them on top of it would give other outputs than the first time.
So each document also keeps the state before its last batch, and which record of that batch came first for it: when the
same record comes again, the batch was never committed, and the stage starts from the state before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from elasticsearch import ApiError, NotFoundError

from services.runtime.elasticsearch.store import patiently
from services.runtime.errors import Abandoned, Unavailable
from services.runtime.kafka.admin import Admin, group_offsets
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

STATEFUL_STAGES = ("ingest", "segment")

log = structlog.get_logger(__name__)

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "stage": {"type": "keyword"},
        "key": {"type": "keyword"},
        "first": {"type": "keyword", "index": False, "doc_values": False},
        "before": {"type": "object", "enabled": False},
        "after": {"type": "object", "enabled": False},
    },
}
"""Nothing but stage and key is searched; documents are got by id."""

CONFLICT = 409
INDEX_GONE = "index_not_found_exception"
PAUSE_SECONDS = 1.0
BULK_BYTES = 16 * 1024 * 1024


class StateConflict(Abandoned):
    """Another worker wrote the state since it was read: this batch must be taken again from what is there now."""


class StatesLost(Unavailable):
    """The index of states is not there, though records were consumed whose states it held."""


async def ensure_states(
    settings: Settings,
    client: AsyncElasticsearch,
    pause: Callable[[float], Awaitable[None]],
    stages: Iterable[str] = STATEFUL_STAGES,
) -> None:
    """Create the index of states in an installation that is new.

    To begin it anew in one that is not would let pages be forgotten and articles get second ids.

    Args:
        settings: where Kafka is.
        client: Elasticsearch.
        pause: how to wait for Elasticsearch.
        stages: whose groups show that records were consumed; a worker may look at its own alone.

    Raises:
        StatesLost: the index was there once; the text says what to do.
        Unavailable: Kafka does not answer.
    """
    index = settings.names.state_index
    if await patiently(lambda: client.indices.exists(index=index), pause):
        return
    admin = Admin(**connection(settings))
    try:
        await admin.start()
        consumed = [stage for stage in stages if await group_offsets(admin, settings.names.group(stage))]
    except (KafkaError, OSError) as error:
        raise unreachable(settings, error) from error
    finally:
        await admin.close()
    if consumed and not await patiently(lambda: client.indices.exists(index=index), pause):
        raise StatesLost(
            f"The index {index} is lost, which holds the pages and ids known of each issue.\n"
            "Run `broadsheet rewind`: it is made anew from issues.raw, and the processors go on by themselves."
        )
    await patiently(lambda: create_states(client, index), pause)


async def create_states(client: AsyncElasticsearch, index: str) -> None:
    """Create the index of states; that it exists already counts as success."""
    try:
        await client.indices.create(
            index=index,
            mappings=MAPPING,
            settings={"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "5s"}},
        )
    except ApiError as error:
        if error.error != "resource_already_exists_exception":
            raise


@dataclass(slots=True)
class _Slot:
    """One document: `before` the batch that began with record `first`, and `after` it."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    first: str
    place: tuple[int, int] | None
    dirty: bool = False
    seen: bool = False


@dataclass(slots=True)
class StateBatch:
    """The states of one batch's keys: `load` gives the one a record builds on, `save` puts what it led to."""

    slots: dict[str, _Slot] = field(default_factory=dict)

    def load(self, key: str, record: Record) -> dict[str, Any] | None:
        """Return the state of `key` that `record` builds on; None where there is none yet."""
        slot = self.slots[key]
        if not slot.seen:
            slot.seen = True
            if slot.first != record.place:
                slot.before = slot.after
                slot.first = record.place
            else:
                # The batch was never committed: take it back, in the index too.
                slot.after = slot.before
                slot.dirty = True
        return slot.after

    def amend(self, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any]]) -> dict[str, Any]:
        """Put what `change` makes of the state of `key`, and return it.

        The state before the batch is changed alike, so that nothing is taken back when the batch comes again. For
        records of a second topic, between which and those that `load` is called for there is no order: what they add
        must come out the same however often they are handled.
        """
        slot = self.slots[key]
        amended = change(slot.after)
        if amended != slot.after:
            slot.before = change(slot.before)
            slot.after = amended
            slot.dirty = True
        return amended

    def save(self, key: str, state: dict[str, Any]) -> None:
        """Put the state that the record handled last led to."""
        slot = self.slots[key]
        slot.after = state
        slot.dirty = True


class StateStore:
    """The states of one stage.

    Args:
        client: Elasticsearch.
        index: the index of states, made by `ensure_states`.
        stage: whose states.
        pause: how to wait for Elasticsearch inside a batch.
    """

    def __init__(
        self, client: AsyncElasticsearch, index: str, stage: str, pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._client = client
        self._index = index
        self._stage = stage
        self._pause = pause

    async def read(self, keys: Iterable[str]) -> StateBatch:
        """Return the states of `keys`, read in one request."""
        wanted = sorted(set(keys))
        batch = StateBatch()
        if not wanted:
            return batch
        ids = [self._id(key) for key in wanted]
        for key, document in zip(wanted, await self._get(ids), strict=True):
            if document.get("found"):
                source = document["_source"]
                place = (document["_seq_no"], document["_primary_term"])
                batch.slots[key] = _Slot(source.get("before"), source.get("after"), source["first"], place)
            else:
                batch.slots[key] = _Slot(None, None, "", None)
        return batch

    async def _get(self, ids: list[str]) -> list[dict[str, Any]]:
        while True:
            answer = await patiently(lambda: self._client.mget(index=self._index, ids=ids), self._pause)
            documents: list[dict[str, Any]] = answer["docs"]
            errors = [document["error"] for document in documents if "error" in document]
            if not errors:
                return documents
            if any(error["type"] == INDEX_GONE for error in errors):
                raise NotFoundError("the index of states is gone", answer.meta, errors[0])
            # A server that has just started answers, but its shards do not yet.
            log.warning("waiting for Elasticsearch", reason=errors[0]["type"], seconds=PAUSE_SECONDS)
            await self._pause(PAUSE_SECONDS)

    async def write(self, batch: StateBatch) -> None:
        """Write the states that changed.

        Raises:
            StateConflict: another worker wrote one of them since they were read.
        """
        waiting = {key: slot for key, slot in batch.slots.items() if slot.dirty}
        while waiting:
            refused: dict[str, _Slot] = {}
            for chunk in self._chunks(waiting):
                operations = [line for lines in chunk.values() for line in lines]
                answer = await patiently(partial(self._client.bulk, operations=operations), self._pause)
                for key, item in zip(chunk, answer["items"], strict=True):
                    result = next(iter(item.values()))
                    if result["status"] == CONFLICT:
                        raise StateConflict(f"the state of {key} was written by another worker")
                    if "error" in result:
                        refused[key] = waiting[key]
                        if result["status"] not in (429, 503):
                            raise RuntimeError(f"Elasticsearch refused the state of {key}: {result['error']}")
            waiting = refused
            if waiting:
                await self._pause(PAUSE_SECONDS)

    def _chunks(self, waiting: dict[str, _Slot]) -> Iterable[dict[str, tuple[Any, Any]]]:
        chunk: dict[str, tuple[Any, Any]] = {}
        size = 0
        for key, slot in waiting.items():
            target: dict[str, Any] = {"_index": self._index, "_id": self._id(key)}
            if slot.place is None:
                action = {"create": target}
            else:
                action = {"index": target | {"if_seq_no": slot.place[0], "if_primary_term": slot.place[1]}}
            source = {
                "stage": self._stage,
                "key": key,
                "first": slot.first,
                "before": slot.before,
                "after": slot.after,
            }
            line = json.dumps(source, ensure_ascii=False)
            if chunk and size + len(line) * 3 > BULK_BYTES:
                yield chunk
                chunk, size = {}, 0
            chunk[key] = (action, line)
            size += len(line) * 3
        if chunk:
            yield chunk

    def _id(self, key: str) -> str:
        return document_id(self._stage, key)


def document_id(stage: str, key: str) -> str:
    """Return the id of the document that holds a stage's state of `key`."""
    return f"{stage}:{key}"


async def current_state(client: AsyncElasticsearch, index: str, stage: str, key: str) -> dict[str, Any] | None:
    """Return a stage's state of `key` as it is now, for those who only read; None where there is none.

    Raises:
        elasticsearch.ApiError, elasticsearch.TransportError: the server's refusal or absence, but not "not found".
    """
    try:
        answer = await client.get(index=index, id=document_id(stage, key), source_includes=["after"])
    except NotFoundError:
        return None
    state: dict[str, Any] | None = answer["_source"].get("after")
    return state
