"""The tree of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from services.search.query.ranges import DateRange, PageRange

TextField = Literal["headline", "kicker", "deck", "label", "byline", "source", "body", "caption"]
ValueField = Literal["topic", "kind", "place", "organisation", "person", "paper", "flag", "correction"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must all occur, in any wording; `field` is None for any part of the article."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Words that must all occur in one place: within about a paragraph, or in the titles and the first lines.

    A single word must be in the titles.
    """

    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """These exact characters, in this order, within a clause."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A facet's value."""

    field: ValueField
    text: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Published within a range of days."""

    within: DateRange


@dataclass(frozen=True, slots=True)
class Pages:
    """Printed on one of a range of pages."""

    within: PageRange


@dataclass(frozen=True, slots=True)
class All:
    """Every part must match; an article with a wished word ranks higher."""

    parts: tuple[Node, ...]
    wished: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not match."""

    part: Node


Node = Words | Near | Phrase | Value | Dates | Pages | All | AnyOf | Not
