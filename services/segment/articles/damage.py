"""Find what was wrong with the text of an issue, and flag the articles concerned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.segment.page.interleaving import is_interleaved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from schemas.article import Flag
    from services.segment.article import SegmentedArticle
    from services.segment.page.page import Page
    from services.text.cleaning import CleanLine

OF_DAMAGE: tuple[Flag, ...] = ("damaged-text", "interleaved-columns")
"""Flags that describe the text as it was sent. They stay, whatever an editor changes in the article."""


def lines_unread(pages: Mapping[int, Iterable[CleanLine]]) -> frozenset[tuple[int, int]]:
    """Return the page and the line number of every line with a character that could not be read."""
    return frozenset(
        (page, number) for page, lines in pages.items() for line in lines if line.unread for number in line.numbers
    )


def pages_interleaved(pages: Iterable[Page]) -> frozenset[int]:
    """Return the numbers of the pages whose columns were read across instead of down."""
    return frozenset(page.number for page in pages if is_interleaved(page))


def flagged(
    articles: Sequence[SegmentedArticle], unread: Collection[tuple[int, int]], interleaved: Collection[int]
) -> list[SegmentedArticle]:
    """Return the articles, with flags on those that have an unread line or are on an interleaved page."""
    found = []
    for article in articles:
        raised: dict[Flag, bool] = {
            "damaged-text": any((line.page, line.line) in unread for line in article.lines),
            "interleaved-columns": any(page in interleaved for page in article.pages),
        }
        flags = tuple(flag for flag, is_raised in raised.items() if is_raised)
        found.append(replace(article, flags=(*article.flags, *flags)) if flags else article)
    return found
