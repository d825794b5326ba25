"""When documents become searchable: at once while someone waits for their page, else at the index's next refresh.

Elasticsearch makes what was written searchable once a second. An editor who publishes a page waits half a second for
that on average, so a write may ask for it at once. In a backlog nobody waits for a single page, and Elasticsearch has
better things to do: a refresh costs it about as much as ten documents.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from services.index.history import caused

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.runtime.messages.records import Record

FRESH_SECONDS: Final = 3.0
"""How old a page or a correction may be that someone waits for; older ones have waited in a backlog."""

LEAST_SECONDS: Final = 0.5
"""How far apart refreshes are at least; what comes sooner waits for the next one, a second at most."""


class Freshness:
    """Decides which writes ask for a refresh.

    Args:
        clock: returns seconds that only grow.
        now: returns seconds since 1970, as publishers count them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._now = now
        self._asked_at = clock() - LEAST_SECONDS

    def is_due(self, newest: Record) -> bool:
        """Return whether the write that `newest` belongs to shall ask for a refresh; count it as asked for."""
        asked = self._clock()
        if asked - self._asked_at < LEAST_SECONDS or self._now() - caused(newest).timestamp() > FRESH_SECONDS:
            return False
        self._asked_at = asked
        return True
