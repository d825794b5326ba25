"""Find where an article is printed: a box on each of its pages, computed from the places of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.geometry import PageBox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.geometry import PlacedLine
    from schemas.issue import Page
    from services.segment.article import PlacedLine as ArticleLine

DECIMALS = 4


def article_boxes(lines: Iterable[ArticleLine], pages: Sequence[Page]) -> tuple[PageBox, ...] | None:
    """Return the smallest box around an article's lines on each of its pages, in page order.

    A page gives no box if its geometry is not known, or if no line of the article has a place on it. The result is
    None if no page gives a box.
    """
    places = {page.page: page.geometry.lines for page in pages if page.geometry and page.geometry.lines}
    found: dict[int, list[PlacedLine]] = {}
    for line in lines:
        printed = places.get(line.page, ())
        place = printed[line.line - 1] if line.line <= len(printed) else None
        if place is not None:
            found.setdefault(line.page, []).append(place)
    return tuple(_around(page, found[page]) for page in sorted(found)) or None


def _around(page: int, places: Sequence[PlacedLine]) -> PageBox:
    left, top = min(place[0] for place in places), min(place[1] for place in places)
    right = max(x + width for x, _, width, _, _ in places)
    bottom = max(y + height for _, y, _, height, _ in places)
    return PageBox(page=page, box=(left, top, round(right - left, DECIMALS), round(bottom - top, DECIMALS)))
