"""The index processor: tagged articles in, Elasticsearch out; it decides nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
from services.index.admin import ensure_indices, report_lost
from services.index.bulk import outcome
from services.index.document import document, document_id, index_kind
from services.index.names import Names
from services.runtime.errors import Rejected
from services.runtime.records import Batch, Record
from services.runtime.stage import Stage
from services.runtime.store import connect, patiently

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

NAME = "index"
MAX_BULK_DOCUMENTS = 200
PAUSE_SECONDS = 1.0

Action = tuple[Record, dict[str, Any], dict[str, Any]]


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names = settings.names
    stage = Stage(NAME, settings, [names.tagged])
    client = connect(settings)
    stage.on_start(lambda: patiently(lambda: ensure_indices(client, settings.prefix), stage.delivery.pause))
    stage.on_stop(client.close)

    async def handle(batch: Batch) -> None:
        actions: list[Action] = []
        for record in batch.records:
            with batch.attempt(record):
                actions.append(action(record, settings.prefix))
        await write(client, actions, batch, stage.delivery.pause, mend)

    async def mend() -> None:
        await patiently(lambda: report_lost(client, settings.prefix), stage.delivery.pause)

    return stage.run(handle)


def action(record: Record, prefix: str) -> Action:
    """Return the bulk action and document for a record; an equal or newer version in the index wins or is the same."""
    message = decode(TAGGED_MESSAGE, record.value)
    target = {
        "_index": Names(prefix, index_kind(message)).write,
        "_id": document_id(message),
        "version": message.version,
        "version_type": "external_gte",
        # Without it, Elasticsearch would make an index of the alias's name when the live one is lost.
        "require_alias": True,
    }
    return record, {"index": target}, document(message)


async def write(
    client: AsyncElasticsearch,
    actions: Sequence[Action],
    batch: Batch,
    pause: Callable[[float], Awaitable[None]],
    mend: Callable[[], Awaitable[None]],
) -> None:
    """Write until every action is done or refused; one refused goes to quarantine, the others go on.

    Args:
        client: Elasticsearch.
        actions: what to write, each with the record that it was made from.
        batch: takes the refusals.
        pause: how to wait for Elasticsearch.
        mend: called when an index is not there, before what was meant for it is written again.
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
                    batch.reject(one[0], Rejected(f"Elasticsearch refused the document: {reason}"))
        waiting = again
        if gone:
            await mend()
        if waiting:
            await pause(PAUSE_SECONDS)


def _chunks(actions: Sequence[Action]) -> Iterator[Sequence[Action]]:
    for start in range(0, len(actions), MAX_BULK_DOCUMENTS):
        yield actions[start : start + MAX_BULK_DOCUMENTS]
