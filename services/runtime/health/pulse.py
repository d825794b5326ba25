"""Does a server answer? Asked again and again, since a server that hangs breaks no connection."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from elasticsearch import ApiError

from services.runtime.elasticsearch.store import is_passing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from elasticsearch import AsyncElasticsearch


class Pulse:
    """Asks a server until it is closed; to be made where an event loop runs.

    Args:
        ask: returns when the server has answered, and raises when it has not.
        seconds: how often to ask, and how long to wait for each answer.
    """

    def __init__(self, ask: Callable[[], Awaitable[object]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._answered = time.monotonic()
        self._task = asyncio.create_task(self._ask_again_and_again())

    @property
    def silent_seconds(self) -> float:
        """How long ago the last question was put that was answered; may be asked from any thread."""
        return time.monotonic() - self._answered

    async def close(self) -> None:
        """Ask no more."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _ask_again_and_again(self) -> None:
        while True:
            asked = time.monotonic()
            # Whatever keeps the server from answering, it shows as silence.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(self._seconds):
                    await self._ask()
                self._answered = asked
            await asyncio.sleep(max(0.0, self._seconds - (time.monotonic() - asked)))


def pulse_of(client: AsyncElasticsearch, seconds: float) -> Pulse:
    """Return the pulse of Elasticsearch, asked for its health: the embedded one does not answer at its root.

    An answer that a role forbids is an answer too.
    """
    impatient = client.options(request_timeout=seconds, max_retries=0)

    async def ask() -> None:
        try:
            await impatient.cluster.health(filter_path=["status"])
        except ApiError as error:
            if is_passing(error):
                raise

    return Pulse(ask, seconds)
