"""Turn the answer to a search into what its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.desk.addresses.links import issue_address
from services.desk.addresses.parameters import ANY, SearchParameters
from services.desk.reading.neighbours import anchor_of, hit_address
from services.desk.views.marks import Mark, Segment, merged, segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.tagged import TaggedArticle
    from services.desk.addresses.parameters import Filters
    from services.desk.views.histogram import Histogram
    from services.desk.views.interface import Interface
    from services.search.answer import Answer, ValueCount
    from services.search.highlight import Match
    from services.search.request.body import Sort
    from services.search.results import Result, ResultPage
    from services.search.rewriting.understanding import Change
    from services.search.snippets import Snippet
    from services.search.unknown import Unknown

HIT: Final = "hit"
CUT: Final = " … "
SHOWN_VALUES: Final = 6
"""The number of a facet's values that are shown at first."""
FACETS: Final = (
    *("topic", "kind", "paper", "column", "place", "organisation", "person", "reporter", "page", "flag"),
    "correction",
)
ORDERS: Final[tuple[Sort, ...]] = ("relevance", "newest", "oldest", "doubtful")
EXPORTS: Final = ("ninjs", "csv", "jsonl")

Labels = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class HitView:
    """An article that was found."""

    article: TaggedArticle
    address: str
    anchor: str
    issue: str
    headline: tuple[Segment, ...]
    kicker: tuple[Segment, ...]
    deck: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet; `count` is the number of articles if you choose it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet with its most frequent values; chosen values are always `shown`."""

    name: str
    shown: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active choice, and the address that removes it."""

    facet: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """Everything on the page."""

    asked: SearchParameters
    total: int
    changes: tuple[Change, ...]
    literal: str
    also: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    number: int
    hits: tuple[HitView, ...]
    facets: tuple[FacetView, ...]
    chips: tuple[Chip, ...]
    histogram: Histogram
    next: str | None
    bars: tuple[str, ...]
    exports: Mapping[str, str]
    orders: Mapping[str, str]
    sooner: str | None
    cleared: str


def search_view(  # noqa: PLR0913, PLR0917  # the page's ingredients
    asked: SearchParameters, answer: Answer, shown: ResultPage, chart: Histogram, labels: Labels, words: Interface
) -> SearchView:
    """Return what the page shows."""
    return SearchView(
        asked=asked,
        total=answer.total,
        changes=answer.changes,
        also=() if asked.literal else shown.also,
        unknown=answer.unknown,
        literal=asked.address(literal=True, after=None),
        number=shown.number,
        hits=tuple(_hit(result, asked) for result in shown.results),
        facets=tuple(_facet(name, answer.facets[name], asked, labels, words) for name in FACETS),
        chips=_chips(asked, labels, words),
        histogram=chart,
        next=asked.address(after=shown.next) if shown.next else None,
        bars=tuple(asked.address(since=bar.first, until=bar.last, after=None) for bar in chart.bars),
        exports={name: f"/export/{name}{asked.address('', after=None)}" for name in EXPORTS},
        orders={order: asked.address(sort=order, after=None) for order in ORDERS},
        sooner=asked.address(after=None) if asked.after else None,
        cleared=SearchParameters(q=asked.q, sort=asked.sort, size=asked.size).address(),
    )


def facet_label(facet: str, value: str, labels: Labels, words: Interface) -> str:
    """Return a facet's value as text for people."""
    if facet == "topic":
        return labels.get(value, {}).get(words.language, value)
    if facet == "page":
        return words("page.number", page=value)
    return words.or_value(f"{facet}.{value}", value)


def _hit(result: Result, asked: SearchParameters) -> HitView:
    article = result.article
    return HitView(
        article=article,
        address=hit_address(article.article_id, asked),
        anchor=anchor_of(article.article_id),
        issue=issue_address(article.issue_id, article.pages[0] if article.pages else None),
        headline=_marked(article.headline, result.headline),
        kicker=_marked(article.kicker, result.kicker),
        deck=_marked(article.deck, result.deck),
        snippet=_joined(result.snippets),
    )


def _marked(text: str, matches: Iterable[Match]) -> tuple[Segment, ...]:
    """Return the text, cut at its matches."""
    return segments(text, merged([Mark(match.start, match.end, HIT) for match in matches]))


def _joined(snippets: Sequence[Snippet]) -> tuple[Segment, ...]:
    """Return the snippets as one text, with a sign where something is omitted."""
    found: list[Segment] = []
    for number, snippet in enumerate(snippets):
        if number or snippet.cut_before:
            found.append(Segment(CUT))
        found += segments(snippet.text, merged([Mark(start, end, HIT) for start, end in snippet.matches]))
    if snippets and snippets[-1].cut_after:
        found.append(Segment(CUT))
    return tuple(found)


def _facet(name: str, found: Sequence[ValueCount], asked: Filters, labels: Labels, words: Interface) -> FacetView:
    chosen = [str(value) for value in getattr(asked, name)]
    counts = {one.value: one.count for one in found}
    values = [
        FacetValue(value, facet_label(name, value, labels, words), count, value in chosen)
        for value, count in (counts | {value: 0 for value in chosen if value not in counts and value != ANY}).items()
    ]
    values.sort(key=lambda value: not value.chosen)
    shown = max(SHOWN_VALUES, len(chosen))
    return FacetView(name, tuple(values[:shown]), tuple(values[shown:]))


def _chips(asked: SearchParameters, labels: Labels, words: Interface) -> tuple[Chip, ...]:
    found = [
        Chip(
            facet,
            facet_label(facet, value, labels, words),
            asked.address(**asked.with_choice(facet, value, chosen=False)),
        )
        for facet in FACETS
        for value in map(str, getattr(asked, facet))
    ]
    if asked.since or asked.until:
        days = words("dates.between", first=asked.since or "…", last=asked.until or "…")
        found.append(Chip("date", days, asked.address(since=None, until=None, after=None)))
    return tuple(found)
