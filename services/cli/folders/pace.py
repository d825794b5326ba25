"""How fast a backfill may go: never faster than a rate, and never far ahead of the processors."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """A limit of pages per second, with no credit for time in which nothing was sent.

    Attributes:
        rate: the most pages per second; 0 means any number.
    """

    rate: float
    _free_at: float = field(default=0.0)

    def wait(self, pages: int, now: float) -> float:
        """Count `pages` that are about to be sent at `now`, and return the seconds to wait before sending them."""
        if not self.rate:
            return 0.0
        start = max(now, self._free_at)
        self._free_at = start + pages / self.rate
        return start - now
