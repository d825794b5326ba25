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
        taken = error.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be used ({error.strerror or error})"
        sys.stderr.write(
            f"{settings.desk_host}:{settings.desk_port} {why}.\n"
            "Set BROADSHEET_DESK_PORT to a free port, or 0 for any; BROADSHEET_DESK_HOST names the address.\n"
        )
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
    return 0


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
