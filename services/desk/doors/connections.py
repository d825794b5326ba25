"""Connections that do nothing are closed, so that they never keep others out.

uvicorn closes a connection that is silent after an answer. It waits without end for a first request, for the rest of a
header, and for a client that does not read its answer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


class Connection(H11Protocol):
    """One connection, in time: a whole header within `header_seconds`, and an answer read within `unread_seconds`.

    With more than `most` connections, the one that has waited longest for a request makes room.
    """

    header_seconds: ClassVar[float] = 10.0
    """From the opening of the connection, or the end of its last answer, to the end of a request's header."""
    unread_seconds: ClassVar[float] = 30.0
    """How long a client may take no piece of an answer."""
    most: ClassVar[int] = 500
    """Below the 1,024 files that a process may usually open."""

    _due: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Open the connection, if need be in place of an idle one."""
        super().connection_made(transport)
        self._tend()
        if len(self.connections) > self.most:
            min((one for one in self.connections if isinstance(one, Connection)), key=lambda one: one.due).drop()

    @property
    def due(self) -> float:
        """When a request must be here, by the loop's clock; without end while one is in hand."""
        return self._due.when() if self._due is not None else math.inf

    def drop(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection's times."""
        self._stop_due()
        self._stop_unread()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle what was received."""
        super().handle_events()
        self._tend()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._tend()

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.unread_seconds, self.drop)

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._stop_unread()

    def _tend(self) -> None:
        """Start the time for the next header where no request is in hand, and stop it where one is."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_due()
        elif self._due is None and not self.transport.is_closing():
            self._due = self.loop.call_later(self.header_seconds, self.drop)

    def _stop_due(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due = None

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
        self._unread = None
