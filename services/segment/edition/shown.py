"""What a correction replaced, as text, and what an editor saw who says that an article is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.correction import seen_of

if TYPE_CHECKING:
    from services.segment.article import SegmentedArticle


def text_of(value: object) -> str | None:
    """Return a value that an editor replaced as text; None for anything else."""
    if isinstance(value, str):
        return value
    if not isinstance(value, tuple):
        return None
    return ",".join(f"{one.role} {one.name}".strip() if hasattr(one, "role") else str(one) for one in value)


def seen(article: SegmentedArticle) -> str:
    """Return what names the content of an article for a `Confirm`; the desk computes the same from the message."""
    return seen_of(
        article,
        (f"{one.role} {one.name}" for one in article.bylines),
        (block.text for block in article.blocks),
        (f"{caption.text} {caption.credit or ''}" for caption in article.captions),
    )
