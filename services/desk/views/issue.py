"""What the page of an issue shows: its quality, printed lines in their articles' colours, and furniture in grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.article import printed_place
from services.desk.addresses.links import article_address, line_anchor
from services.desk.archive.provenance import Place, lines_of, places_of
from services.desk.archive.titles import title_of
from services.desk.views.printed import links_of, page_of_issue, story_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.article import IssueRecord
    from schemas.geometry import Link
    from schemas.tagged import TaggedArticle
    from services.desk.archive.archive import PageTexts
    from services.drawing.sheet import Sheet

COLOURS: Final = 8
FURNITURE: Final = "furniture"
NOWHERE: Final = "nowhere"


@dataclass(frozen=True, slots=True)
class ItemView:
    """An article of the issue: its number in printed order, its colour, and whether it is being read."""

    number: int
    article: TaggedArticle
    address: str
    title: str
    read: bool = False

    @property
    def colour(self) -> int:
        """The number of its colour, 0 to COLOURS - 1."""
        return self.number % COLOURS


@dataclass(frozen=True, slots=True)
class LineView:
    """A printed line and its kind: a role, or a kind of furniture."""

    anchor: str
    number: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines of an article (`item`), of furniture, or of neither, which is a fault (`kind`)."""

    item: ItemView | None
    kind: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page with all its lines, its items, and the printed page if its geometry is known."""

    number: int
    runs: tuple[Run, ...]
    items: tuple[ItemView, ...]
    sheet: Sheet | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueView:
    """Everything on the page; `known` is false if the printed text was not kept."""

    items: tuple[ItemView, ...]
    pages: tuple[PageView, ...]
    doubtful: tuple[ItemView, ...]
    known: bool
    stale: bool


def issue_view(
    record: IssueRecord, articles: Sequence[TaggedArticle], texts: PageTexts | None, story: str = ""
) -> IssueView:
    """Return what the page shows, from the issue's record, its articles and its printed text.

    `story` is the key of the article being read (`printed.story_key`); empty if none is being read.
    """
    ordered = sorted(articles, key=printed_place)
    items = tuple(
        ItemView(
            number,
            article,
            article_address(article.article_id),
            title_of(article),
            read=story_key(article) == story,
        )
        for number, article in enumerate(ordered, start=1)
    )
    owners = {place: (item, span.role) for item in items for span in item.article.spans for place in places_of([span])}
    grey: dict[Place, str] = {}
    for span in record.furniture:
        grey |= dict.fromkeys(places_of([span]), span.kind)
    pages = []
    for number, text in sorted(texts.pages.items()) if texts else ():
        assert texts is not None
        here = tuple(item for item in items if number in item.article.pages)
        runs = _runs(number, lines_of(text), owners, grey)
        pages.append(PageView(number, runs, here, page_of_issue(number, texts, here), links_of(number, texts)))
    return IssueView(
        items=items,
        pages=tuple(pages),
        doubtful=tuple(sorted((item for item in items if item.article.flags), key=_least_sure_first)),
        known=texts is not None,
        stale=texts is not None and texts.version != record.version,
    )


def _least_sure_first(item: ItemView) -> tuple[float, int]:
    return item.article.confidence, item.number


def _runs(
    page: int, lines: Sequence[str], owners: Mapping[Place, tuple[ItemView, str]], grey: Mapping[Place, str]
) -> tuple[Run, ...]:
    runs: list[tuple[ItemView | None, str, list[LineView]]] = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        place = Place(page, number)
        item, role = owners.get(place, (None, ""))
        kind = "" if item else FURNITURE if place in grey else NOWHERE
        line = LineView(line_anchor(page, number), number, text, role or grey.get(place, NOWHERE))
        if runs and runs[-1][0] is item and runs[-1][1] == kind:
            runs[-1][2].append(line)
        else:
            runs.append((item, kind, [line]))
    return tuple(Run(item, kind, tuple(found)) for item, kind, found in runs)
