"""A search in words: what an editor typed, and the values that he chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.desk.views.search import FACETS, facet_label
from services.desk.watching.watches import LONGEST_NAME

if TYPE_CHECKING:
    from services.desk.addresses.parameters import Filters
    from services.desk.archive.topics import Labels
    from services.desk.views.interface import Interface

BETWEEN: Final = "　"


def asked_in_words(asked: Filters, labels: Labels, words: Interface) -> str:
    """Return the query and the chosen values of a search, as text for people."""
    return BETWEEN.join(filter(None, (asked.q, *_chosen(asked, labels, words))))


def name_for(asked: Filters, labels: Labels, words: Interface) -> str:
    """Return the name that is offered for a search: its query, or else its chosen values."""
    return (asked.q or BETWEEN.join(_chosen(asked, labels, words)))[:LONGEST_NAME]


def _chosen(asked: Filters, labels: Labels, words: Interface) -> list[str]:
    found = [facet_label(facet, value, labels, words) for facet in FACETS for value in map(str, getattr(asked, facet))]
    if asked.since or asked.until:
        found.append(words("dates.between", first=asked.since or "…", last=asked.until or "…"))
    return found
