"""How fast stages get on, and how long what they have left takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

MEASURED_SECONDS = 2.0
"""How long status looks on where a stage is behind, to tell how fast it is."""

Stage = TypeVar("Stage", bound=Any)
"""Has `lag`, `done`, `rate` and `seconds_left`, as `services.cli.operate.status.StageStatus` has."""


def with_rates(first: Sequence[Stage], second: Sequence[Stage], seconds: float) -> list[Stage]:
    """Return the second of two looks, so many seconds apart, with each stage's rate and the time that it has left."""
    found = []
    for before, now in zip(first, second, strict=True):
        if not now.lag:
            found.append(now)
            continue
        rate = max(0, now.done - before.done) / seconds
        found.append(replace(now, rate=round(rate, 1), seconds_left=round(now.lag / rate, 1) if rate else None))
    return found


def duration(seconds: float | None) -> str:
    """Return a time as a person says it, in one unit or two; nothing for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
