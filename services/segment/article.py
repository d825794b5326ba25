"""The results of segmentation as frozen values: articles, furniture, and the quality of the issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from services.text.cleaning import NO_DAMAGE, Damage

if TYPE_CHECKING:
    from schemas.article import Flag, FurnitureKind, Role
    from schemas.contract import ArticleKind

BlockKind = Literal["paragraph", "subhead"]
Direction = Literal["to", "from"]


@dataclass(frozen=True, slots=True, order=True)
class LineRef:
    """A line of a page: page number and line number, from 1. Only line feeds separate lines."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of an article with its role there. A body line with a jump glued to it keeps the role body."""

    page: int
    line: int
    role: Role


@dataclass(frozen=True, slots=True)
class Byline:
    """A credited person, with the role as printed (记者, 通讯员, ...). A bare signature has the role 作者."""

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
    """The caption of a picture without its credit, and the photographer's name if printed."""

    text: str
    credit: str | None
    lines: tuple[LineRef, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump line: the page where the story continues (`to`) or the page it comes from (`from`)."""

    direction: Direction
    page: int | None
    text: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a weather item says about one place and day.

    Temperatures are in degrees Celsius, and humidity is in percent. `place` and `day` are as printed. They are empty if
    the item names none. `ultraviolet`, `air_quality`, `air_quality_index` and `pm25` (micrograms per cubic metre) are
    as printed, because papers print words and ranges.
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
    """What a weather item says.

    The temperatures are in degrees Celsius. They come from the first forecast that has temperatures. `whole` is false
    if the reader could not read a printed temperature, or could read it in two ways.
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

    `pages` are in reading order. `confidence` is the chance, 0..1, that the body has exactly the right lines.
    `headline_confidence` is the chance that the headline is exactly right; None for a weather item, which has none.
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
    headline_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class FurnitureLine:
    """A line that belongs to the page and not to an article."""

    page: int
    line: int
    kind: FurnitureKind


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts that show a bad batch at once.

    `placed` always equals `lines`, and the four bands of confidence hold every article. `damage` counts the faults in
    the text of all pages.
    """

    lines: int
    placed: int
    articles: int
    title_only: int
    body_only: int
    orphan_captions: int
    low_confidence: int
    fair_confidence: int = 0
    good_confidence: int = 0
    high_confidence: int = 0
    damaged_text: int = 0
    interleaved_columns: int = 0
    damage: Damage = NO_DAMAGE


@dataclass(frozen=True, slots=True)
class SegmentedIssue:
    """A segmented issue. Every non-blank line of every page is in exactly one article or in the furniture."""

    articles: tuple[SegmentedArticle, ...]
    furniture: tuple[FurnitureLine, ...]
    quality: Quality
