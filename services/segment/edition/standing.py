"""What is known of an issue's articles from the messages that stand on the topics, when its state is lost or given up.

Ids were made from the first revision that came. When everything is worked out again, another may come first, or another
release cut the page differently; so the ids that stand are known beforehand, and given to the articles that are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.article import GENERATIONS, ArticleContent
from schemas.correction import HeadlineChange, KindChange, Merge
from services.segment.edition.identity import KEPT_CHARACTERS, Known, is_fragment, letters, to_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from schemas.article import Withdrawal

MERGED_CHARACTERS = 120
"""Of an article into which an editor merged another: its beginning tells which of the two it was."""

NOTHING_HANDLED = -1
"""The version of a state that no version of the issue led to."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An article, or a withdrawal, as its newest message on the topics has it.

    Attributes:
        kind: as segmented; empty for a withdrawal.
        text: as `Known.text`; empty for a withdrawal.
    """

    article_id: str
    kind: str
    text: str
    fragment: bool


def standing(message: ArticleContent | Withdrawal) -> Standing:
    """Return what `message` tells of its article as it was segmented, before editors corrected it."""
    if not isinstance(message, ArticleContent):
        return Standing(message.article_id, "", "", fragment=False)
    headline, kind, merged = message.headline, message.kind, False
    for one in reversed(message.corrections):
        if isinstance(one.change, HeadlineChange) and one.before is not None:
            headline = one.before
        elif isinstance(one.change, KindChange) and one.before is not None:
            kind = one.before  # type: ignore[assignment]  # a kind, as text
        merged = merged or (isinstance(one.change, Merge) and one.state == "applied")
    parts = [headline, *(block.text for block in message.body), *(caption.text for caption in message.captions)]
    if message.weather is not None:
        parts.append(message.weather.text)
    most = MERGED_CHARACTERS if merged else KEPT_CHARACTERS
    return Standing(message.article_id, kind, letters("".join(parts))[:most], is_fragment(message))


def state_from(found: Sequence[Standing], version: int, generation: int) -> dict[str, Any]:
    """Return segment's state of an issue of which only messages are known.

    Args:
        found: its articles and withdrawals, without those that a split made.
        version: the greatest of its messages.
        generation: the greatest of those with that version; what is made now is of the next.
    """
    known = [
        Known(one.article_id, one.kind, one.text, one.fragment, alive=False, gone_at=version)
        for one in sorted(found, key=lambda one: one.article_id)
    ]
    return {
        "version": NOTHING_HANDLED,
        "generation": min(generation + 1, GENERATIONS - 1),
        "articles": to_state(known),
    }
