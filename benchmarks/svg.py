"""What the pictures of the benches are made of: words at a place, and the sheet around everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def text(x: int, y: int, words: str, *, size: int = 12, anchor: str = "start") -> str:
    """Return words whose baseline begins, or else ends (`anchor`), at a place in pixels."""
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}">{words}</text>'


def sheet(width: int, height: int, lines: Iterable[str]) -> str:
    """Return an SVG of `lines` on white; width and height in pixels."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="white"/>', *lines, "</svg>", ""])
