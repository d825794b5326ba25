"""What a receiver's answer means, and how long to wait before the next try."""

from __future__ import annotations

from typing import Final, Literal

Verdict = Literal["accepted", "refused", "uncertain", "again"]

FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 300.0
NEVER_TAKEN: Final = frozenset({400, 405, 409, 410, 413, 415, 422})
"""Answers that say that this very message is wrong; the receiver would give the same answer for ever."""
OK: Final = range(200, 300)


def verdict(status: int) -> Verdict:
    """Return what an HTTP status says of a delivery.

    A wrong address or key (401, 403, 404) is tried again, because an operator can put it right, and nothing is lost.
    """
    if status in OK:
        return "accepted"
    return "refused" if status in NEVER_TAKEN else "again"


def pause_after(tries: int, retry_after: str | None = None) -> float:
    """Return the seconds to wait after so many failed tries; twice as long each time, or as the receiver asks."""
    asked = float(retry_after) if retry_after is not None and retry_after.isdigit() else 0.0
    doubled = FIRST_SECONDS * float(2 ** min(tries - 1, 16))
    return min(max(asked, doubled), LONGEST_SECONDS)
