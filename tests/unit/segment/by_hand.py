from __future__ import annotations

from typing import TYPE_CHECKING

from services.segment.article import Block, Jump, LineRef, PlacedLine, SegmentedArticle, Weather

if TYPE_CHECKING:
    from schemas.article import Flag
    from schemas.contract import ArticleKind


def segmented(  # noqa: PLR0913  # each part of an article may matter to a test
    *paragraphs: str,
    headline: str = "",
    page: int = 1,
    kind: ArticleKind = "story",
    jump: Jump | None = None,
    weather: Weather | None = None,
    flags: tuple[Flag, ...] = (),
) -> SegmentedArticle:
    """Return an article by hand, one line a paragraph."""
    lines = [PlacedLine(page, 1, "headline")] if headline else []
    blocks = []
    for number, text in enumerate(paragraphs, start=2):
        blocks.append(Block("paragraph", text, (LineRef(page, number),)))
        lines.append(PlacedLine(page, number, "body"))
    return SegmentedArticle(
        kind=kind,
        pages=(page,),
        headline=headline,
        kicker="",
        deck="",
        label="",
        bylines=(),
        source="",
        blocks=tuple(blocks),
        captions=(),
        jumps=(jump,) if jump else (),
        weather=weather,
        lines=tuple(lines),
        confidence=0.9,
        flags=flags,
    )
