"""Pages as printed: turn a page's articles and geometry into a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.desk.addresses.links import line_anchor
from services.desk.archive.provenance import places_of
from services.desk.archive.titles import title_of
from services.drawing.sheet import Sheet, Story, sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.geometry import Link
    from schemas.tagged import TaggedArticle
    from services.desk.archive.archive import PageTexts
    from services.desk.views.issue import ItemView


def story_key(article: TaggedArticle) -> str:
    """Return the key that names an article within its issue in addresses."""
    return article.article_id.rpartition("/")[2]


def page_of_issue(page: int, texts: PageTexts, items: Iterable[ItemView]) -> Sheet | None:
    """Return page `page` with the area of each of its articles, linked to its lines; None without places."""
    stories = []
    for item in items:
        lines = _lines_on(page, item.article)
        if lines:
            address = f"?story={story_key(item.article)}#{line_anchor(page, min(lines))}"
            stories.append(Story(str(item.number), item.title, address, item.colour, lines, read=item.read))
    return sheet(texts.pages[page], texts.geometries.get(page), stories)


def page_of_article(page: int, texts: PageTexts, article: TaggedArticle) -> Sheet | None:
    """Return page `page` with the area of an article, linked to its lines; None if no place is known."""
    lines = _lines_on(page, article)
    address = f"#{line_anchor(page, min(lines, default=1))}"
    story = Story("", title_of(article), address, 0, lines, read=True)
    return sheet(texts.pages[page], texts.geometries.get(page), [story])


def links_of(page: int, texts: PageTexts) -> tuple[Link, ...]:
    """Return the addresses where a page can be seen elsewhere, if a browser may open them."""
    geometry = texts.geometries.get(page)
    links = geometry.links if geometry else ()
    return tuple(link for link in links if link.uri.startswith(("https://", "http://")))


def _lines_on(page: int, article: TaggedArticle) -> tuple[int, ...]:
    return tuple(place.line for place in places_of(article.spans) if place.page == page)
