"""Is the worker alive, and is it ready? Judged by progress, and served beside /metrics.

The server has a thread of its own: it answers while a batch is in hand, and also while one holds up the event loop,
which is when the answer matters.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

STALL_SECONDS = 300.0
"""Without progress for so long while there is work, a worker is taken for dead; a batch takes seconds."""

REQUEST_SECONDS = 5.0
POLL_SECONDS = 0.1
"""How soon a stop is noticed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a worker knows of itself.

    Attributes:
        starting: it has not yet joined its group, and may be waiting for servers.
        running: its delivery goes on.
        settled: its group is stable, with or without partitions for this worker.
        waiting: it holds a batch and waits for Elasticsearch.
        lag: records of its partitions that are not delivered.
        idle_seconds: since a batch was last delivered, or since there was last nothing to do.
    """

    starting: bool
    running: bool
    settled: bool
    waiting: bool
    lag: int
    idle_seconds: float


def is_live(condition: Condition, stall_seconds: float = STALL_SECONDS) -> tuple[bool, str]:
    """Tell whether the worker lives, and why; one that does not is to be started anew.

    Waiting for a server is life: starting anew would not bring the server back.
    """
    if condition.starting:
        return True, "starting"
    if not condition.running:
        return False, "the delivery has ended"
    if condition.waiting:
        return True, "waiting for Elasticsearch"
    if condition.lag and condition.idle_seconds > stall_seconds:
        return False, f"no progress for {condition.idle_seconds:.0f} s with {condition.lag} records to go"
    return True, "working"


def is_ready(condition: Condition) -> tuple[bool, str]:
    """Tell whether the worker does its work now, and why not."""
    if condition.starting:
        return False, "starting"
    if not condition.running:
        return False, "the delivery has ended"
    if not condition.settled:
        return False, "the group is rebalancing"
    if condition.waiting:
        return False, "waiting for Elasticsearch"
    return True, "working"


class HealthServer:
    """Serves /live, /ready and /metrics on all interfaces until it is closed.

    Args:
        port: where; 0 takes any free port.
        condition: gives the worker's condition at any time, from any thread.
        registry: what /metrics shows.
        stall_seconds: see `is_live`.

    Raises:
        OSError: the port is taken.
    """

    def __init__(
        self,
        port: int,
        condition: Callable[[], Condition],
        registry: CollectorRegistry,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        def answer(path: str) -> tuple[HTTPStatus, str, bytes]:
            if path == "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)
            if path == "/live":
                good, why = is_live(condition(), stall_seconds)
            elif path == "/ready":
                good, why = is_ready(condition())
            else:
                return HTTPStatus.NOT_FOUND, "text/plain", b"/live, /ready or /metrics\n"
            status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
            return status, "text/plain; charset=utf-8", f"{why}\n".encode()

        class Handler(BaseHTTPRequestHandler):
            timeout = REQUEST_SECONDS

            def do_GET(self) -> None:
                status, content_type, body = answer(self.path.partition("?")[0])
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing: probes come every few seconds."""

        self._server = ThreadingHTTPServer(("", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="health", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
