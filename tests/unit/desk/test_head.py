"""HEAD is answered as GET would be, without a body."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from services.desk.head import HeadAsGet

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE: list[int] = []


def app() -> FastAPI:
    made = FastAPI()
    made.add_middleware(HeadAsGet)

    @made.get("/page")
    def page() -> dict[str, str]:
        return {"headline": "渔港明日开渔"}

    @made.get("/file")
    def file() -> StreamingResponse:
        def lines() -> Iterator[str]:
            for number in range(1000):
                MADE.append(number)
                yield f"{number}\n"

        return StreamingResponse(lines(), media_type="text/csv")

    return made


def answered(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": [], "scheme": "http", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for request in requests:
            return request
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app()(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:])


def test_head_has_the_status_and_headers_of_get_and_no_body() -> None:
    status, headers, body = answered("HEAD", "/page")
    assert (status, headers) == answered("GET", "/page")[:2]
    assert headers["content-length"] != "0"
    assert body == b""


def test_head_of_what_is_not_there_says_so() -> None:
    assert answered("HEAD", "/nowhere")[0] == 404


def test_head_of_a_long_file_does_not_make_the_file() -> None:
    MADE.clear()
    status, headers, body = answered("HEAD", "/file")
    assert (status, headers["content-type"].partition(";")[0], body) == (200, "text/csv", b"")
    assert len(MADE) < 10
