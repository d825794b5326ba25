"""Names of index fields that both the writer of documents and the builder of queries need."""

from __future__ import annotations

from typing import Final

SEARCH: Final = "search"
"""The object with the searched fields; it is indexed but not kept in the source."""
WORDS: Final = f"{SEARCH}.words"
"""Every word of the article as plain words, for those who type into Kibana."""

HEADLINE: Final = "headline"
KICKER: Final = "kicker"
DECK: Final = "deck"
LABEL: Final = "label"
BYLINE: Final = "byline"
SOURCE: Final = "source"
BODY: Final = "body"
CAPTION: Final = "caption"
PARTS: Final = (HEADLINE, KICKER, DECK, LABEL, BYLINE, SOURCE, BODY, CAPTION)
"""The parts of an article, each a field of characters under `SEARCH`, so that it can be searched alone."""
TITLES: Final = "titles"
REST: Final = "rest"
GATHERED: Final = {TITLES: (KICKER, DECK, LABEL), REST: (BYLINE, SOURCE, CAPTION)}
"""Fields under `SEARCH` that have several parts again, so that a search of everything reads few fields."""

PAIRS: Final = "_pairs"
"""The ending of the name of a field of pairs."""

CLAUSE_GAP: Final = 10
"""Positions between one clause and the next, so that a phrase (no gaps) never crosses."""

FACETS: Final = {
    "topic": "topic",
    "kind": "kind",
    "place": "place",
    "organisation": "organisation",
    "person": "person",
    "reporter": "reporter",
    "column": "column",
    "paper": "paper",
    "page": "page",
    "flag": "flags",
    "correction": "corrected",
}
"""Facet to keyword (or, for page, integer) field; the facet of dates is a histogram of its own."""
DATE: Final = "date"
CONFIDENCE: Final = "confidence"
"""The chance that the article was put together correctly, 0 to 1."""
EDITED_BY: Final = "edited_by"
EDITED_AT: Final = "edited_at"
"""Who made corrections of an article and when, whether they still hold or not."""
ARTICLE_ID: Final = "article_id"
ARTICLE: Final = "article"
"""The whole message, kept but not indexed."""
WITHDRAWN: Final = "withdrawn"


def pairs(name: str) -> str:
    """Return the field with the pairs of one of `PARTS` or `GATHERED`, at the positions of its characters."""
    return f"{SEARCH}.{name}{PAIRS}"


def part(name: str) -> str:
    """Return the field with the characters of one of `PARTS` or `GATHERED`."""
    return f"{SEARCH}.{name}"
