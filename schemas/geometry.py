"""Where a page's lines are printed: optional, beside its text, which stays the identity of lines.

Coordinates count from the top left corner of the page, y downwards, in any one unit (points, pixels); the type size is
the effective one, in the same unit.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.contract import Inbound

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Box = tuple[Coordinate, Coordinate, Length, Length]
PlacedLine = tuple[Coordinate, Coordinate, Length, Length, Length]
Uri = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[a-z][a-z0-9+.-]*:[^\s\x00-\x1f]+$")]

MOST_BOXES = 2000
MOST_LINKS = 16


class Area(Inbound):
    """Something drawn beside the text."""

    kind: Literal["image", "rule", "frame"] = Field(description="A picture, a drawn line, or a box around text.")
    box: Box = Field(description="x, y, width, height.")


class Link(Inbound):
    """Where the page can be seen elsewhere."""

    kind: Literal["image", "iiif", "pdf"] = Field(description="A page image, a IIIF manifest or image, or a PDF.")
    uri: Uri


class Geometry(Inbound):
    """A page's geometry."""

    size: tuple[Annotated[Length, Field(gt=0)], Annotated[Length, Field(gt=0)]] | None = Field(
        None, description="Width and height of the page."
    )
    lines: tuple[PlacedLine | None, ...] | None = Field(
        None,
        description="One entry for each line of text: x, y, width, height, type size; null for a line without a place.",
    )
    boxes: tuple[Area, ...] = Field((), max_length=MOST_BOXES, description="Pictures, rules and frames.")
    links: tuple[Link, ...] = Field((), max_length=MOST_LINKS, description="Handed through as they are.")

    @model_validator(mode="after")
    def _lines_need_a_page(self) -> Self:
        if (self.lines or self.boxes) and self.size is None:
            raise ValueError("size: missing; lines and boxes need the page's width and height")
        return self

    def disagreement(self, text: str) -> str | None:
        """What is wrong with `lines` for this text, with both counts; None where they fit."""
        count = text.count("\n") + 1
        if self.lines is None or len(self.lines) == count:
            return None
        return (
            f"lines: {len(self.lines)} entries for {count} lines of text; give one entry for each line "
            "(null where nothing is printed), or leave lines out"
        )
