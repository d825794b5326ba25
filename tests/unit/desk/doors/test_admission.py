"""Requests beyond the number at once are told to come again; probes are always let in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import PlainTextResponse

from services.desk.doors.admission import MOST_AT_ONCE, Admission, asked_for
from services.desk.doors.hosts import allowed_hosts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from services.desk.problems import DeskError


def said(_request: Request, error: DeskError, headers: dict[str, str]) -> PlainTextResponse:
    return PlainTextResponse(error.code, status_code=error.status, headers=headers)


async def nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def status_of(app: Admission, path: str) -> int:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "client": ("192.0.2.1", 1)}
    await app(scope, nothing, send)
    return int(sent[0]["status"])


def test_two_hundred_at_once_are_answered_and_the_next_is_told_to_wait() -> None:
    """A request counts until the last piece of its answer, and its place is free after it."""

    async def run() -> None:
        release = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/slow":
                await release.wait()
            await PlainTextResponse("here")(scope, receive, send)

        app = Admission(slow, allowed_hosts("127.0.0.1", ()), {}, said)
        inside = [asyncio.create_task(status_of(app, "/slow")) for _ in range(MOST_AT_ONCE)]
        await asyncio.sleep(0)
        assert await status_of(app, "/issues") == 503
        assert await status_of(app, "/live") == await status_of(app, "/ready") == 200
        release.set()
        assert set(await asyncio.gather(*inside)) == {200}
        assert await status_of(app, "/issues") == 200

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/", "search"),
        ("HEAD", "/api/search", "search"),
        ("GET", "/api/suggest", "search"),
        ("GET", "/export/csv", "export"),
        ("GET", "/api/export/jsonl", "export"),
        ("POST", "/api/articles/a/2023-08-04/0123456789ab/corrections", "correction"),
        ("DELETE", "/", "correction"),
        ("GET", "/articles/a/2023-08-04/0123456789ab", None),
        ("GET", "/static/desk.css", None),
    ],
)
def test_what_costs_is_limited_by_its_kind(method: str, path: str, kind: str | None) -> None:
    """Searches, files and corrections each have a rate; reading an article has none."""
    assert asked_for(method, path) == kind
