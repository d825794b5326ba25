"""Messages that segment emits to `articles`: an article per revision, withdrawals, and a record per issue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import ConfigDict, Field, TypeAdapter

from schemas.contract import ArticleKind, Contract, Revision, is_absent
from schemas.correction import AppliedCorrection
from schemas.difference import Difference
from schemas.geometry import PageBox
from schemas.issue import IgnoredPage
from schemas.page import PageNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

Role = Literal[
    "headline", "kicker", "deck", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather"
]
FurnitureKind = Literal["nameplate", "section", "folio", "teaser", "ad", "weather", "slogan", "label", "other"]
Flag = Literal[
    "title-only",
    "body-only",
    "low-confidence",
    "jump-unresolved",
    "orphan-caption",
    "weather-unread",
    "damaged-text",
    "interleaved-columns",
]
Confidence = Annotated[float, Field(ge=0, le=1)]
LineNumber = Annotated[int, Field(ge=1)]

GENERATIONS = 2**10
"""How many generations of a version can be told apart.

A version below 2^53 and a generation together fit in the 63 bits of an Elasticsearch version.
"""

Generation = Annotated[
    int,
    Field(
        ge=0,
        lt=GENERATIONS,
        description="Orders messages of one id and one version: tagging it again, or a rewind, makes the next.",
    ),
]


class LineSpan(Contract):
    """Lines `first` to `last` of a page, 1-based over the page's text split at line feeds."""

    page: PageNumber
    first: LineNumber
    last: LineNumber


class RoleSpan(LineSpan):
    """Lines of a page that play one role in an article."""

    role: Role


class FurnitureSpan(LineSpan):
    """Lines of a page that belong to no article."""

    kind: FurnitureKind


class Byline(Contract):
    """One person who signs an article."""

    name: str
    role: str = Field(
        description="As printed: 记者 (reporter), 通讯员 (correspondent), 作者 (author), 摄影 (photographer) …"
    )


class Block(Contract):
    """One paragraph or subhead, joined back from its printed lines."""

    kind: Literal["paragraph", "subhead"]
    text: str
    spans: tuple[LineSpan, ...]


class Caption(Contract):
    """One photo's caption; the photograph itself is not in the text."""

    text: str
    credit: str | None = Field(None, description="The photographer's name, where one is printed.")
    spans: tuple[LineSpan, ...]


class Jump(Contract):
    """A printed link to the page where the article goes on (下转) or comes from (上接)."""

    direction: Literal["to", "from"]
    page: PageNumber | None
    text: str
    span: LineSpan


Degrees = int | float
"""Degrees Celsius. A whole number is an int, as in releases that did not read fractions."""


class Forecast(Contract):
    """What a weather item says of one place and day."""

    place: str = Field("", description="As printed; empty where none is named.")
    day: str = Field("", description="As printed, such as 今天, 10月13日 or 今晚到明天; empty where none is named.")
    sky: str = ""
    wind: str | None = None
    low_celsius: Degrees | None = None
    high_celsius: Degrees | None = None
    humidity_low: int | None = Field(None, description="Percent.")
    humidity_high: int | None = Field(None, description="Percent.")
    ultraviolet: str | None = Field(None, description="As printed, such as 中等 or 5级.")
    air_quality: str | None = Field(None, description="As printed, such as 良 or 优到良.")
    air_quality_index: str | None = Field(None, description="As printed, such as 58 or 45～65.")
    pm25: str | None = Field(None, description="Micrograms per cubic metre, as printed.")


class Weather(Contract):
    """The values of a weather item: those of its first forecast that has temperatures, then all of them."""

    sky: str
    wind: str | None = None
    low_celsius: Degrees | None = None
    high_celsius: Degrees | None = None
    text: str = Field(description="The item as printed, without a page number that stands on the same line.")
    forecasts: tuple[Forecast, ...] = Field((), description="One for each place and day, in the order of print.")
    warnings: tuple[str, ...] = Field((), description="Such as 台风橙色预警, as printed.")


class Identity(Contract):
    """Which article of which issue, at which version."""

    article_id: str = Field(description="issue id/12 hexadecimal digits; stable across corrections")
    issue_id: str
    paper: str
    date: dt.date
    revision: Revision
    version: int = Field(
        ge=0, lt=2**53, description="The issue's version at which it changed last; newer replaces older."
    )
    generation: Generation = 0
    difference: Difference | None = Field(
        None,
        exclude_if=is_absent,
        description="What changed since the message before; left out by earlier releases.",
    )


