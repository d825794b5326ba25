"""Bulk writes: patient with a server, but not for ever with a document."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from services.runtime.elasticsearch.bulk import MAX_BYTES, MAX_DOCUMENTS, MOST_REFUSALS, Operation, write_bulk
from tests.fakes import Answer, api_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from elasticsearch import AsyncElasticsearch

    from services.runtime.elasticsearch.outcome import Outcome


@dataclass
class Server:
    """Takes what `status_of` gives 200 or 201; `status_of_request` may refuse a request whole, by its size in bytes."""

    status_of: Callable[[dict[str, Any]], int] = lambda _: 200
    status_of_request: Callable[[int], int] = lambda _: 200
    closed: bool = False
    requests: list[list[str]] = field(default_factory=list)
    refreshes: list[bool] = field(default_factory=list)

    async def bulk(self, *, operations: list[Any], refresh: bool = False) -> Answer:
        if "delete" in operations[0]:
            return Answer(errors=self.closed, items=[])
        self.refreshes.append(refresh)
        pairs = list(zip(operations[::2], operations[1::2], strict=True))
        self.requests.append([action["index"]["_id"] for action, _ in pairs])
        status = self.status_of_request(sum(len(source) for _, source in pairs))
        if status != 200:
            raise api_error(status, "es_rejected_execution_exception")
        items = []
        for action, source in pairs:
            status = 503 if self.closed else self.status_of(json.loads(source))
            error = {} if status < 300 else {"error": {"type": "unlucky", "reason": f"status {status}"}}
            items.append({"index": {"_id": action["index"]["_id"], "status": status, **error}})
        return Answer(errors=True, items=items)


def operation(name: str, *, size: int = 0, **fields: Any) -> Operation:
    source = {"name": name, "filler": "x" * size, **fields}
    return Operation({"index": {"_index": "articles", "_id": name}}, json.dumps(source).encode())


def write(
    server: Server, operations: list[Operation], pauses: list[float] | None = None, *, refresh: bool = False
) -> list[Outcome]:
    kept = pauses if pauses is not None else []

    async def pause(seconds: float) -> None:
        kept.append(seconds)
        assert len(kept) < 100, "it waits for ever"
        if len(kept) == 30:
            server.closed = False

    return asyncio.run(write_bulk(cast("AsyncElasticsearch", server), operations, pause, refresh=refresh))


def test_requests_are_bounded_by_documents_and_by_bytes() -> None:
    """A count alone let one request hold hundreds of megabytes."""
    server = Server()
    small = [operation(f"s{number}") for number in range(MAX_DOCUMENTS + 1)]
    large = [operation(f"l{number}", size=MAX_BYTES // 3) for number in range(4)]
    assert {one.kind for one in write(server, small + large)} == {"done"}
    assert [len(names) for names in server.requests] == [MAX_DOCUMENTS, 3, 2]


def test_every_request_of_a_write_asks_for_the_refresh_that_was_asked_for() -> None:
    """A portion that was cut in two is searchable as a whole."""
    server = Server()
    write(server, [operation(f"s{number}") for number in range(MAX_DOCUMENTS + 1)], refresh=True)
    write(server, [operation("t")])
    assert server.refreshes == [True, True, False]


def test_a_document_that_a_healthy_server_never_takes_is_refused_and_the_others_are_done() -> None:
    """It was tried for ever before, and everything behind it waited."""
    server = Server(status_of=lambda source: 429 if source.get("bad") else 200)
    outcomes = write(server, [operation("a"), operation("b", bad=True), operation("c")])
    assert [one.kind for one in outcomes] == ["done", "refused", "done"]
    assert f"{MOST_REFUSALS} times: unlucky: status 429" in outcomes[1].reason


def test_a_request_that_is_too_much_at_once_is_sent_in_parts() -> None:
    """Five documents of a third of the most that this server takes."""
    server = Server(status_of_request=lambda size: 429 if size > 400 else 200)
    assert {one.kind for one in write(server, [operation(str(n), size=150) for n in range(5)])} == {"done"}
    assert server.requests[0] == ["0", "1", "2", "3", "4"]


def test_a_single_document_that_is_too_large_for_a_healthy_server_is_refused() -> None:
    """Elasticsearch answers 413 to what it never reads, and 429 to what its memory never holds."""
    for status in (413, 429):
        server = Server(status_of_request=lambda size, status=status: status if size > 400 else 200)  # type: ignore[misc]
        outcomes = write(server, [operation("a"), operation("b", size=500), operation("c")])
        assert [one.kind for one in outcomes] == ["done", "refused", "done"]


def test_a_server_that_takes_nothing_is_waited_for_however_long() -> None:
    """Thirty pauses are more than a document at fault is given."""
    server = Server(closed=True)
    pauses: list[float] = []
    assert [one.kind for one in write(server, [operation("a"), operation("b")], pauses)] == ["done", "done"]
    assert len(pauses) == 30
    assert max(pauses) == 8
