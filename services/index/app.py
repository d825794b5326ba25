"""The index processor: writes tagged articles and messages in quarantine to Elasticsearch; it decides nothing."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from pydantic_core import to_json

from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
from services.index.admin import ensure_indices, report_lost
from services.index.document import document, document_id, index_kind, order_of
from services.index.freshness import Freshness
from services.index.history import version_of
from services.index.latency import waited
from services.index.names import Names
from services.index.quarantine import entry
from services.index.restored import Restored
from services.runtime.elasticsearch.bulk import MAX_BYTES, MAX_DOCUMENTS, Operation, write_bulk
from services.runtime.elasticsearch.store import connect, patiently
from services.runtime.errors import Rejected
from services.runtime.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from elasticsearch import AsyncElasticsearch

    from services.runtime.messages.records import Batch, Record
    from services.runtime.names import Names as RuntimeNames
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

NAME = "index"
PAUSE_SECONDS = 1.0


class Action(NamedTuple):
    """A bulk action, the document that it writes, and the record that both were made from."""

    record: Record
    operation: dict[str, Any]
    source: dict[str, Any]


class Prepared(NamedTuple):
    """An action ready to send, and the record that it was made from."""

    record: Record
    operation: Operation


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names = settings.names
    client = connect(settings)
    stage = Stage(NAME, settings, [names.tagged, names.quarantine], elasticsearch=client)
    stage.delivery.on_takeover(Restored(settings, client, stage.delivery.pause).check)
    stage.on_start(lambda: patiently(lambda: ensure_indices(client, settings.prefix), stage.delivery.pause))
    stage.on_stop(client.close)
    freshness = Freshness()

    async def handle(batch: Batch) -> None:
        def refuse(record: Record, reason: str) -> None:
            if record.topic == names.quarantine:
                # The message is in quarantine already; rejecting it would repeat it without end.
                log.warning("an entry of the quarantine is not shown", offset=record.offset, reason=reason)
            elif all(one.record is not record for one in batch.rejections):
                batch.reject(record, Rejected(f"Elasticsearch refused the document: {reason}"))

        waiting = portions(batch, names)
        # In a thread: a page with a single long article keeps the processor busy for seconds, and Kafka expects
        # heartbeats.
        while (portion := await asyncio.to_thread(next, waiting, None)) is not None:
            # At once, so that the next batch need not wait for two requests one after the other.
            writes = [
                write(client, some, refuse, stage.delivery.pause, mend, refresh=refresh)
                for some, refresh in requests(portion, names, refresh=freshness.is_due(portion[-1].record))
            ]
            for result in await asyncio.gather(*writes, return_exceptions=True):
                if isinstance(result, BaseException):
                    raise result
            refused = {one.record for one in batch.rejections}
            # A record may write two documents: the article, and its version in the history.
            stored = dict.fromkeys(one.record for one in portion if one.record not in refused)
            batch.searchable_after.extend(waited(stored, time.time() * 1000))

    async def mend() -> None:
        await patiently(lambda: report_lost(client, settings.prefix), stage.delivery.pause)

    return stage.run(handle)


def portions(batch: Batch, names: RuntimeNames, *, every_version: bool = False) -> Iterator[list[Prepared]]:
    """Yield the actions for a batch's records in portions that fit a bulk request, with no document twice in a portion.

    A portion keeps only the newest version of a document, and the last one of equal versions. Write a portion before
    you ask for the next, so that an older version never comes after a newer one. `every_version` also keeps in the
    history what repeats the version before it.
    """
    found: dict[tuple[str, str], Prepared] = {}
    size = 0
    for record, _ in batch.in_time((record, None) for record in batch.records):
        made: list[Action] = []
        # A record that does not decode goes to quarantine.
        with batch.attempt(record):
            made = action(record, names, every_version=every_version)
        for one in made:
            target = one.operation["index"]
            place = target["_index"], target["_id"]
            known = found.get(place)
            if known is not None and known.operation.action["index"]["version"] > target["version"]:
                continue
            operation = Operation(one.operation, to_json(one.source))
            size += len(operation.source)
            found[place] = Prepared(record, operation)
        if size > MAX_BYTES or len(found) >= MAX_DOCUMENTS - 1:
            yield list(found.values())
            found, size = {}, 0
    if found:
        yield list(found.values())


def requests(
    portion: Sequence[Prepared], names: RuntimeNames, *, refresh: bool
) -> list[tuple[Sequence[Prepared], bool]]:
    """Return what to write together, and whether searches shall find it at once.

    A request refreshes every index that it writes to. Nobody waits for the history and the issue's record, so they come
    in a request of their own.
    """
    if not refresh:
        return [(portion, False)]
    articles = Names(names.prefix, "articles").write
    found = [one for one in portion if one.operation.index == articles]
    others = [one for one in portion if one.operation.index != articles]
    return [(some, some is found) for some in (found, others) if some]


def action(record: Record, names: RuntimeNames, *, every_version: bool = False) -> list[Action]:
    """Return the bulk actions and documents for a record: the newest version, and that version for the history.

    A newer version in the index wins; an equal version is replaced. A record on the quarantine's topic has no action if
    the quarantine did not write it.

    Raises:
        Rejected: the record is on another topic and is not a message of `articles.tagged`.
    """
    if record.topic == names.quarantine:
        found = entry(record)
        return [] if found is None else [_action(record, Names(names.prefix, "quarantine"), *found)]
    message = decode(TAGGED_MESSAGE, record.value)
    order = order_of(message)
    made = [
        _action(record, Names(names.prefix, index_kind(message)), document_id(message), order, document(message)),
    ]
    kept = version_of(message, record, every=every_version)
    if kept is not None:
        name, source = kept
        made.append(_action(record, Names(names.prefix, "history"), name, order, source))
    return made


def _action(record: Record, index: Names, name: str, version: int, source: dict[str, Any]) -> Action:
    target = {
        "_index": index.write,
        "_id": name,
        "version": version,
        "version_type": "external_gte",
        # Without it, Elasticsearch would create an index with the alias's name when the live index is lost.
        "require_alias": True,
    }
    return Action(record, {"index": target}, source)


async def write(  # noqa: PLR0913  # what to write, how to wait, and what to do when it is refused or the index gone
    client: AsyncElasticsearch,
    actions: Sequence[Prepared],
    refuse: Callable[[Record, str], None],
    pause: Callable[[float], Awaitable[None]],
    mend: Callable[[], Awaitable[None]],
    *,
    refresh: bool = False,
) -> None:
    """Write until every action is done or refused; a refused action does not stop the others.

    Args:
        client: Elasticsearch.
        actions: what to write, with no document twice.
        refuse: called with the record of every refused document, and the reason.
        pause: how to wait for Elasticsearch.
        mend: called when an index is missing, before its documents are written again.
        refresh: whether searches shall find the documents at once.
    """
    waiting = actions
    while waiting:
        outcomes = await write_bulk(client, [one.operation for one in waiting], pause, refresh=refresh)
        for one, outcome in zip(waiting, outcomes, strict=True):
            if outcome.kind == "refused":
                refuse(one.record, outcome.reason)
        waiting = [one for one, outcome in zip(waiting, outcomes, strict=True) if outcome.kind == "gone"]
        if waiting:
            await mend()
            await pause(PAUSE_SECONDS)
