"""Messages of the compacted topic `taxonomy`, from `broadsheet taxonomy push`: the desk's topics and their words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.article import Confidence
from schemas.contract import Contract

Weight = Annotated[float, Field(ge=-6, le=6)]
Word = Annotated[str, Field(min_length=1, max_length=40)]
Match = Literal["exact", "close", "broad", "narrow", "related"]
Rising = Annotated[float, Field(ge=0, le=20)]
Falling = Annotated[float, Field(ge=-20, le=0)]


class Formula(Contract):
    """How a topic's features add up to the logarithm of its odds: bias + Σ weight × feature.

    The features are those of `services.topics.scores.scoring.Features`. The defaults hold for any topic that has not
    been trained: they are the weights that fit all four seed topics at once (`python -m training.topics`).
    """

    bias: float = Field(-14.27, ge=-20, le=20)
    headline: Rising = 2.03
    lead: Rising = 1.11
    coverage: Rising = 2.33
    density: Rising = 4.88
    variety: Rising = 1.15
    settled: Rising = 2.78
    against: Falling = -2.15
    headless: Rising = 0.27


class Terms(Contract):
    """Words of one weight, and the company they need."""

    weight: Weight = Field(description="3: all but settles it; 2: strong; 1: supports; below 0: speaks against.")
    words: tuple[Word, ...] = Field(min_length=1)
    near: tuple[Word, ...] = Field((), description="Counts only where one of these stands in the same sentence.")
    unless: tuple[Word, ...] = Field((), description="Does not count where one of these stands in the same sentence.")


class TopicDefinition(Contract):
    """One topic of the taxonomy."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=40, description="In Chinese.")]
    label_en: Annotated[str, Field(min_length=1, max_length=80)]
    iptc: Annotated[str, Field(pattern=r"^medtop:\d{8}$")] | None = None
    iptc_match: Match | None = Field(None, description="How near the IPTC concept is, in the words of SKOS.")
    threshold: Confidence = Field(0.5, description="An article has the topic where its score reaches this.")
    terms: tuple[Terms, ...] = Field(min_length=1)
    lookalikes: tuple[Word, ...] = Field((), description="Longer phrases that contain a term and mean something else.")
    formula: Formula = Formula()


class Taxonomy(Contract):
    """A version of the desk's topics; the same content always has the same version."""

    type: Literal["taxonomy"] = "taxonomy"
    version: str = Field(description="The declared version, a hyphen, and 12 hexadecimal digits of the content.")
    topics: tuple[TopicDefinition, ...] = Field(min_length=1)
