"""Count calls of functions, Python's and C's, wherever in the process they come from."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType, FrameType

BUILT_IN = {
    "to_json": "JSON encodes",
    "validate_json": "JSON parses",
    "from_json": "JSON parses",
    "to_python": "models dumped",
    "validate_python": "models validated",
}
"""Functions of pydantic-core by name, and what a call of each counts as."""


@contextmanager
def counted(functions: Mapping[Callable[..., Any], str]) -> Iterator[Counter[str]]:
    """Count calls of Python `functions` by the name given to each, and of those of `BUILT_IN`.

    Threads that start meanwhile are included. The counter is complete at the end of the block.
    """
    found: Counter[str] = Counter()
    names: dict[CodeType, str] = {function.__code__: name for function, name in functions.items()}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            if frame.f_code in names:
                found[names[frame.f_code]] += 1
        elif event == "c_call":
            name = BUILT_IN.get(getattr(argument, "__name__", ""))
            if name is not None:
                found[name] += 1

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
