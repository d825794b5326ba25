"""Recover what is known of an issue's articles from the messages on the topics, when its state is lost or given up.

Ids were made from the first revision that arrived. When everything is worked out again, another revision may come
first, or another release may cut the page differently. So the existing ids are read beforehand and given to the
articles that are similar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.article import GENERATIONS, ArticleContent
from schemas.correction import HeadlineChange, KindChange, Merge
from services.segment.edition.identity import KEPT_CHARACTERS, KnownArticle, is_fragment, letters, to_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from schemas.article import Withdrawal

MERGED_CHARACTERS = 120
"""Characters kept of an article into which an editor merged another: its beginning tells which of the two it was."""

NOTHING_HANDLED = -1
"""The version of a state that was not made from any version of the issue."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An article or a withdrawal, according to its newest message on the topics.

    Attributes:
        kind: the kind as segmented; empty for a withdrawal.
        text: the same as `KnownArticle.text`; empty for a withdrawal.
        place: the page and the line where it begins; of two articles with the same text, the first on the page has
            the id that was given first.
    """

    article_id: str
    kind: str
    text: str
    fragment: bool
    place: tuple[int, int]


def standing(message: ArticleContent | Withdrawal) -> Standing:
    """Return what `message` says about its article as segmented, before editors corrected it."""
    if not isinstance(message, ArticleContent):
        return Standing(message.article_id, "", "", fragment=False, place=(0, 0))
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
    place = min(((int(span.page), span.first) for span in message.spans), default=(0, 0))
    return Standing(message.article_id, kind, letters("".join(parts))[:most], is_fragment(message), place)


def state_from(found: Sequence[Standing], version: int, generation: int) -> dict[str, Any]:
    """Return segment's state for an issue of which only messages are known.

    Args:
        found: its articles and withdrawals, without those that a split made.
        version: the highest version among its messages.
        generation: the highest generation among the messages with that version. The messages made now get the next
            generation.
    """
    known = [
        KnownArticle(one.article_id, one.kind, one.text, one.fragment, alive=False, gone_at=version)
        for one in sorted(found, key=lambda one: (one.place, one.article_id))
    ]
    return {
        "version": NOTHING_HANDLED,
        "generation": min(generation + 1, GENERATIONS - 1),
        "articles": to_state(known),
        "floor": version,
    }
