"""Another article of the issue, as an editor types it: chosen from suggestions, by its title, or by its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.desk.correcting.form import OtherItem

NAMED: Final = re.compile(r"#([0-9a-f]{12})\s*$")


def partner_text(other: OtherItem) -> str:
    """Return what the suggestion for an article puts into the field."""
    return f"{other.title} #{other.article_id.rpartition('/')[2]}"


def partner_in(text: str, others: Sequence[OtherItem]) -> str:
    """Return the id of the article that `text` names: by id, by the end of a suggestion, or by words of one title.

    It is empty if no article, or more than one, is meant.
    """
    text = text.strip()
    if not text:
        return ""
    named = NAMED.search(text)
    ending = named[1] if named else text.rpartition("/")[2]
    by_id = [one.article_id for one in others if text == one.article_id or one.article_id.endswith(f"/{ending}")]
    exact = [one.article_id for one in others if one.title == text]
    within = [one.article_id for one in others if text in one.title]
    return next((found[0] for found in (by_id, exact, within) if len(found) == 1), "")
