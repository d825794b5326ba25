"""A server that can be cut off: a TCP proxy before it that opens and closes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Proxy:
    """Listens on a port of its own and hands every connection on to `host`:`port` while it is open.

    Closed, it refuses connections as a server does that is not there, and those that were open end.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener: socket.socket | None = None
        self._connections: list[socket.socket] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def open(self) -> None:
        """Let connections through."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """End all connections and refuse new ones."""
        sockets = [*self._connections, *([self._listener] if self._listener else [])]
        self._listener = None
        self._connections.clear()
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inner, _ = listener.accept()
                try:
                    outer = socket.create_connection(self._target)
                except OSError:
                    inner.close()
                    continue
                if self._listener is not listener:  # it was closed while this connection came in
                    inner.close()
                    outer.close()
                    return
                self._connections += [inner, outer]
                for source, target in ((inner, outer), (outer, inner)):
                    threading.Thread(target=_pump, args=(source, target), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
