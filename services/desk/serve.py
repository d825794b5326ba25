"""Serve the desk until it is told to stop."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING, Final

import structlog
import uvicorn

from services.desk.app import NAME, create_app
from services.desk.doors.connections import Connection
from services.runtime.errors import EXIT_CONFIG, BroadsheetError
from services.runtime.logs import configure_logging

if TYPE_CHECKING:
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 10
EXIT_TAKEN: Final = 1


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT, finish the current requests, and return the exit code."""
    configure_logging(settings, NAME)
    try:
        app = create_app(settings)
    except BroadsheetError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CONFIG
    try:
        listening = listen(settings.desk_host, settings.desk_port)
    except OSError as error:
        _say_taken(error, settings.desk_host, settings.desk_port, "BROADSHEET_DESK")
        return EXIT_TAKEN
    metrics = None
    if settings.http_port:
        try:
            metrics = app.state.measures.serve(settings.http_host, settings.http_port)
        except OSError as error:
            listening.close()
            _say_taken(error, settings.http_host, settings.http_port, "BROADSHEET_HTTP")
            return EXIT_TAKEN
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            http=Connection,
            ws="none",
            proxy_headers=bool(settings.desk_proxies),
            forwarded_allow_ips=list(settings.desk_proxies),
        )
    )
    with listening:
        host, port = listening.getsockname()[:2]
        log.info("the desk is open", address=f"http://{f'[{host}]' if ':' in host else host}:{port}")
        server.run(sockets=[listening])
    if metrics is not None:
        metrics.shutdown()
        metrics.server_close()
    return 0


def _say_taken(error: OSError, host: str, port: int, settings: str) -> None:
    taken = error.errno == errno.EADDRINUSE
    why = "is taken by another program" if taken else f"cannot be used ({error.strerror or error})"
    sys.stderr.write(
        f"{host}:{port} {why}.\n"
        f"Set {settings}_PORT to a free port, or 0 for {'any' if settings.endswith('DESK') else 'none'}; "
        f"{settings}_HOST names the address.\n"
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address.

    Raises:
        OSError: the address is in use, or is not on this machine.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
