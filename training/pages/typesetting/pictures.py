"""Pictures: photos across columns with their captions and credits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from training.pages.typesetting.columns import Columns, Obstacle
from training.pages.typesetting.typeset import Fount, Tag, aligned, glyphs, set_line, set_paragraph

if TYPE_CHECKING:
    from training.pages.typesetting.heads import Rows
    from training.pages.writing.house import Press
    from training.pages.writing.story import Caption


def caption_rows(caption: Caption, article: str, width: float, points: float, press: Press) -> tuple[Rows, float]:
    """Return a caption's rows, with its credit on the last line or on a separate line, and their height."""
    house, rng = press.house, press.rng
    fount = Fount(rng.choice((house.body_font, house.head_font)), points)
    text = glyphs(caption.text, Tag(article, "caption"))
    if caption.credit and caption.glued:
        text += glyphs(rng.choice(("", " ", " ", "　")), Tag(article, "caption"))
        text += glyphs(caption.credit, Tag(article, "credit"))
    lines = set_paragraph(text, max(4.0, width / points), fount, replace(house, squeeze_opening=False))
    if caption.credit and not caption.glued:
        credit = set_line(glyphs(caption.credit, Tag(article, "credit")), fount, house)
        lines.append(aligned(credit, max(width, credit.width), rng.choice(("right", "right", "left"))))
    return [("caption", line.at(line.x, (k + 1) * points * 1.3)) for k, line in enumerate(lines)], (
        len(lines) + 0.5
    ) * points * 1.3


def photo(caption: Caption, article: str, columns: Columns, press: Press) -> Obstacle:
    """Return a photo across some columns, with its caption below, above or beside it."""
    rng = press.rng
    count = len(columns.lefts)
    span = rng.randint(1, max(1, min(count, 3)))
    first = rng.randint(0, count - span)
    left, width = columns.span(first, first + span - 1)
    points = press.house.body_size * rng.choice((0.8, 0.9, 1.0))
    high = width * rng.choice((0.4, 0.55, 0.7))
    where = rng.choice(("top", "top", "bottom", "middle"))
    if span > 1 and rng.random() < 0.1:
        side = points * rng.randint(7, 12)
        rows, height = caption_rows(caption, article, side, points, press)
        rows = [(role, line.at(left + width - side + line.x, line.y)) for role, line in rows]
        return Obstacle(
            first, first + span - 1, where, max(high, height) + points, rows, (left, 0.0, width - side - points, high)
        )
    rows, height = caption_rows(caption, article, width, points, press)
    above = rng.random() < 0.12
    rows = [(role, line.at(left + line.x, line.y + (0.0 if above else high))) for role, line in rows]
    picture = (left, height if above else 0.0, width, high)
    return Obstacle(first, first + span - 1, where, high + height + points * 0.5, rows, picture)
