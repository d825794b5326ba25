"""What a stage remembers of an issue between records: a document in Elasticsearch, read and written once per batch.

A batch's state is written before its Kafka transaction commits. A worker that dies in between leaves a state that
already holds records which come again, and handling them on top of it would give other outputs than the first time.
So each document also keeps the state before its last batch, and which record of that batch came first for it: when the
same record comes again, the batch was never committed, and the stage starts from the state before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from elasticsearch import ApiError, NotFoundError
from pydantic_core import to_json

from services.runtime.elasticsearch.bulk import Operation, write_bulk
from services.runtime.elasticsearch.store import patiently
from services.runtime.errors import Abandoned, Rejected, Unavailable
from services.runtime.kafka.admin import Admin, group_offsets
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Batch, Record
    from services.runtime.settings import Settings

STATEFUL_STAGES = ("ingest", "segment")

log = structlog.get_logger(__name__)

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "stage": {"type": "keyword"},
        "key": {"type": "keyword"},
        "bytes": {"type": "integer", "index": False, "doc_values": False},
        "first": {"type": "keyword", "index": False, "doc_values": False},
        "before": {"type": "object", "enabled": False},
        "after": {"type": "object", "enabled": False},
    },
}
"""Nothing but stage and key is searched; documents are got by id."""

INDEX_GONE = "index_not_found_exception"
PAUSE_SECONDS = 1.0

MOST_READ_BYTES = 24 * 1024 * 1024
"""Of the states that are in memory at once; a single one has less (services.ingest.limits)."""


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
        # An index that an earlier release made lacks the newer fields.
        properties = MAPPING["properties"]
        await patiently(lambda: client.indices.put_mapping(index=index, properties=properties), pause)
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

    def holds(self, key: str) -> bool:
        """Tell whether the state of `key` was read; else there was no room for it beside those asked for before it."""
        return key in self.slots

    def begin(self, key: str, state: dict[str, Any]) -> None:
        """Put the state that the first record of `key` is to build on, where there is none yet."""
        self.slots[key] = _Slot(None, state, "", None, dirty=True)

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


def reject_refused(batch: Batch, handled: Iterable[tuple[Record, str]], refused: Mapping[str, str]) -> None:
    """Send to quarantine what led to states that were not written, and take back what it emitted.

    Args:
        batch: the batch in hand.
        handled: its records, each with the key of the state that it led to.
        refused: what `StateStore.write` returned.
    """
    if not refused:
        return
    for record, key in handled:
        if key in refused and record not in batch.left:
            batch.reject(
                record, Rejected(f"Elasticsearch refused what would be known of {key} after it: {refused[key]}")
            )
    of_refused = tuple(f"{key}/" for key in refused)
    batch.emissions = [one for one in batch.emissions if not f"{(one.key or b'').decode()}/".startswith(of_refused)]


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
        """Return the states of the first of `keys`, as many as there is room for, and that of one at least."""
        wanted = list(dict.fromkeys(keys))
        batch = StateBatch()
        if not wanted:
            return batch
        wanted = wanted[: await self._room(wanted)]
        for key, document in zip(wanted, await self._get(wanted), strict=True):
            if document.get("found"):
                source = document["_source"]
                place = (document["_seq_no"], document["_primary_term"])
                batch.slots[key] = _Slot(source.get("before"), source.get("after"), source["first"], place)
            else:
                batch.slots[key] = _Slot(None, None, "", None)
        return batch

    async def _room(self, keys: list[str]) -> int:
        """Return how many of the states of `keys` may be read together."""
        if len(keys) == 1:
            return 1
        size = 0
        for count, document in enumerate(await self._get(keys, ["bytes"])):
            size += document.get("_source", {}).get("bytes", 0)
            if count and size > MOST_READ_BYTES:
                return count
        return len(keys)

    async def _get(self, keys: list[str], fields: list[str] | None = None) -> list[dict[str, Any]]:
        ids = [self._id(key) for key in keys]
        while True:
            answer = await patiently(
                lambda: self._client.mget(index=self._index, ids=ids, source_includes=fields), self._pause
            )
            documents: list[dict[str, Any]] = answer["docs"]
            errors = [document["error"] for document in documents if "error" in document]
            if not errors:
                return documents
            if any(error["type"] == INDEX_GONE for error in errors):
                raise NotFoundError("the index of states is gone", answer.meta, errors[0])
            # A server that has just started answers, but its shards do not yet.
            log.warning("waiting for Elasticsearch", reason=errors[0]["type"], seconds=PAUSE_SECONDS)
            await self._pause(PAUSE_SECONDS)

    async def write(self, batch: StateBatch) -> dict[str, str]:
        """Write the states that changed; return key -> reason of those that Elasticsearch never takes.

        Raises:
            StateConflict: another worker wrote one of them since they were read.
        """
        dirty = {key: slot for key, slot in batch.slots.items() if slot.dirty}
        operations = [self._operation(key, slot) for key, slot in dirty.items()]
        refused: dict[str, str] = {}
        for key, outcome in zip(dirty, await write_bulk(self._client, operations, self._pause), strict=True):
            if outcome.kind == "conflict":
                raise StateConflict(f"the state of {key} was written by another worker")
            if outcome.kind == "gone":
                raise RuntimeError(f"the index of states is gone: {outcome.reason}")
            if outcome.kind == "refused":
                refused[key] = outcome.reason
        return refused

    def _operation(self, key: str, slot: _Slot) -> Operation:
        target: dict[str, Any] = {"_index": self._index, "_id": self._id(key)}
        if slot.place is None:
            action = {"create": target}
        else:
            action = {"index": target | {"if_seq_no": slot.place[0], "if_primary_term": slot.place[1]}}
        source = to_json(
            {
                "stage": self._stage,
                "key": key,
                "first": slot.first,
                "before": slot.before,
                "after": slot.after,
            }
        )
        return Operation(action, b'{"bytes":%d,%b' % (len(source), source.removeprefix(b"{")))

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
