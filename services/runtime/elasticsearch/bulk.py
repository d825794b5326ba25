"""Write documents in bulk: limit each request, wait for a busy server, and give up on a document it never accepts.

A server that is down, full or blocked refuses every document, so all a stage can do is wait. A server that accepts
other documents but refuses the same document again and again will never accept it. Then the document is at fault, and
the documents after it must not wait.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from elasticsearch import ApiError

from services.runtime.elasticsearch.outcome import TOO_LARGE, Outcome, of_item, of_request
from services.runtime.elasticsearch.store import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, patiently

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from elasticsearch import AsyncElasticsearch

log = structlog.get_logger(__name__)

MAX_BYTES = 8 * 1024 * 1024
MAX_DOCUMENTS = 200

MOST_REFUSALS = 10
"""How often a healthy server may refuse one document; the pauses in between give it 48 s to recover."""

ABOUT_THE_REQUEST = frozenset({429, 500})
"""Statuses that answer a complete request: it is too large, or one document in it causes a fault in the server."""

NO_DOCUMENT = "no-such-document"


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to write: the action with its metadata, such as `{"index": {"_index": …}}`, and its JSON."""

    action: dict[str, Any]
    source: bytes

    @property
    def index(self) -> str:
        """The index or alias that the document goes to."""
        ((_, target),) = self.action.items()
        return str(target["_index"])


async def write_bulk(
    client: AsyncElasticsearch,
    operations: Sequence[Operation],
    pause: Callable[[float], Awaitable[None]],
    *,
    refresh: bool = False,
) -> list[Outcome]:
    """Write until every document is done, in conflict or refused, or its index is gone; return the outcomes in order.

    Args:
        client: Elasticsearch.
        operations: what to write, with no document twice, because a document refused for now is written after later
            documents.
        pause: how to wait; `patiently` describes it and the errors it raises.
        refresh: whether searches shall find the documents of a request as soon as it is answered.
    """
    found: dict[int, Outcome] = {}
    refusals: Counter[int] = Counter()
    waiting, most_bytes, seconds = list(range(len(operations))), MAX_BYTES, FIRST_PAUSE_SECONDS
    while waiting:
        again: dict[int, str] = {}
        healthy = False
        for chunk in _chunks(operations, waiting, most_bytes):
            outcomes = await _send(client, [operations[number] for number in chunk], pause, refresh=refresh)
            if len(outcomes) < len(chunk):
                # The server refused the complete request. Send it again in parts, down to single documents.
                again |= dict.fromkeys(chunk, outcomes[0].reason)
                most_bytes = min(most_bytes, sum(len(operations[number].source) for number in chunk) // 2)
                continue
            for number, outcome in zip(chunk, outcomes, strict=True):
                if outcome.kind == "again":
                    again[number] = outcome.reason
                    refusals[number] += 1
                else:
                    found[number] = outcome
                    healthy = True
        waiting = sorted(again)
        if waiting:
            reason = again[waiting[0]]
            if not healthy and not await _takes_others(client, operations[waiting[0]].index):
                refusals.clear()
            log.warning("waiting for Elasticsearch", reason=reason, documents=len(waiting), seconds=seconds)
            for number in [number for number in waiting if refusals[number] >= MOST_REFUSALS]:
                waiting.remove(number)
                found[number] = Outcome(
                    "refused", f"a healthy server refused it {MOST_REFUSALS} times: {again[number]}"
                )
        if waiting:
            await pause(seconds)
            seconds = min(seconds * 2, LONGEST_PAUSE_SECONDS)
    return [found[number] for number in range(len(operations))]


async def _send(
    client: AsyncElasticsearch,
    operations: Sequence[Operation],
    pause: Callable[[float], Awaitable[None]],
    *,
    refresh: bool,
) -> list[Outcome]:
    """Send one request; return an outcome per document, or a single outcome if it refuses several documents at once."""
    body: list[Any] = [part for one in operations for part in (one.action, one.source)]
    try:
        answer = await patiently(
            lambda: client.bulk(operations=body, refresh=refresh), pause, answered=ABOUT_THE_REQUEST
        )
    except ApiError as error:
        if error.meta.status not in ABOUT_THE_REQUEST | {TOO_LARGE}:
            raise
        return [of_request(error)]
    return [of_item(item) for item in answer["items"]]


async def _takes_others(client: AsyncElasticsearch, index: str) -> bool:
    """Return whether the index accepts writes; deleting a document that does not exist is the smallest write."""
    try:
        answer = await client.bulk(operations=[{"delete": {"_index": index, "_id": NO_DOCUMENT}}])
    except Exception as error:  # noqa: BLE001  # whatever it is, the server is not well
        log.info("Elasticsearch is not well", reason=type(error).__name__)
        return False
    return not answer["errors"]


def _chunks(operations: Sequence[Operation], numbers: Sequence[int], most_bytes: int) -> Iterator[list[int]]:
    """Yield lists of operation numbers that fit into one request, with at least one number in a list."""
    chunk: list[int] = []
    size = 0
    for number in numbers:
        more = len(operations[number].source)
        if chunk and (size + more > most_bytes or len(chunk) == MAX_DOCUMENTS):
            yield chunk
            chunk, size = [], 0
        chunk.append(number)
        size += more
    if chunk:
        yield chunk
