"""What the desk counts about its requests."""

from __future__ import annotations

import socket
import urllib.request

import pytest
from prometheus_client import generate_latest

from services.desk.measures import DeskMeasures


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("GET", "/", "search"),
        ("GET", "/api/export/csv", "export"),
        ("POST", "/api/issues", "issue"),
        ("POST", "/api/articles/a/corrections", "correction"),
        ("GET", "/articles/invented-by-somebody", "other"),
    ],
)
def test_a_request_is_counted_by_what_it_asks_for_and_never_by_its_address(method: str, path: str, asked: str) -> None:
    measures = DeskMeasures()
    measures.answered(method, path, 429, 0.3)
    shown = generate_latest(measures.registry).decode()
    assert f'broadsheet_desk_requests_total{{asked="{asked}",status="4xx"}} 1.0' in shown
    assert f'broadsheet_desk_request_seconds_bucket{{asked="{asked}",le="0.5"}} 1.0' in shown
    assert "invented" not in shown


def test_metrics_have_a_port_of_their_own() -> None:
    """The gateway reaches the other one."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = DeskMeasures().serve("127.0.0.1", port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert "broadsheet_build_info{" in answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
