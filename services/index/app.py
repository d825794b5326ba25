"""The index processor: tagged articles and the quarantine in, Elasticsearch out; it decides nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
from services.index.admin import ensure_indices, report_lost
from services.index.bulk import outcome
from services.index.document import document, document_id, index_kind
from services.index.names import Names
from services.index.quarantine import entry
from services.runtime.elasticsearch.store import connect, patiently
from services.runtime.errors import Rejected
from services.runtime.messages.records import Batch, Record
from services.runtime.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from elasticsearch import AsyncElasticsearch

    from services.runtime.names import Names as RuntimeNames
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

NAME = "index"
MAX_BULK_DOCUMENTS = 200
PAUSE_SECONDS = 1.0

Action = tuple[Record, dict[str, Any], dict[str, Any]]


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names = settings.names
    client = connect(settings)
    stage = Stage(NAME, settings, [names.tagged, names.quarantine], elasticsearch=client)
    stage.on_start(lambda: patiently(lambda: ensure_indices(client, settings.prefix), stage.delivery.pause))
    stage.on_stop(client.close)

    async def handle(batch: Batch) -> None:
        def refuse(record: Record, reason: str) -> None:
            if record.topic == names.quarantine:
                # It is in quarantine already; rejecting it would repeat it without end.
                log.warning("an entry of the quarantine is not shown", offset=record.offset, reason=reason)
            else:
                batch.reject(record, Rejected(f"Elasticsearch refused the document: {reason}"))

        actions: list[Action] = []
        for record in batch.records:
            with batch.attempt(record):
                actions += action(record, names)
        await write(client, actions, refuse, stage.delivery.pause, mend)

    async def mend() -> None:
        await patiently(lambda: report_lost(client, settings.prefix), stage.delivery.pause)

    return stage.run(handle)


def action(record: Record, names: RuntimeNames) -> list[Action]:
    """Return the bulk action and document for a record.

    A newer version in the index wins, an equal one is replaced. A record on the quarantine's topic that the quarantine
    did not write has no action.

    Raises:
        Rejected: the record is on another topic and is not a message of `articles.tagged`.
    """
    if record.topic == names.quarantine:
        found = entry(record)
        if found is None:
            return []
        index, (name, version, source) = Names(names.prefix, "quarantine"), found
    else:
        message = decode(TAGGED_MESSAGE, record.value)
        index, name, version = Names(names.prefix, index_kind(message)), document_id(message), message.version
        source = document(message)
    target = {
        "_index": index.write,
        "_id": name,
        "version": version,
        "version_type": "external_gte",
        # Without it, Elasticsearch would create an index with the alias's name when the live one is lost.
        "require_alias": True,
    }
    return [(record, {"index": target}, source)]


async def write(
    client: AsyncElasticsearch,
    actions: Sequence[Action],
    refuse: Callable[[Record, str], None],
    pause: Callable[[float], Awaitable[None]],
    mend: Callable[[], Awaitable[None]],
) -> None:
    """Write until every action is done or refused; a refused action does not stop the others.

    Args:
        client: Elasticsearch.
        actions: what to write, each with the record that it was made from.
        refuse: called with each record whose document is refused, and the reason.
        pause: how to wait for Elasticsearch.
        mend: called when an index is missing, before its documents are written again.
    """
    waiting = list(actions)
    while waiting:
        again: list[Action] = []
        gone = False
        for chunk in _chunks(waiting):
            operations = [part for _, target, source in chunk for part in (target, source)]
            answer = await patiently(partial(client.bulk, operations=operations), pause)
            for one, item in zip(chunk, answer["items"], strict=True):
                result, reason = outcome(item)
                gone = gone or result == "gone"
                if result in ("again", "gone"):
                    again.append(one)
                elif result == "refused":
                    refuse(one[0], reason)
        waiting = again
        if gone:
            await mend()
        if waiting:
            await pause(PAUSE_SECONDS)


def _chunks(actions: Sequence[Action]) -> Iterator[Sequence[Action]]:
    for start in range(0, len(actions), MAX_BULK_DOCUMENTS):
        yield actions[start : start + MAX_BULK_DOCUMENTS]
