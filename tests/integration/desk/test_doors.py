"""What comes to a running desk from outside, and is kept out; none of it needs a server behind the desk."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.integration.desk.archive import running_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.desk.archive import Desk

NO_ELASTICSEARCH = "http://127.0.0.1:9"
RATES = {
    "BROADSHEET_DESK_SEARCHES_PER_MINUTE": "5",
    "BROADSHEET_DESK_EXPORTS_PER_MINUTE": "2",
    "BROADSHEET_DESK_CORRECTIONS_PER_MINUTE": "3",
}
IDLE = 250
"""More than the 200 requests that the desk answers at once."""
ID = "/articles/%E6%8A%A5/2023-08-04/0123456789ab"
DEADLINE = 30.0


@pytest.fixture(scope="module")
def alone() -> Iterator[Desk]:
    """A desk without servers behind it, under the name desk.example, that trusts no proxy."""
    with running_desk(NO_ELASTICSEARCH, BROADSHEET_DESK_HOSTS="desk.example") as desk:
        yield desk


@pytest.fixture(scope="module")
def limited() -> Iterator[Desk]:
    """A desk that takes few requests a minute, and believes 127.0.0.1 about the client."""
    with running_desk(NO_ELASTICSEARCH, BROADSHEET_DESK_PROXIES="127.0.0.1", **RATES) as desk:
        yield desk


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "localhost.evil.example", "0.0.0.0:1", "[", ""])
def test_a_foreign_host_is_refused(alone: Desk, host: str) -> None:
    """A page whose name was made to lead here (DNS rebinding) reads and corrects nothing."""
    for method, path in (("GET", "/api/search?q=x"), ("GET", "/"), ("POST", f"/api{ID}/corrections")):
        answer = alone.get(path, method, host=host)
        assert answer.status == 421
        assert "content-security-policy" in answer.headers
    assert alone.get("/api/search", host=host).json()["code"] == "foreign-host"
    assert alone.get("/live", host=host).status == 200, "a probe asks by address"


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80", "DESK.example", "desk.example:443"])
def test_loopback_and_named_hosts_are_answered(alone: Desk, host: str) -> None:
    """Without an archive the answer is 503; the door is open."""
    assert alone.get("/api/search", host=host).status == 503


@pytest.mark.parametrize(
    "path",
    ["/articles/..", "/api/articles/..", "/api/ninjs/.", "/issues/..", "/api/issues/..%2F..", "/static/%00", "/%3F",
     "/static/../app.py", f"/static/{'x' * 5000}", "/issues/a%00b", "//", "/api/articles/..%2F_search", "/%ff%fe"],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_not_found(alone: Desk, path: str) -> None:
    """Elasticsearch is not even asked: here it is away, and the answer would be 503."""
    assert alone.get(path).status == 404


def test_idle_connections_keep_nobody_out(alone: Desk) -> None:
    """Two hundred of them gave 503 to everybody, and to probes."""
    at = urlsplit(alone.address)
    with contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(socket.create_connection((at.hostname, at.port), timeout=10))
        assert alone.get("/live").status == 200
        assert alone.get("/static/desk.css").status == 200


@pytest.mark.parametrize(
    ("method", "path", "granted"),
    [("GET", "/api/search", 5), ("GET", "/api/export/csv", 2), ("POST", f"/api{ID}/corrections", 3)],
)
def test_a_client_that_asks_too_often_is_told_when_to_ask_again(
    limited: Desk, method: str, path: str, granted: int
) -> None:
    """Another client, and everything that costs little, is served on."""
    for _ in range(granted):
        assert limited.get(path, method, x_forwarded_for="192.0.2.1").status != 429
    refused = limited.get(path, method, x_forwarded_for="192.0.2.1")
    assert (refused.status, refused.json()["code"]) == (429, "too-many")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert limited.get(path, method, x_forwarded_for="192.0.2.2").status != 429
    assert limited.get("/live", x_forwarded_for="192.0.2.1").status == 200
    assert limited.get("/static/desk.css", x_forwarded_for="192.0.2.1").status == 200


def test_behind_tls_cookies_are_secure_on_the_word_of_a_trusted_proxy_alone(limited: Desk, alone: Desk) -> None:
    """The gateway says https; from anyone else the header says nothing."""
    (secure,) = limited.get("/nowhere?lang=en", x_forwarded_proto="https").cookies
    assert "Secure" in secure
    for desk, headers in ((limited, {}), (alone, {"x_forwarded_proto": "https"})):
        (plain,) = desk.get("/nowhere?lang=en", **headers).cookies
        assert "Secure" not in plain


def test_a_client_that_leaves_in_its_body_is_one_quiet_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It was a traceback."""
    log = tmp_path_factory.mktemp("desk") / "log"
    with running_desk(NO_ELASTICSEARCH, log=log) as desk:
        at = urlsplit(desk.address)
        with socket.create_connection((at.hostname, at.port), timeout=10) as leaving:
            leaving.sendall(
                f"POST /api{ID}/corrections HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                "Content-Length: 100\r\n\r\n{".encode()
            )
        deadline = time.monotonic() + DEADLINE
        while "left before" not in log.read_text() and time.monotonic() < deadline:
            desk.get("/live")
    (line,) = [json.loads(line) for line in log.read_text().splitlines() if "corrections" in line]
    assert (line["log.level"] if "log.level" in line else line["log"]["level"]) == "info"
    assert "Traceback" not in log.read_text()
