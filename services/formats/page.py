"""A page as a file holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Box = tuple[float, float, float, float]
"""x, y, width, height from the top left corner of the page, y downwards."""

PlacedLine = tuple[float, float, float, float, float]
"""x, y, width, height and type size of a line, in the page's own unit."""

DECIMALS = 1


class FormatError(ValueError):
    """A file that holds no usable page; its text says why and what to send instead."""


@dataclass(frozen=True, slots=True)
class Area:
    """Something drawn on a page beside its text: a picture, a line, or a box around text."""

    kind: Literal["image", "rule", "frame"]
    box: Box


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a file.

    Attributes:
        number: its place in the file, from 1.
        text: its text, lines separated by line feeds.
        size: width and height of the page, in the file's unit (points in a PDF, pixels in a scan).
        lines: one entry for each line of `text`; None for a line without a printed character.
        areas: pictures, rules and frames.
    """

    number: int
    text: str
    size: tuple[float, float]
    lines: tuple[PlacedLine | None, ...]
    areas: tuple[Area, ...] = ()

    def layout(self) -> dict[str, Any]:
        """The geometry as a page's side-car file and the raw contract spell it."""
        return {
            "size": list(self.size),
            "lines": [list(line) if line else None for line in self.lines],
            "boxes": [{"kind": area.kind, "box": list(area.box)} for area in self.areas],
        }


def rounded(values: Box) -> Box:
    """The numbers to a tenth of the unit: finer than print, and the same on every machine."""
    x, y, width, height = (round(value, DECIMALS) + 0.0 for value in values)
    return x, y, width, height
