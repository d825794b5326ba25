"""A connection that does nothing is closed, and never keeps another out."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from services.desk.doors.connections import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

DEADLINE = 20.0
GET = b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG = 32 * 1024 * 1024


class Quick(Connection):
    """Times that a test can wait for."""

    header_seconds = 0.3
    unread_seconds = 0.3
    most = 20


class Patient(Connection):
    """Times that no test reaches."""

    header_seconds = 600.0
    most = 20


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        body = bytes(LONG) if scope["path"] == "/long" else b"here"
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        for start in range(0, len(body), 65_536):
            piece = body[start : start + 65_536]
            await send({"type": "http.response.body", "body": piece, "more_body": start + 65_536 < len(body)})


@dataclass(frozen=True, slots=True)
class Serving:
    """A server in a thread of its own."""

    port: int
    server: uvicorn.Server

    def opened(self, sent: bytes = b"") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE)
        made.sendall(sent)
        return made

    def connections(self) -> int:
        return len(self.server.server_state.connections)

    def wait_for(self, number: int) -> None:
        deadline = time.monotonic() + DEADLINE
        while self.connections() != number:
            assert time.monotonic() < deadline, f"{self.connections()} connections are open"
            time.sleep(0.01)


@contextlib.contextmanager
def serving(kind: type[Connection]) -> Iterator[Serving]:
    config = uvicorn.Config(application, http=kind, ws="none", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield Serving(listening.getsockname()[1], server)
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(DEADLINE)


def ended(client: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65_536):
            received += piece
    return received


@pytest.mark.parametrize(
    ("sent", "begins"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: loc", b""),
        (GET + b"GET /page HTT", b"HTTP/1.1 200"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf", b"HTTP/1.1 200"),
    ],
)
def test_who_sends_nothing_half_a_header_or_half_a_body_is_closed(sent: bytes, begins: bytes) -> None:
    """Each of them had a place without end."""
    with serving(Quick) as served, served.opened(sent) as client:
        assert ended(client).startswith(begins)
        served.wait_for(0)


def test_a_header_that_comes_drop_by_drop_has_no_longer() -> None:
    """Bytes do not start the time anew."""
    with serving(Quick) as served, served.opened(b"GET / HTTP/1.1\r\nX: ") as client:
        client.settimeout(0.05)
        deadline = time.monotonic() + DEADLINE
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < deadline:
                client.sendall(b"x")
                with contextlib.suppress(TimeoutError):
                    assert client.recv(1) == b""
                    break
        served.wait_for(0)


def test_who_does_not_read_the_answer_is_closed() -> None:
    """An answer that nobody takes holds its memory for a while only."""
    with serving(Quick) as served, served.opened(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n"):
        served.wait_for(1)
        served.wait_for(0)


def test_requests_in_time_go_on_over_one_connection() -> None:
    """A browser's connection serves one request after another."""
    with serving(Quick) as served, served.opened() as client:
        for _ in range(5):
            client.sendall(GET)
            received = b""
            while not received.endswith(b"here"):
                piece = client.recv(65_536)
                assert piece
                received += piece


def test_idle_connections_make_room_the_longest_idle_first() -> None:
    """However many do nothing, the next request is answered."""
    with serving(Patient) as served, contextlib.ExitStack() as stack:
        idle = []
        for number in range(Patient.most):
            idle.append(stack.enter_context(served.opened()))
            served.wait_for(number + 1)
        for turn in range(3):
            client = stack.enter_context(served.opened(GET))
            assert client.recv(12) == b"HTTP/1.1 200"
            assert ended(idle[turn]) == b""
        served.wait_for(Patient.most)
