"""An HTTP server for /metrics, and for whether the worker is alive and ready (see `condition`).

The server has a thread of its own. So it answers while the worker handles a batch, and also while a batch blocks the
event loop, which is when the answer matters.
"""

from __future__ import annotations

import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime.health.condition import STALL_SECONDS, is_live, is_ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

    from services.runtime.health.condition import Condition

REQUEST_SECONDS = 5.0
POLL_SECONDS = 0.1
"""How soon the server notices a stop."""


class HealthServer:
    """Serves /live, /ready and /metrics until `close`.

    Args:
        host: the address to listen on; 0.0.0.0 or :: means all addresses of the machine.
        port: the port to listen on; 0 takes any free port.
        condition: returns the worker's condition at any time, from any thread.
        registry: the metrics that /metrics shows.
        stall_seconds: see `is_live`.

    Raises:
        OSError: the port is taken, or this machine does not have the address.
    """

    def __init__(
        self,
        host: str,
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
                """Log nothing, because probes come every few seconds."""

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        self._server = Server((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="health", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._server.server_port

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
