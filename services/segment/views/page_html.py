"""Draw a page of segmented text so that a person can judge it in a second.

Each article has a colour, and each role has a style of type. Drawn lines connect headline blocks to their bodies. The
result is a single self-contained file without scripts; `page.html` is its template.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from services.drawing.draw import draw
from services.drawing.sheet import Sheet, Story, sheet
from services.segment.page.rows import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.geometry import Geometry
    from services.segment.article import LineRef, SegmentedArticle, SegmentedIssue

_LINE = 21  # height of a printed line in pixels
_BLANK = 7  # height of a blank line in pixels
_TOP = 12
_GUTTER = 150  # pixels left of the printed lines, where the connecting lines are drawn
_LANES, _LANE_STEP, _LAST_LANE = 80, 17, 96  # where in the gutter the connecting line of an article runs down
_CHARACTERS = 46  # longer lines are shortened on screen; the full text is in the title
_TITLE_CHARACTERS = 400
_HUES = (211, 14, 140, 275, 45, 185, 325, 95, 240, 0, 165, 300, 70, 225, 30, 120)
_FURNITURE_HUE = 220
_ROLE_NAMES = (
    "headline",
    "kicker",
    "deck",
    "subhead",
    "byline",
    "body",
    "caption",
    "credit",
    "jump",
    "label",
    "weather",
    "furniture",
)
NO_GEOMETRIES: Mapping[int, Geometry] = MappingProxyType({})
_TIED = ((("headline", "kicker", "deck"), 2.5), (("byline",), 1.2), (("caption", "credit"), 1.2))  # width in pixels


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line, with `top` in pixels.

    `title` is its text, and `text` is as much as fits. `anchor` is set where an article begins.
    """

    number: int
    top: int
    hue: int
    role: str
    starts: bool
    title: str
    text: str
    note: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _Curve:
    """A curve from a line at `y` to the body at `target`, in pixels from the top."""

    y: float
    target: float
    width: float


@dataclass(frozen=True, slots=True)
class _Tie:
    """The drawing in the gutter that connects an article.

    A line runs down next to its body. A curve leads to this line from each other line of the article.
    """

    label: str
    hue: int
    lane: int
    low: int
    high: int
    curves: tuple[_Curve, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page, `height` in pixels."""

    number: int
    height: int
    lines: tuple[_Line, ...]
    ties: tuple[_Tie, ...]
    printed: Sheet | None


def render(
    pages: Mapping[int, str], issue: SegmentedIssue, title: str, geometries: Mapping[int, Geometry] = NO_GEOMETRIES
) -> str:
    """Return an HTML document that shows every line of `pages` with the place that `issue` gives it.

    Args:
        pages: page number -> raw text, as given to `segment_issue`.
        issue: the result of `segment_issue`.
        title: heading of the document.
        geometries: page number -> where its lines are printed; a page with a geometry is also drawn as printed.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("services.segment.views").joinpath("page.html").read_text("utf-8"))
    return template.render(
        title=title,
        quality=issue.quality,
        roles=_ROLE_NAMES,
        gutter=_GUTTER,
        hues=_HUES,
        draw=draw,
        sheets=[_sheet(number, pages[number], issue, geometries.get(number)) for number in sorted(pages)],
    )


def _sheet(number: int, text: str, issue: SegmentedIssue, geometry: Geometry | None) -> _Sheet:
    owner = {x.line: (k, x.role) for k, a in enumerate(issue.articles) for x in a.lines if x.page == number}
    kinds = {x.line: x.kind for x in issue.furniture if x.page == number}
    starts = {ref.line for ref in _paragraphs(issue) if ref.page == number}
    place: dict[int, int] = {}
    begun: set[int] = set()
    lines = []
    top, gap = _TOP, False
    for line, raw in enumerate(text.split("\n"), 1):
        if not squeeze(raw):
            gap = bool(place)
            continue
        top += _BLANK if gap else 0
        gap = False
        place[line] = top
        article, role = owner.get(line, (-1, "furniture"))
        shown = raw.strip("\r\f\n")
        lines.append(
            _Line(
                number=line,
                top=top,
                hue=_HUES[article % len(_HUES)] if article >= 0 else _FURNITURE_HUE,
                role=role,
                starts=line in starts,
                title=shown[:_TITLE_CHARACTERS],
                text=shown if len(shown) <= _CHARACTERS else shown[:_CHARACTERS] + "…",
                note=f"{article + 1:02d} {role}" if article >= 0 else kinds.get(line, ""),
                anchor=f"p{number}-s{article + 1}" if article >= 0 and article not in begun else "",
            )
        )
        begun.add(article)
        top += _LINE
    ties = (_tie(article, k, number, place) for k, article in enumerate(issue.articles))
    printed = sheet(text, geometry, _stories(number, issue))
    return _Sheet(number, top + _TOP, tuple(lines), tuple(tie for tie in ties if tie), printed)


def _stories(page: int, issue: SegmentedIssue) -> list[Story]:
    """Return the articles on a page, each with a link to its first line there."""
    stories = []
    for k, article in enumerate(issue.articles):
        lines = tuple(line.line for line in article.lines if line.page == page)
        if lines:
            label = str(k + 1)
            stories.append(Story(label, article.headline, f"#p{page}-s{label}", k % len(_HUES), lines))
    return stories


def _paragraphs(issue: SegmentedIssue) -> list[LineRef]:
    """Return the line where each paragraph starts."""
    return [b.lines[0] for a in issue.articles for b in a.blocks if b.kind == "paragraph" and b.lines]


def _tie(article: SegmentedArticle, number: int, page: int, place: Mapping[int, int]) -> _Tie | None:
    """Return what connects article `number` on `page`, whose lines are at `place`; None where it has no body there."""
    here = [line for line in article.lines if line.page == page and line.line in place]
    body = [place[line.line] for line in here if line.role in {"body", "subhead"}]
    if not body:
        return None
    low, high = min(body), max(body) + _LINE - 1
    curves = [
        _Curve(y, min(max(y, low), high), width)
        for roles, width in _TIED
        for y in sorted(place[line.line] + _LINE / 2 for line in here if line.role in roles)
    ]
    lane = _LAST_LANE - (number * _LANE_STEP) % _LANES
    return _Tie(f"{number + 1:02d}", _HUES[number % len(_HUES)], lane, low, high, tuple(curves))
