"""Run a command that stays up until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


def run_until_told(work: Coroutine[Any, Any, T]) -> T | None:
    """Run `work` to its end and return its result, or None if SIGTERM cancelled it.

    A container's first process ignores SIGTERM unless it has a handler, and would be killed half a minute later.
    """
    try:
        return asyncio.run(_cancelled_when_told(work))
    except asyncio.CancelledError:
        return None


async def _cancelled_when_told(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task
