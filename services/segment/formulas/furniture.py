"""Finds the kind of furniture of lines that belong to the page and not to an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.segment.page.patterns import COMPILED

if TYPE_CHECKING:
    from schemas.article import FurnitureKind

_FACTS = ("issue_number", "contact", "publisher", "editor", "weekday", "date", "date_only")
_SECTION = re.compile("^[A-Z]?\\d{0,2}(?:版)?[\u4e00-\u9fff]{2,4}(?:新闻|版)?[A-Z]?\\d{0,2}$")
_SLOGAN_LENGTH = 5
_FOLIO_LENGTH = 6


def furniture_kind(plain: str, *, weather: bool, label: bool, top: bool) -> FurnitureKind:  # noqa: PLR0911 - one a kind
    """Return the kind of a furniture row.

    Args:
        plain: its text (`Row.plain`).
        weather: whether the row is weather.
        label: whether the row is a label.
        top: whether the row is at the top or bottom of the page.
    """
    if weather:
        return "weather"
    if label:
        return "label"
    numbered: FurnitureKind = "folio" if len(plain) <= _FOLIO_LENGTH else "other"
    printed: tuple[tuple[str, FurnitureKind], ...] = (("page_line", numbered), ("teaser", "teaser"), ("folio", "folio"))
    for name, kind in printed:
        if COMPILED[name].search(plain):
            return kind
    if COMPILED["paper_name"].search(plain) and len(plain) <= 8:  # noqa: PLR2004
        return "nameplate"
    if any(COMPILED[name].search(plain) for name in _FACTS):
        return "other"
    if COMPILED["ad"].search(plain):
        return "ad"
    if top and _SECTION.match(plain) and len(plain) <= 6:  # noqa: PLR2004
        return "section"
    if len(plain) >= _SLOGAN_LENGTH and not re.search("\\d", plain):
        return "slogan"
    return "other"
