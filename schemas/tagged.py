"""The messages of `articles.tagged` (compacted): articles with their topics, facets and evidence."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from schemas.article import ArticleContent, Confidence, IssueRecord, Withdrawal
from schemas.contract import Contract, is_absent
from schemas.taxonomy import Match

Part = Literal["headline", "kicker", "deck", "label", "body", "caption", "byline", "weather"]


class TextSpan(Contract):
    """A place in an article's text: characters `start` to `end` (exclusive, code points) of one part.

    `index` counts blocks of `body`, or captions; it is 0 elsewhere. Part weather is the forecast's `sky`.
    """

    part: Part
    index: int = Field(0, ge=0)
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(description="The exact text.")


class Evidence(TextSpan):
    """Words for a topic, or against it (weight below 0), and what they add to its log odds."""

    weight: float


class Topic(Contract):
    """One topic of an article."""

    id: str = Field(description="industry, customs, united_front, weather, or your own")
    label: str = Field(description="The Chinese label.")
    label_en: str
    iptc: str | None = Field(None, description="The nearest IPTC Media Topic, such as medtop:20000294.")
    iptc_match: Match | None = Field(
        None, exclude_if=is_absent, description="How near that Media Topic is, in the words of SKOS; only exact is it."
    )
    score: Confidence = Field(
        description="Calibrated: the share of articles with this score that are about it; 1 if an editor chose it."
    )
    evidence: tuple[Evidence, ...]


class Place(Contract):
    """A place named in the article."""

    name: str = Field(description="As printed, first mention.")
    code: str | None = Field(
        None, description="Code of the administrative division: six digits, GB/T 2260; nine for a town, GB/T 10114."
    )
    full_name: str | None = Field(None, description="With the divisions above it, such as 广东省茂名市电白区.")
    mentions: int = Field(ge=1)


class Name(Contract):
    """An organisation or a person named in the article (its authors are in bylines)."""

    name: str
    mentions: int = Field(ge=1)


class Figure(Contract):
    """A number with its unit and what it counts."""

    value: float = Field(description="The value in this unit: 288.48亿元 is 28848000000 元; the lower end of a range.")
    upper: float | None = Field(None, description="The upper end of a range: 3至5万元 is 30000 to 50000.")
    exactness: Literal["about", "over", "under"] | None = Field(
        None, description="How exact the value is: 约 about, 超 or 多 over, 不足 under."
    )
    unit: str
    what: str = Field("", description="What is counted, such as 工业增加值.")
    change: Literal["rise", "fall"] | None = Field(
        None, description="Present if the figure says how much something rose or fell (同比增长)."
    )
    span: TextSpan


class TaggedArticle(ArticleContent):
    """An article with its topics and facets."""

    type: Literal["tagged_article"] = "tagged_article"
    topics: tuple[Topic, ...] = ()
    places: tuple[Place, ...] = ()
    organisations: tuple[Name, ...] = ()
    people: tuple[Name, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[dt.date, ...] = Field((), description="Days named in the text, completed from the issue's date.")
    topics_unknown: tuple[str, ...] = Field(
        (), description="Topics that an editor chose and this version of the taxonomy does not have."
    )
    taxonomy_version: str = Field(
        description="The version of the taxonomy that gave these tags; a later one that gives the same is not named."
    )


TaggedMessage = Annotated[TaggedArticle | Withdrawal | IssueRecord, Field(discriminator="type")]
TAGGED_MESSAGE: TypeAdapter[TaggedArticle | Withdrawal | IssueRecord] = TypeAdapter(
    TaggedMessage, config=ConfigDict(defer_build=True)
)
"""Decodes any value of the topic `articles.tagged`."""
