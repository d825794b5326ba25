"""Characters at which no line breaks."""

from __future__ import annotations

from typing import Final

NEVER_FIRST: Final = frozenset("。，、；：？！”’）》】〉」』…—·％%℃,.;:!?)]}～")
"""Characters that begin no line."""
NEVER_LAST: Final = frozenset("“‘（《【〈「『([{")
"""Characters that end no line."""
