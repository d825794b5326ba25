"""Titles as lists show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.desk.archive.outlines import Outline

LONGEST_TITLE: Final = 40
"""The number of characters of the text that replace a missing headline."""


def title_of(article: TaggedArticle | Outline) -> str:
    """Return the title of an article: its headline, or the beginning of its text."""
    texts = [article.headline, article.kicker, article.deck, *(block.text for block in article.body[:1])]
    texts += [caption.text for caption in article.captions[:1]]
    if article.weather:
        texts.insert(0, article.headline or article.weather.text)
    text = next((text for text in texts if text), article.label or article.article_id)
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"
