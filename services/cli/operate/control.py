"""How `broadsheet stage` reaches the `broadsheet run` of the same home: a socket that only its user can open."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rich.table import Table

from services.cli.shared.console import out, print_json
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.cli.operate.workers import Workers
    from services.runtime.settings import Settings

REQUEST_BYTES = 4096
PATIENCE_SECONDS = 60.0
"""A stopping service first ends or abandons its current batch; after 15 s it is killed."""

ACTIONS = ("stop", "start", "list")


class Control:
    """Stops and starts the services when another process asks; use it as a context manager.

    Args:
        settings: their home determines the path of the socket.
        workers: the services.
    """

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self._path = socket_path(settings)
        self._workers = workers

    def __enter__(self) -> Self:
        folder = self._path.parent
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
            raise BroadsheetError(f"{folder} belongs to somebody else, or others may open it; remove it.")
        with socket.socket(socket.AF_UNIX) as other, contextlib.suppress(OSError):
            other.connect(str(self._path))
            raise BroadsheetError("Another `broadsheet run` has this home; stop it, or set BROADSHEET_HOME.")
        # Nobody listens on a socket that a killed run left behind.
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError, ValueError):
                connection.settimeout(PATIENCE_SECONDS)
                connection.sendall(json.dumps(self._answer(connection.recv(REQUEST_BYTES))).encode())

    def _answer(self, request: bytes) -> dict[str, object]:
        asked = json.loads(request)
        try:
            if asked["action"] == "stop":
                self._workers.halt(*asked["services"])
            elif asked["action"] == "start":
                self._workers.start(*asked["services"])
        except BroadsheetError as error:
            return {"error": str(error)}
        return {"states": self._workers.states}


def ask(settings: Settings, action: str, services: Sequence[str]) -> dict[str, str]:
    """Have the `broadsheet run` of this home stop or start services, and return the new state of each.

    Without names, it stops or starts all services.

    Raises:
        BroadsheetError: no `broadsheet run` is running there, or there is no such service.
    """
    if action not in ACTIONS:
        raise BroadsheetError(f"{action!r}: write one of {', '.join(ACTIONS)}.")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_SECONDS)
        try:
            connection.connect(str(socket_path(settings)))
            connection.sendall(json.dumps({"action": action, "services": list(services)}).encode())
            answer = json.loads(connection.makefile("rb").read())
        except (OSError, ValueError) as error:
            raise BroadsheetError(
                f"No `broadsheet run` answers for {settings.home.absolute()}.\n"
                "Start it, or set BROADSHEET_HOME to its home. Processors that run elsewhere are stopped there."
            ) from error
    if "error" in answer:
        raise BroadsheetError(answer["error"])
    states: dict[str, str] = answer["states"]
    return states


def control_stages(settings: Settings, action: str, services: Sequence[str], *, as_json: bool = False) -> None:
    """Call `ask`, and print the new state of each service, as a table or as JSON."""
    states = ask(settings, action, services)
    if as_json:
        print_json(states)
        return
    table = Table(box=None, header_style="bold")
    table.add_column("service")
    table.add_column("state")
    for service, state in states.items():
        table.add_row(service, state, style="" if state == "running" else "yellow")
    out.print(table)


def socket_path(settings: Settings) -> Path:
    """Return the path of a home's socket.

    It is outside the home, because a socket's path may have only 100 characters.
    """
    home = hashlib.blake2b(str(settings.home.absolute()).encode(), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"broadsheet-{os.getuid()}" / home
