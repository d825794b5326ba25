"""Regular expressions that are compiled when they are first used.

Python needs about a millisecond to compile one class of Han characters, and a formula may hold ten. A process that
reads one page uses few of the formulas.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def when_used(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return a function that returns `pattern` compiled; its first call compiles it.

    The flags are those of `re.compile`. An error in the pattern shows at the first call.
    """
    return cache(partial(re.compile, pattern, flags))
