"""Where a page's lines are printed.

Geometry is optional. Lines are always identified by the page's text, not by their geometry. Coordinates count from the
top left corner of the page, y downwards. All are in the same unit (such as points or pixels). The type size is the
effective size, in that unit too.
"""

from __future__ import annotations

from math import floor, log10
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from schemas.contract import Contract
from schemas.page import PageNumber

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Side = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
# Accept a JSON array as a tuple, even if a validator has already made a list of it.
Array = Field(strict=False)
Size = Annotated[tuple[Side, Side], Array]
Box = Annotated[tuple[Coordinate, Coordinate, Length, Length], Array]
PlacedLine = Annotated[tuple[Coordinate, Coordinate, Length, Length, Length], Array]
Lines = Annotated[tuple[PlacedLine | None, ...], Array]
Uri = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[a-z][a-z0-9+.-]*:[^\s\x00-\x1f]+$")]

MOST_BOXES: Final = 2000
MOST_LINKS: Final = 16
DIGITS: Final = 4
"""Places are kept to a ten-thousandth of the page's longer side or finer.

On a newspaper page this is a tenth of a point.
"""


class Area(Contract):
    """Something drawn beside the text."""

    kind: Literal["image", "rule", "frame"] = Field(description="A picture, a drawn line, or a box around text.")
    box: Box = Field(description="x, y, width, height.")


class Link(Contract):
    """Where the page can be seen elsewhere."""

    kind: Literal["image", "iiif", "pdf"] = Field(description="A page image, a IIIF manifest or image, or a PDF.")
    uri: Uri


class PageBox(Contract):
    """The smallest box that holds every placed line of an article on one page."""

    page: PageNumber
    box: Box = Field(description="x, y, width, height, in the unit of the page's geometry.")


class Geometry(Contract):
    """A page's geometry."""

    size: Size | None = Field(None, description="Width and height of the page.")
    lines: Lines | None = Field(
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
        """Return how `lines` and this text disagree, with both counts; None if they agree."""
        count = text.count("\n") + 1
        if self.lines is None or len(self.lines) == count:
            return None
        return (
            f"lines: {len(self.lines)} entries for {count} lines of text; give one entry for each line "
            "(null where nothing is printed), or leave lines out"
        )

    def rounded(self) -> Geometry:
        """Return the geometry with rounded numbers, so that no message carries meaningless digits."""
        if self.size is None:
            return self
        digits = max(DIGITS - floor(log10(max(self.size))), 1)
        given = self.model_dump()

        def fine(values: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(round(value, digits) + 0.0 for value in values)

        if self.lines is not None:
            given["lines"] = tuple(line and fine(line) for line in self.lines)
        given["boxes"] = tuple({"kind": area.kind, "box": fine(area.box)} for area in self.boxes)
        return Geometry.model_validate(given)


class GivenArea(Area):
    """As `Area`, from outside: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


class GivenLink(Link):
    """As `Link`, from outside: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


GivenAreas = Annotated[tuple[GivenArea, ...], Field(strict=False, max_length=MOST_BOXES)]
GivenLinks = Annotated[tuple[GivenLink, ...], Field(strict=False, max_length=MOST_LINKS)]
