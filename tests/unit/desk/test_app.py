"""The desk's application, asked without a server around it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from elasticsearch import AsyncElasticsearch
from structlog.testing import capture_logs

from services.desk.app import create_app
from services.desk.routes import corrections
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    import pytest


def test_a_body_that_does_not_come_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction that is announced and never sent ends with 408; the log says which client it was."""
    monkeypatch.setattr(corrections, "BODY_SECONDS", 0.01)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> None:
        async with AsyncElasticsearch("http://127.0.0.1:9") as client:
            path = "/api/articles/报/2023-08-04/0123456789ab/corrections"
            scope = {
                "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path,
                "raw_path": path.encode(), "query_string": b"", "scheme": "http", "root_path": "",
                "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
                "client": ("192.0.2.1", 1), "server": ("127.0.0.1", 80),
            }  # fmt: skip
            await create_app(load_settings(), client)(scope, receive, send)

    with capture_logs() as logged:
        asyncio.run(run())
    assert sent[0]["status"] == 408
    (request,) = [one for one in logged if one["event"] == "request"]
    assert (request["status"], request["client"]) == (408, "192.0.2.1")
