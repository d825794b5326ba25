"""How a message differs from the message sent before it under the same id."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.contract import Contract

DifferenceKind = Literal["created", "changed", "unchanged", "withdrawn", "restated"]
ChangedPart = Literal[
    "headline", "bylines", "text", "kind", "pages", "lines", "date", "confidence", "corrections", "topics", "facets"
]


class Difference(Contract):
    """What changed since the message before, so that a reader may skip what does not concern it."""

    kind: DifferenceKind = Field(
        description="created: the first message of this id, or the first after its withdrawal; changed: see parts; "
        "withdrawn: the article is gone; unchanged: sent again as it was, after a rewind or by `retag --all`; "
        "restated: what was sent before is not known, after a rewind or an upgrade, so that it may have changed.",
        examples=["changed"],
    )
    parts: tuple[ChangedPart, ...] = Field(
        (),
        description="What changed, if kind is changed. headline: headline, kicker, deck, label. bylines: bylines, "
        "source. text: body, captions, weather. kind: kind. pages: pages, jumps. lines: the place of its lines on the "
        "page. date: date_assumed. confidence: confidence, flags. corrections: corrections, topics_chosen. topics: "
        "topics, topics_unknown. facets: places, organisations, people, figures, dates.",
        examples=[["headline", "corrections"]],
    )
    version: Annotated[int, Field(ge=0, lt=2**53)] | None = Field(
        None,
        description="The version of the message before; null for the first message, and if it is not known.",
        examples=[14336],
    )
