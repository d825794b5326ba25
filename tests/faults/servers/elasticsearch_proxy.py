"""A proxy before Elasticsearch that understands requests: it can slow, refuse or lose all or part of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, Self

import aiohttp
from aiohttp import web
from yarl import URL

from tests.faults.breaking.steps import Moment, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOST = "127.0.0.1"
MAX_BYTES = 256 * 1024 * 1024
SLOW_SECONDS = (0.2, 2.5)
SHARE = 0.5
"""The share of requests that a fault hits, so that work continues in between."""

STEPS = {"_mget": "read states", "_bulk": "bulk"}
"""The ends of a batch's requests, and their names in `breaking.steps`."""

Passing = Callable[[Place, str, Moment], Awaitable[bool]]

Trouble = Literal["cut off", "slow", "refuses", "refuses parts", "answers lost"]


class ElasticsearchProxy:
    """Forwards every request to Elasticsearch at `target`, as far as the active troubles allow.

    Args:
        target: Elasticsearch's URL.
        seed: decides which requests, and which parts of them, are hit.
        passing: is told about each batch's requests and the worker's place, as a `KafkaLink` tells about Kafka's.
    """

    def __init__(self, target: str, seed: int, passing: Passing | None = None) -> None:
        self._target = target
        self._passing = passing
        self._places: dict[int, Place] = {}
        self._chance = random.Random(f"proxy {seed}")
        self._in_force: Counter[Trouble] = Counter()
        self._open: set[asyncio.Transport] = set()
        self.struck: Counter[Trouble] = Counter()
        """The number of requests that each trouble hit; for partial refusals, the number of parts of requests."""

    @property
    def url(self) -> str:
        """The URL where it listens."""
        host, port = self._runner.addresses[0]
        return f"http://{host}:{port}"

    async def url_for(self, place: Place) -> str:
        """Return the URL where it listens for the worker at a place; this identifies the worker."""
        door = socket.create_server((HOST, 0))
        port = int(door.getsockname()[1])
        self._places[port] = place
        await web.SockSite(self._runner, door).start()
        return f"http://{HOST}:{port}"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None), connector=aiohttp.TCPConnector(limit=0)
        )
        application = web.Application(client_max_size=MAX_BYTES)
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    @contextlib.contextmanager
    def trouble(self, kind: Trouble) -> Iterator[None]:
        """Keep a trouble active while the context lasts; several may be active at once."""
        self._in_force[kind] += 1
        if kind == "cut off":
            for transport in self._open:
                transport.abort()
        try:
            yield
        finally:
            self._in_force[kind] -= 1

    def _strikes(self, kind: Trouble, share: float = SHARE) -> bool:
        struck = self._in_force[kind] > 0 and self._chance.random() < share
        self.struck[kind] += struck
        return struck

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert isinstance(transport, asyncio.Transport)
        self._open.add(transport)
        try:
            body = await request.read()
            if self._strikes("cut off", 1):
                return _hang_up(transport)
            if self._strikes("slow"):
                await asyncio.sleep(self._chance.uniform(*SLOW_SECONDS))
            if self._strikes("refuses"):
                error = {"type": "es_rejected_execution_exception", "reason": "made up by a test"}
                return _answer(429, json.dumps({"error": error, "status": 429}).encode())
            if not await self._passes(request, transport, "before"):
                return _hang_up(transport)
            try:
                answer = await self._ask(request, body)
            except (aiohttp.ClientError, OSError):
                return _hang_up(transport)
            if not await self._passes(request, transport, "after"):
                return _hang_up(transport)
            # Half of it, because the worker must succeed in the end: it sends lost requests again and again.
            return _hang_up(transport) if self._strikes("answers lost") else answer
        finally:
            self._open.discard(transport)

    async def _passes(self, request: web.Request, transport: asyncio.Transport, moment: Moment) -> bool:
        place = self._places.get(transport.get_extra_info("sockname")[1])
        name = STEPS.get(request.path.rpartition("/")[2])
        if self._passing is None or place is None or name is None:
            return True
        return await self._passing(place, name, moment)

    async def _ask(self, request: web.Request, body: bytes) -> web.Response:
        if self._in_force["refuses parts"] and request.path.endswith("/_bulk"):
            return await self._ask_in_part(request, body)
        return await self._forward(request, body)

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        headers = {name: request.headers[name] for name in ("Content-Type", "Accept") if name in request.headers}
        url = URL(self._target + request.raw_path, encoded=True)
        asked = self._session.request(request.method, url, data=body, headers=headers)
        async with asked as answer:
            return _answer(answer.status, await answer.read(), answer.headers.get("Content-Type", "application/json"))

    async def _ask_in_part(self, request: web.Request, body: bytes) -> web.Response:
        items = bulk_items(body)
        struck = [self._strikes("refuses parts") for _ in items]
        kept = [item for item, hit in zip(items, struck, strict=True) if not hit]
        content: dict[str, Any] = {"took": 0, "errors": False, "items": []}
        content_type = "application/json"
        if kept:
            answer = await self._forward(request, b"".join(line + b"\n" for item in kept for line in item))
            if answer.status != 200:
                return answer
            assert isinstance(answer.body, bytes)
            content = json.loads(answer.body)
            content_type = answer.headers["Content-Type"]
        done = iter(content["items"])
        results = [
            refused(item, self._chance.choice((429, 503))) if hit else next(done)
            for item, hit in zip(items, struck, strict=True)
        ]
        content |= {"items": results, "errors": content["errors"] or len(kept) < len(items)}
        return _answer(200, json.dumps(content).encode(), content_type)


def bulk_items(body: bytes) -> list[tuple[bytes, ...]]:
    """Return the items of a bulk request: each has the line of its action and, unless it deletes, its document."""
    lines = iter(line for line in body.split(b"\n") if line)
    return [(action,) if "delete" in json.loads(action) else (action, next(lines)) for action in lines]


def refused(item: Sequence[bytes], status: int) -> dict[str, Any]:
    """Return Elasticsearch's answer for an item that it currently has no room for."""
    ((verb, target),) = json.loads(item[0]).items()
    error = {"type": "es_rejected_execution_exception", "reason": "made up by a test"}
    return {verb: {"_index": target.get("_index", ""), "_id": target["_id"], "status": status, "error": error}}


def _answer(status: int, body: bytes, content_type: str = "application/json") -> web.Response:
    return web.Response(
        status=status, body=body, headers={"Content-Type": content_type, "X-Elastic-Product": "Elasticsearch"}
    )


def _hang_up(transport: asyncio.Transport) -> web.Response:
    transport.abort()
    return web.Response()
