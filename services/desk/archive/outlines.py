"""An article in the lists of its issue: where it begins, its title, and the state of its corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from schemas.article import LineSpan
from schemas.correction import AppliedCorrection
from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Mapping


class OutlineText(BaseModel):
    """The text of a paragraph, a caption or a forecast."""

    text: str


class Outline(BaseModel):
    """The part of an article that a list of its issue needs; its fields have the same names as in `TaggedArticle`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: str
    pages: tuple[int, ...] = ()
    spans: tuple[LineSpan, ...] = ()
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    label: str = ""
    body: tuple[OutlineText, ...] = ()
    captions: tuple[OutlineText, ...] = ()
    weather: OutlineText | None = None
    corrections: tuple[AppliedCorrection, ...] = ()


OUTLINED: Final = (
    *("article_id", "pages", "headline", "kicker", "deck", "label", "corrections"),
    *("body.text", "captions.text", "weather.text", "spans.page", "spans.first", "spans.last"),
)
"""The fields of an article that are read for its outline, by dotted names."""


def read_outline(source: Mapping[str, Any]) -> Outline:
    """Return the outline in a document of the index; only the fields in `OUTLINED` need to be present."""
    return Outline.model_validate(source[fields.ARTICLE], strict=False)
