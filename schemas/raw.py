"""Messages that a newsroom publishes to `issues.raw`: a page, several pages or a complete issue.

A message is JSON or plain text. JSON (`RawIssue`) has the content-type application/json or starts with a brace. Plain
text has its paper, date and page in record headers (`HEADERS`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas.contract import Inbound, Revision, is_absent
from schemas.geometry import Geometry, GivenAreas, GivenLinks, Lines, Size
from schemas.names import PAPER_PATTERN, paper_name
from schemas.page import PageNumber

Paper = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    AfterValidator(paper_name),
    Field(json_schema_extra={"pattern": PAPER_PATTERN}),
]

HEADERS = {
    "paper": "the paper's name, UTF-8",
    "date": "the issue's date, YYYY-MM-DD",
    "page": "the page: its number, 1 to 999, or its section and number, such as A1 or B01",
    "pages": "instead of page: numbers of the pages that form feeds separate in the value, such as 1-4, A1-A4 or 1,3",
    "section": "optional: the section that the numbers in page or pages belong to, such as A",
    "revision": "optional: a whole number that grows with each correction; without it, the record's timestamp in ms",
    "complete": "optional: true when the value is the whole issue, so that pages not in it are withdrawn",
    "date-assumed": "optional: true when the date is not printed on the page and was assumed by the sender",
    "geometry": "optional, with page: where its lines are printed, as JSON with size, lines, boxes and links",
    "encoding": "optional: utf-8, gb18030 or big5; without it, the encoding is told from the bytes",
}
"""Record headers of a plain-text value and their meanings."""


class RawPage(Inbound):
    """One page's text as the extractor left it, and where its lines are printed, if that is known.

    Coordinates count from the page's top left corner, y downwards, in any one unit.
    """

    page: PageNumber
    text: str
    size: Size | None = Field(None, exclude_if=is_absent, description="Width and height of the page.")
    lines: Lines | None = Field(
        None,
        exclude_if=is_absent,
        description="One entry for each line of text: x, y, width, height, effective type size; null for a line that "
        "has no place.",
    )
    boxes: GivenAreas | None = Field(
        None, exclude_if=is_absent, description="Pictures, drawn rules, and frames around text."
    )
    links: GivenLinks | None = Field(
        None, exclude_if=is_absent, description="Where the page can be seen; handed through."
    )

    @model_validator(mode="before")
    @classmethod
    def _section_joined(cls, fields: Any) -> Any:
        """Move a section from its own field into the page."""
        if isinstance(fields, dict) and isinstance(fields.get("section"), str) and "page" in fields:
            rest = {name: value for name, value in fields.items() if name != "section"}
            return {**rest, "page": f"{fields['section'].strip()}{fields['page']}"}
        return fields

    @model_validator(mode="after")
    def _geometry_is_whole(self) -> Self:
        self.geometry()
        return self

    def geometry(self) -> Geometry | None:
        """Return the page's geometry; None if none of its fields is given."""
        given = self.model_dump(include={"size", "lines", "boxes", "links"})
        return Geometry.model_validate(given) if given else None


class RawIssue(Inbound):
    """Pages of one issue; later arrivals add to the issue, and a newer revision of a page replaces the older."""

    paper: Paper
    date: dt.date
    pages: tuple[RawPage, ...] = ()
    revision: Revision | None = Field(
        None, description="Grows with each correction; default: the record's timestamp in ms."
    )
    complete: bool = Field(False, description="These pages are the whole issue: pages not named here are withdrawn.")
    withdrawn: bool = Field(False, description="The whole issue is withdrawn; no pages are given.")
    date_assumed: bool = Field(False, description="The date is not printed on the pages; the sender assumed it.")

    @model_validator(mode="after")
    def _pages_fit(self) -> Self:
        numbers = [page.page for page in self.pages]
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        if twice:
            raise ValueError(f"page {twice[0]} is given twice; send each page once")
        if self.withdrawn and self.pages:
            raise ValueError("a withdrawal takes no pages; remove pages, or withdrawn")
        if not self.withdrawn and not self.pages:
            raise ValueError("pages is empty; give at least one page, or withdrawn: true")
        return self
