"""Waiting for a condition, with a deadline that a busy machine can keep."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.workers import get

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 600.0
"""Where other work takes the processors, a process needs a minute to start and an index seconds to be created."""


def wait(condition: Callable[[], object], what: str) -> None:
    """Return once the condition holds; fail when it does not come to hold in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
        time.sleep(0.1)


def answered(port: int, path: str) -> int:
    """Return the status that the desk answers with; a busy machine may need more than one try."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (status := get(port, path)[0]):
        assert time.monotonic() < deadline, f"no answer to {path}"
    return status
