"""Regular expressions of Han characters that cost little at the start.

Python looks at each of the 28,000 characters of a class of Han characters in turn, for a millisecond, wherever the
class stands in a formula; and a formula may hold it ten times. A process that reads one page spent a fifth of its time
on this. So a formula is compiled when it is first used, and a class is prepared once.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PREPARES: Final = "_optimize_charset"
"""The function of Python's compiler that prepares a class, from Python 3.11 to 3.14."""


def when_used(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return a function that returns `pattern` compiled; its first call compiles it.

    The flags are those of `re.compile`. An error in the pattern shows at the first call.
    """
    return cache(partial(re.compile, pattern, flags))


def prepared_once(prepare: Callable[..., tuple[list[Any], bool]]) -> Callable[..., tuple[list[Any], bool]]:
    """Return a function that does what `prepare` does, but only once for each class.

    Args:
        prepare: receives a class as pairs of operator and argument. A class that ignores case comes with more
            arguments; it is prepared each time. The result depends on nothing else.
    """
    known: dict[tuple[Any, ...], tuple[list[Any], bool]] = {}

    def once(charset: list[Any], *ignoring_case: Any) -> tuple[list[Any], bool]:
        if any(ignoring_case):
            return prepare(charset, *ignoring_case)
        key = tuple(charset)
        if key not in known:
            known[key] = prepare(charset)
        prepared, has_case = known[key]
        return list(prepared), has_case

    return once


def _install() -> None:
    compiler = vars(re).get("_compiler")
    prepare = getattr(compiler, PREPARES, None)
    if prepare is not None:
        setattr(compiler, PREPARES, prepared_once(prepare))


_install()
