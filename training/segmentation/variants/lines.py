"""The lines of an annotated page with their truth, and the raw text that a style prints of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.segment.roles import BODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.segmentation.corpus import AnnotatedPage
    from training.segmentation.variants.style import Style


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a page that may still change: its text, and its truth."""

    text: str
    gap: int
    indented: bool
    vertical: bool
    role: int
    article: str
    part: int
    start: bool


def lines_of(page: AnnotatedPage) -> list[Line]:
    """Return the rows of an annotated page."""
    return [
        Line(
            row.text,
            row.gap,
            row.indented,
            row.vertical,
            int(page.classes[k]),
            page.articles[k],
            int(page.parts[k]),
            bool(page.starts[k]),
        )
        for k, row in enumerate(page.page.rows)
    ]


def printed(lines: Sequence[Line], style: Style) -> tuple[str, dict[int, Line]]:
    """Return the page's raw text, and the line that each of its line numbers shows."""
    raw: list[str] = []
    shown: dict[int, Line] = {}
    for line in lines:
        text = line.text
        for table in style.tables:
            text = text.translate(table)
        if not text.strip():
            continue
        raw += [""] * line.gap
        indent = "\u3000\u3000" if line.indented else ""
        if style.indent is not None and line.role == BODY:
            indent = style.indent if line.start else ""
        pieces = [c for c in text if c.strip()] if line.vertical else [indent + text]
        for piece in pieces:
            raw.append(piece)
            shown[len(raw)] = line
    return "\n".join(raw), shown
