"""Prepare a printed page for drawing: its lines, its pictures, rules and frames, and the area of each article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.drawing.outline import outline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.geometry import Area, Box, Geometry, PlacedLine

ASCENT: Final = 0.86
"""Distance of the baseline of Chinese type from the top of its box, as a share of the type size."""
SHOWN_CHARACTERS: Final = 400
UPRIGHT: Final = 1.6
"""A line with several characters runs downwards if its height is more than this many times its width."""


@dataclass(frozen=True, slots=True)
class Story:
    """An article on the page.

    Attributes:
        lines: the numbers of its lines on this page, from 1, in any order.
        colour: a number; articles with equal numbers have the same colour.
        read: whether it is the article that the reader has open.
    """

    label: str
    title: str
    address: str
    colour: int
    lines: tuple[int, ...]
    read: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A line of type: where it begins, its length and its type size. `down` says that it runs from top to bottom."""

    text: str
    x: float
    y: float
    length: float
    size: float
    down: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """The area that a story covers: its boxes, and the place of its number."""

    story: Story
    boxes: tuple[Box, ...]
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, with lengths in its own unit; `stroke` is the width of a fine line, `label` the size of a number."""

    width: float
    height: float
    stroke: float
    label: float
    areas: tuple[Area, ...]
    covers: tuple[Cover, ...]
    lines: tuple[Type, ...]


def sheet(text: str, geometry: Geometry | None, stories: Sequence[Story]) -> Sheet | None:
    """Return a page that is ready to be drawn; None if its size or the places of its lines are not known.

    Args:
        text: the page's text; line feeds separate its lines.
        geometry: where the lines are printed.
        stories: the articles on the page, in the order in which they are drawn and read aloud.
    """
    if geometry is None or geometry.size is None or not geometry.lines or not any(geometry.lines):
        return None
    width, height = geometry.size
    places = {number: place for number, place in enumerate(geometry.lines, 1) if place is not None}
    texts = text.split("\n")
    return Sheet(
        width=width,
        height=height,
        stroke=round(max(width, height) / 900, 3),
        label=round(max(width, height) / 55, 2),
        areas=geometry.boxes,
        covers=tuple(cover for story in stories if (cover := _cover(story, places)) is not None),
        lines=tuple(_type(texts[number - 1], place) for number, place in places.items() if number <= len(texts)),
    )


def _cover(story: Story, places: Mapping[int, PlacedLine]) -> Cover | None:
    own = set(story.lines)
    others = [place for number, place in places.items() if number not in own]
    boxes = outline([places[number] for number in sorted(own) if number in places], others)
    if not boxes:
        return None
    x, y, _, _ = min(boxes, key=lambda box: (box[1], box[0]))
    return Cover(story, boxes, x, y)


def _type(text: str, place: PlacedLine) -> Type:
    x, y, width, height, size = place
    shown = text.strip()[:SHOWN_CHARACTERS]
    if height > UPRIGHT * width and len(shown) > 1:
        return Type(shown, round(x + width / 2, 2), y, height, min(size, width) or width, down=True)
    size = min(size, height) or height
    return Type(shown, x, round(y + (height - size) / 2 + ASCENT * size, 2), width, size, down=False)
