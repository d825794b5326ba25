"""A page that was read from a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from schemas.geometry import MOST_BOXES

Box = tuple[float, float, float, float]
"""x, y, width, height from the top left corner of the page, y downwards."""

PlacedLine = tuple[float, float, float, float, float]
"""x, y, width, height and type size of a line, in the page's own unit."""

DECIMALS = 1

_LINE_ENDS = re.compile("[\n\r\x0b\x85\u2028\u2029]")
"""Characters that end a line for programs that read the text (Unicode Standard Annex 14)."""


class FormatError(ValueError):
    """A file holds no usable page; the error's text says why and what to send instead."""


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page that cannot be used, in a file whose other pages may be usable.

    Attributes:
        number: its place in the file, from 1.
        reason: why it cannot be used, and what to send instead.
    """

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Area:
    """Something drawn on a page beside its text: a picture, a line, or a box around text."""

    kind: Literal["image", "rule", "frame"]
    box: Box


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page of a file.

    Attributes:
        number: its place in the file, from 1.
        text: its text, lines separated by line feeds.
        size: width and height of the page, in the file's unit (points in a PDF, pixels in a scan); 0 if the file does
            not give them.
        lines: an entry for each line of `text`; None for a line without a printed character.
        areas: pictures, rules and frames.
    """

    number: int
    text: str
    size: tuple[float, float]
    lines: tuple[PlacedLine | None, ...]
    areas: tuple[Area, ...] = ()

    def layout(self) -> dict[str, Any]:
        """Return the geometry in the form of a page's side-car file and of the raw contract.

        If the page has more areas than the contract accepts, only the longest areas are kept.
        """
        longest = sorted(self.areas, key=lambda area: max(area.box[2:]), reverse=True)[:MOST_BOXES]
        kept = set(map(id, longest))
        return {
            "size": list(self.size if min(self.size) > 0 else self._extent()),
            "lines": [list(line) if line else None for line in self.lines],
            "boxes": [{"kind": area.kind, "box": list(area.box)} for area in self.areas if id(area) in kept],
        }

    def _extent(self) -> tuple[float, float]:
        """Return how far to the right and how far down the page is printed."""
        boxes = [line[:4] for line in self.lines if line] + [area.box for area in self.areas]
        right = max(x + width for x, _, width, _ in boxes)
        bottom = max(y + height for _, y, _, height in boxes)
        return max(right, 1.0), max(bottom, 1.0)


def one_line(text: str) -> str:
    """Return the text of a line, with a space in place of every character that would end the line."""
    return _LINE_ENDS.sub(" ", text)


def rounded(values: Box) -> Box:
    """Return the numbers rounded to a tenth of the unit, which is finer than print and the same on every machine."""
    x, y, width, height = (round(value, DECIMALS) + 0.0 for value in values)
    return x, y, width, height
