"""Names of the index's fields that both the writer of documents and the builder of queries need."""

from __future__ import annotations

from typing import Final

SEARCH: Final = "search"
"""The object that holds what is searched; it is indexed but not kept in the source."""
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
"""The parts of an article that hold characters, each a field under `SEARCH` so that it can be searched by itself."""
TITLES: Final = "titles"
REST: Final = "rest"
GATHERED: Final = {TITLES: (KICKER, DECK, LABEL), REST: (BYLINE, SOURCE, CAPTION)}
"""Fields under `SEARCH` that hold several parts again, so that a search of everything looks into few fields."""

PAIRS: Final = "_pairs"
"""What the name of a field of pairs ends in."""

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
ARTICLE_ID: Final = "article_id"
ARTICLE: Final = "article"
"""Where the whole message stands, kept as it is and not indexed."""
WITHDRAWN: Final = "withdrawn"


def pairs(name: str) -> str:
    """Return the field that holds the pairs of one of `PARTS` or `GATHERED`, in step with its characters."""
    return f"{SEARCH}.{name}{PAIRS}"


def part(name: str) -> str:
    """Return the field that holds the characters of one of `PARTS` or `GATHERED`."""
    return f"{SEARCH}.{name}"
