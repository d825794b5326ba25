"""What the desk counts about its requests, for Prometheus, on a port of its own that the gateway does not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

from services.desk.doors.admission import asked_for
from services.runtime.health.measures import show_release

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

STAGE: Final = "desk"
SECONDS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
OTHER: Final = "other"


class DeskMeasures:
    """The metrics of one desk, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels: dict[str, Any] = {"registry": self.registry}
        self._requests = Counter(
            "broadsheet_desk_requests",
            "Requests by what they ask for (search, export, correction, issue, other) and the class of their status.",
            ("asked", "status"),
            **labels,
        )
        self._seconds = Histogram(
            "broadsheet_desk_request_seconds",
            "From a request to its answer's header, by what it asks for.",
            ("asked",),
            buckets=SECONDS,
            **labels,
        )
        show_release(self.registry, STAGE)

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request; addresses are not labels, since anybody can invent one."""
        asked = asked_for(method, path) or OTHER
        self._requests.labels(asked, f"{status // 100}xx").inc()
        self._seconds.labels(asked).observe(seconds)

    def serve(self, host: str, port: int) -> WSGIServer:
        """Serve /metrics in a thread; close what this returns.

        Raises:
            OSError: the port is taken, or this machine does not have the address.
        """
        server, _ = start_http_server(port, host, self.registry)
        return server
