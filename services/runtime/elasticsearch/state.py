"""What a stage remembers about an issue between records: an Elasticsearch document, read and written once per batch.

A stage writes a batch's states before the Kafka transaction commits. If a worker dies in between, the state already
includes records that Kafka will deliver again. Handling them on top of that state would give different outputs from the
first time. So each document also keeps the state before its last batch, and the first record of that batch that changed
it. If the same record comes again, the batch was never committed, and the stage starts from the state before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from elasticsearch import NotFoundError

from services.runtime.elasticsearch.bulk import Operation, write_bulk
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.elasticsearch.state_document import BEFORE, BEGAN, FIRST, SHORTENED, slot_of, source_of
from services.runtime.elasticsearch.store import create_unless_there, patiently
from services.runtime.errors import Abandoned, Unavailable
from services.runtime.kafka.admin import Admin, group_offsets
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

STATEFUL_STAGES = ("ingest", "segment")

log = structlog.get_logger(__name__)

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "stage": {"type": "keyword"},
        "key": {"type": "keyword"},
        "bytes": {"type": "integer", "index": False, "doc_values": False},
        FIRST: {"type": "keyword", "index": False, "doc_values": False},
        BEGAN: {"type": "keyword", "index": False, "doc_values": False},
        BEFORE: {"type": "object", "enabled": False},
        SHORTENED: {"type": "object", "enabled": False},
        "after": {"type": "object", "enabled": False},
    },
}
"""Searches use only stage and key; stages get documents by id."""

INDEX_GONE = "index_not_found_exception"
PAUSE_SECONDS = 1.0

MOST_READ_BYTES = 24 * 1024 * 1024
"""The most bytes of states in memory at once; a single state is smaller (services.arrivals.limits)."""


class StateConflict(Abandoned):
    """Another worker wrote the state after this worker read it: the batch must start again from the present state."""


class StatesLost(Unavailable):
    """The index of states does not exist, although the stage has consumed records and stored their states in it."""


async def ensure_states(
    settings: Settings,
    client: AsyncElasticsearch,
    pause: Callable[[float], Awaitable[None]],
    stages: Iterable[str] = STATEFUL_STAGES,
) -> None:
    """Create the index of states in a new installation.

    Recreating it in an existing installation would forget pages and give articles second ids.

    Args:
        settings: where Kafka is.
        client: Elasticsearch.
        pause: how to wait for Elasticsearch.
        stages: the stages whose groups show whether records were consumed; a worker may check only its own stage.

    Raises:
        StatesLost: the index existed before; the text says what to do.
        Unavailable: Kafka does not answer.
    """
    index = settings.names.state_index
    if await patiently(lambda: client.indices.exists(index=index), pause):
        # An index from an earlier release lacks the newer fields.
        properties = MAPPING["properties"]
        await patiently(lambda: client.indices.put_mapping(index=index, properties=properties), pause)
        return
    admin = Admin(**connection(settings))
    try:
        await admin.start()
        consumed = [stage for stage in stages if await group_offsets(admin, settings.names.group(stage))]
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await admin.close()
    if consumed and not await patiently(lambda: client.indices.exists(index=index), pause):
        raise StatesLost(
            f"The index {index} is lost, which holds the pages and ids known of each issue.\n"
            "Run `broadsheet rewind`: it is made anew from issues.raw, and the processors go on by themselves."
        )
    await patiently(lambda: create_states(client, index), pause)


async def create_states(client: AsyncElasticsearch, index: str) -> None:
    """Create the index of states; an existing index counts as success."""
    settings = {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}
    await create_unless_there(client, index, mappings=MAPPING, settings=settings)


class StateStore:
    """The states of one stage.

    Args:
        client: Elasticsearch.
        index: the index of states, created by `ensure_states`.
        stage: the stage that owns the states.
        pause: how to wait for Elasticsearch inside a batch.
        shared: a list in the states that a batch leaves mostly as it was; `state_document` says which stages may name
            one.
    """

    def __init__(
        self,
        client: AsyncElasticsearch,
        index: str,
        stage: str,
        pause: Callable[[float], Awaitable[None]],
        shared: str | None = None,
    ) -> None:
        self._client = client
        self._index = index
        self._stage = stage
        self._pause = pause
        self._shared = shared

    async def read(self, keys: Iterable[str]) -> StateBatch:
        """Return the states of the first `keys`, as many as there is room for, but at least one."""
        wanted = list(dict.fromkeys(keys))
        batch = StateBatch()
        if not wanted:
            return batch
        wanted = wanted[: await self._room(wanted)]
        for key, document in zip(wanted, await self._get(wanted), strict=True):
            if document.get("found"):
                place = (document["_seq_no"], document["_primary_term"])
                batch.slots[key] = slot_of(document["_source"], place, self._shared)
            else:
                batch.slots[key] = Slot(None, None, "", None)
        return batch

    async def _room(self, keys: list[str]) -> int:
        """Return how many states of `keys` may be read together."""
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
            # A server that has just started answers before its shards do.
            log.warning("waiting for Elasticsearch", reason=errors[0]["type"], seconds=PAUSE_SECONDS)
            await self._pause(PAUSE_SECONDS)

    async def write(self, batch: StateBatch) -> dict[str, str]:
        """Write the changed states; return key -> reason for the states that Elasticsearch will never accept.

        Raises:
            StateConflict: another worker wrote one of the states after this worker read them.
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

    def _operation(self, key: str, slot: Slot) -> Operation:
        target: dict[str, Any] = {"_index": self._index, "_id": self._id(key)}
        if slot.place is None:
            action = {"create": target}
        else:
            action = {"index": target | {"if_seq_no": slot.place[0], "if_primary_term": slot.place[1]}}
        return Operation(action, source_of(self._stage, key, slot, self._shared))

    def _id(self, key: str) -> str:
        return document_id(self._stage, key)


def document_id(stage: str, key: str) -> str:
    """Return the id of the document that holds a stage's state of `key`."""
    return f"{stage}:{key}"


async def current_state(client: AsyncElasticsearch, index: str, stage: str, key: str) -> dict[str, Any] | None:
    """Return a stage's present state of `key`, for callers that only read; None if there is none.

    Raises:
        elasticsearch.ApiError, elasticsearch.TransportError: the server refuses or is down, but never "not found".
    """
    try:
        answer = await client.get(index=index, id=document_id(stage, key), source_includes=["after"])
    except NotFoundError:
        return None
    state: dict[str, Any] | None = answer["_source"].get("after")
    return state
