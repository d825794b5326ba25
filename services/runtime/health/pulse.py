"""Ask a server again and again whether it answers, because a server that hangs does not close its connections."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from elasticsearch import ApiError

from services.runtime.elasticsearch.store import is_passing
from services.runtime.errors import NotAdmitted, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from elasticsearch import AsyncElasticsearch


class Pulse:
    """Asks a server until `close`; create it where an event loop runs.

    Args:
        ask: returns when the server has answered, and raises an error when it has not.
        seconds: the time between two questions, and the longest wait for an answer.
        refused: called with the error when the server does not let us in any more.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[object]], seconds: float, refused: Callable[[NotAdmitted], None]
    ) -> None:
        self._ask = ask
        self._refused = refused
        self._seconds = seconds
        self._answered = time.monotonic()
        self._task = asyncio.create_task(self._ask_again_and_again())

    @property
    def silent_seconds(self) -> float:
        """The age of the last question that the server answered; any thread may ask."""
        return time.monotonic() - self._answered

    async def close(self) -> None:
        """Stop asking."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _ask_again_and_again(self) -> None:
        while True:
            asked = time.monotonic()
            # Whatever the cause, a server that does not answer is silent.
            with contextlib.suppress(Exception):
                try:
                    async with asyncio.timeout(self._seconds):
                        await self._ask()
                except NotAdmitted as error:
                    self._refused(error)
                    raise
                self._answered = asked
            await asyncio.sleep(max(0.0, self._seconds - (time.monotonic() - asked)))


def pulse_of(client: AsyncElasticsearch, seconds: float, refused: Callable[[NotAdmitted], None]) -> Pulse:
    """Return a pulse that asks Elasticsearch for its health, because the embedded one does not answer at its root path.

    An answer that says a role forbids the request counts as an answer.
    """
    impatient = client.options(request_timeout=seconds, max_retries=0)

    async def ask() -> None:
        try:
            await impatient.cluster.health(filter_path=["status"])
        except NotAllowed:
            return
        except ApiError as error:
            if is_passing(error):
                raise

    return Pulse(ask, seconds, refused)
