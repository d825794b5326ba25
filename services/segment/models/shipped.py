"""The trained models that make the decisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.segment.models.network import shipped_network
from services.segment.models.trees import shipped

if TYPE_CHECKING:
    from services.segment.models.network import Network
    from services.segment.models.trees import Forest

MODEL_NAMES = (
    "roles",
    "continuity",
    "refined",
    "flow",
    "heads",
    "fast_headlines",
    "headlines",
    "captions",
    "bylines",
    "parts",
    "paragraphs",
)


@dataclass(frozen=True, slots=True)
class Models:
    """A network that reads the whole page, and a forest for each question about the page.

    Attributes:
        roles: what is this row?
        continuity: does the running text continue between these body rows, whatever is printed between them?
        refined: what is this row, given the likely roles of its neighbours and the flow around it?
        flow: does a new article start at this boundary of the running text?
        heads: does a new headline block start at this boundary between heading rows?
        fast_headlines: do this headline block and this stretch of running text belong together, judging by counts
            alone?
        headlines: does this headline block belong to this body?
        captions: does this caption belong to this body?
        bylines: does this byline belong to this body?
        paragraphs: does a paragraph start at this boundary of the running text?
        network: what is each row, and does an article, a headline block or a paragraph start at it?
        parts: is this heading row a kicker, a headline or a deck?
    """

    roles: Forest
    continuity: Forest
    refined: Forest
    flow: Forest
    heads: Forest
    fast_headlines: Forest
    headlines: Forest
    captions: Forest
    bylines: Forest
    parts: Forest
    paragraphs: Forest
    network: Network


@lru_cache(maxsize=1)
def shipped_models() -> Models:
    """Return the models that come with the package."""
    return Models(**{name: shipped(name) for name in MODEL_NAMES}, network=shipped_network())
