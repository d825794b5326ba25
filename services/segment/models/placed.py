"""The trained models that read a page's text and places together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.segment.models.trees import shipped

if TYPE_CHECKING:
    from services.segment.models.trees import Forest

PLACED_NAMES = ("rows", "blocks", "links", "leads", "captions", "bylines", "parts")


@dataclass(frozen=True, slots=True)
class PlacedModels:
    """A forest for each question about a page whose lines have places.

    Attributes:
        rows: what is this row?
        blocks: do these two heading rows head the same article?
        links: does this piece follow this column frame in the same article?
        leads: is this piece the first under this headline block?
        captions: does this caption belong to this article?
        bylines: does this byline belong to this article?
        parts: is this heading row a kicker, a headline or a deck?
    """

    rows: Forest
    blocks: Forest
    links: Forest
    leads: Forest
    captions: Forest
    bylines: Forest
    parts: Forest


@lru_cache(maxsize=1)
def placed_models() -> PlacedModels:
    """Return the models that come with the package."""
    return PlacedModels(**{name: shipped(f"placed_{name}") for name in PLACED_NAMES})
