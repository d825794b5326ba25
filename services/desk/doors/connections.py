"""Close idle connections, so that they never keep other clients out.

uvicorn closes a connection that is silent after an answer. It waits without limit for a first request, for the rest of
a header, and for a client that does not read its answer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


class Connection(H11Protocol):
    """A connection with time limits: `header_seconds` for a complete header, `unread_seconds` for reading an answer.

    With more than `most` connections, the connection that has waited longest for a request is closed.
    """

    header_seconds: ClassVar[float] = 10.0
    """Limit from the opening of the connection, or the end of its last answer, to the end of a request's header."""
    unread_seconds: ClassVar[float] = 30.0
    """How long a client may go without reading a piece of an answer."""
    most: ClassVar[int] = 500
    """The largest number of connections: below the 1,024 files that a process may usually open."""

    _due: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Open the connection; if necessary, close an idle connection first."""
        super().connection_made(transport)
        self._tend()
        if len(self.connections) > self.most:
            min((one for one in self.connections if isinstance(one, Connection)), key=lambda one: one.due).drop()

    @property
    def due(self) -> float:
        """When a request must have arrived, by the loop's clock; infinite while a request is being handled."""
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
        """Handle the received data."""
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
        """Start the timer for the next header if no request is being handled; otherwise stop it."""
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
