"""The results of segmentation as frozen values: articles, furniture and the quality of the issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.text.cleaning import NO_DAMAGE, Damage

Role = Literal[
    "headline", "kicker", "deck", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather"
]
FurnitureKind = Literal["nameplate", "section", "folio", "teaser", "ad", "weather", "slogan", "label", "other"]
ArticleKind = Literal["story", "brief", "photo", "weather", "notice"]
BlockKind = Literal["paragraph", "subhead"]
Direction = Literal["to", "from"]
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


@dataclass(frozen=True, slots=True, order=True)
class LineRef:
    """A line of a page: page number and line number from 1; only line feeds separate lines."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of an article with its role there; a body line with a jump glued to it keeps the role body."""

    page: int
    line: int
    role: Role


@dataclass(frozen=True, slots=True)
class Byline:
    """A credited person, with the role as printed (记者, 通讯员, ...); a signature without a role gets 作者."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or subhead, joined from its lines."""

    kind: BlockKind
    text: str
    lines: tuple[LineRef, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption without its credit, and the photographer's name where printed."""

    text: str
    credit: str | None
    lines: tuple[LineRef, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump line: where the story continues (`to`) or comes from (`from`)."""

    direction: Direction
    page: int | None
    text: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a weather item says about a place and day; temperatures in degrees Celsius, humidity in percent.

    `place` and `day` are as printed, and empty where the item names none. `ultraviolet`, `air_quality`,
    `air_quality_index` and `pm25` (micrograms per cubic metre) are as printed, because papers give words and ranges.
    """

    place: str = ""
    day: str = ""
    sky: str = ""
    wind: str | None = None
    low_celsius: float | None = None
    high_celsius: float | None = None
    humidity_low: int | None = None
    humidity_high: int | None = None
    ultraviolet: str | None = None
    air_quality: str | None = None
    air_quality_index: str | None = None
    pm25: str | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """What a weather item says; temperatures in degrees Celsius, from its first forecast that has any.

    `whole` is false where a printed temperature can be read in two ways or cannot be read.
    """

    sky: str
    wind: str | None
    low_celsius: float | None
    high_celsius: float | None
    text: str
    forecasts: tuple[Forecast, ...] = ()
    warnings: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class SegmentedArticle:
    """An article with the place of every line it was made from.

    `pages` are in reading order; `confidence` is 0..1, rounded to three digits.
    """

    kind: ArticleKind
    pages: tuple[int, ...]
    headline: str
    kicker: str
    deck: str
    label: str
    bylines: tuple[Byline, ...]
    source: str
    blocks: tuple[Block, ...]
    captions: tuple[Caption, ...]
    jumps: tuple[Jump, ...]
    weather: Weather | None
    lines: tuple[PlacedLine, ...]
    confidence: float
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class FurnitureLine:
    """A line that belongs to the page and not to an article."""

    page: int
    line: int
    kind: FurnitureKind


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts that show a bad batch at once; `placed` equals `lines` by construction.

    `damage` is the damage to the text of all pages.
    """

    lines: int
    placed: int
    articles: int
    title_only: int
    body_only: int
    orphan_captions: int
    low_confidence: int
    damaged_text: int = 0
    interleaved_columns: int = 0
    damage: Damage = NO_DAMAGE


@dataclass(frozen=True, slots=True)
class SegmentedIssue:
    """A segmented issue: every non-blank line of every page is in exactly one article or in the furniture."""

    articles: tuple[SegmentedArticle, ...]
    furniture: tuple[FurnitureLine, ...]
    quality: Quality