class ArticleContent(Identity):
    """An article as printed and as editors corrected it, with the place of every line it was made from."""

    language: Literal["zh"] = "zh"
    date_assumed: bool = False
    pages: tuple[PageNumber, ...] = Field(description="In reading order.")
    kind: ArticleKind
    headline: str
    kicker: str = Field("", description="引题: the line over the headline.")
    deck: str = Field("", description="副题: the line under the headline.")
    label: str = Field("", description="Column label, such as 成就宣传.")
    bylines: tuple[Byline, ...] = ()
    source: str = Field("", description="本报讯, 新华社北京8月4日电 and the like, as printed.")
    body: tuple[Block, ...] = ()
    captions: tuple[Caption, ...] = ()
    jumps: tuple[Jump, ...] = ()
    weather: Weather | None = None
    spans: tuple[RoleSpan, ...] = Field(description="Every line of the article, by page, line and role.")
    confidence: Confidence = Field(description="The chance that its body has exactly the right lines.")
    flags: tuple[Flag, ...] = ()
    topics_chosen: tuple[str, ...] | None = Field(
        None, description="The topics an editor chose, by id; without it, those that its words speak for."
    )
    corrections: tuple[AppliedCorrection, ...] = Field(
        (), description="What editors corrected, in the order it was sent; also what holds no longer."
    )
    boxes: tuple[PageBox, ...] | None = Field(
        None, exclude_if=is_absent, description="Where it is printed, by page; left out where no geometry is known."
    )
    headline_confidence: Confidence | None = Field(
        None,
        exclude_if=is_absent,
        description="The chance that its headline is exactly right; left out where it can have none, as in weather.",
    )


class Article(ArticleContent):
    """One article as segment emits it."""

    type: Literal["article"] = "article"


class Withdrawal(Identity):
    """This article is gone as of this version: the index keeps it as a tombstone document."""

    type: Literal["withdrawal"] = "withdrawal"


class DamageCount(Contract):
    """In how many lines one kind of damage was found."""

    kind: str = Field(
        description="Put right: radicals, compatibility-ideographs, vertical-forms, invisible-characters, doubled, "
        "repeated-lines, spread. Lost: glyph-codes, private-use, replacement-characters."
    )
    lines: int


class Quality(Contract):
    """How well an issue was understood, so that a bad batch is seen at once. All are counts."""

    lines: int = Field(description="Non-blank lines.")
    placed: int = Field(description="Lines in an article or the furniture; less than lines is a fault.")
    articles: int
    title_only: int
    body_only: int
    orphan_captions: int
    low_confidence: int = Field(description="Articles with a confidence below .5.")
    fair_confidence: int | None = Field(
        None, exclude_if=is_absent, description="Articles with a confidence from .5, below .8."
    )
    good_confidence: int | None = Field(
        None, exclude_if=is_absent, description="Articles with a confidence from .8, below .95."
    )
    high_confidence: int | None = Field(
        None, exclude_if=is_absent, description="Articles with a confidence of .95 or more."
    )
    damaged_text: int = Field(0, description="Articles with a character that could not be read.")
    interleaved_columns: int = Field(0, description="Articles on pages whose columns were read across.")
    unreadable_characters: int = 0
    lines_cleaned: int = Field(0, description="Lines in which damage was put right or a character is lost.")
    damage: tuple[DamageCount, ...] = Field((), description="By kind; a line may have several.")


class Printed(Protocol):
    """Something that is printed on lines of one or more pages."""

    @property
    def pages(self) -> Sequence[int]:
        """Its pages in reading order."""

    @property
    def spans(self) -> Sequence[LineSpan]:
        """Its lines."""


def printed_place(article: Printed) -> tuple[int, int]:
    """Return where an article begins: its first page, and its first line on that page; 0 if it has none."""
    page = article.pages[0] if article.pages else 0
    return page, min((span.first for span in article.spans if span.page == page), default=0)


class ArticleVersion(Contract):
    """An article of an issue, and the version of its newest message."""

    article_id: str
    version: int = Field(ge=0, lt=2**53)


class IssueRecord(Contract):
    """What segment knows of an issue beside its articles: the furniture and the quality."""

    type: Literal["issue"] = "issue"
    issue_id: str
    paper: str
    date: dt.date
    revision: Revision
    version: int = Field(ge=0, lt=2**53)
    generation: Generation = 0
    pages: tuple[PageNumber, ...]
    furniture: tuple[FurnitureSpan, ...]
    quality: Quality
    contents: tuple[ArticleVersion, ...] | None = Field(
        None,
        exclude_if=is_absent,
        description="Its articles at this version: who has all of them in these versions or newer has the issue.",
    )
    corrections: tuple[AppliedCorrection, ...] = Field(
        (), description="Those whose article is not there at this version, so that no article can show them."
    )
    ignored: tuple[IgnoredPage, ...] = Field(
        (), description="Pages that were published last with too small a revision, so that they changed nothing."
    )


ArticleMessage = Annotated[Article | Withdrawal | IssueRecord, Field(discriminator="type")]
ARTICLE_MESSAGE: TypeAdapter[Article | Withdrawal | IssueRecord] = TypeAdapter(
    ArticleMessage, config=ConfigDict(defer_build=True)
)
"""Decodes any value of the topic `articles`."""
