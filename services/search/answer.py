"""Elasticsearch's answer to a search, as values: only this module knows how hits and buckets are nested."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from schemas.tagged import TaggedArticle
from services.search import fields
from services.search.request.body import COUNTED, FACETS_AND_DATE, UNDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from services.search.query.query import Query
    from services.search.rewriting.understanding import Change
    from services.search.unknown import Unknown

EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and its sort values, from which the next page may start."""

    article: TaggedArticle
    sort: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value of a facet, and how many articles have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class IntervalCount:
    """An interval of the histogram of days: its first day, and how many articles were published in it."""

    first: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    `total` counts all articles that match, the choices among facets applied; `hits` are those of one page. `facets`
    holds the most frequent values of each facet that was counted, `dates` the intervals with any article, oldest first.
    `query` is what was looked for in the end, and
    `changes` says how it differs from what was typed. Where nothing is found, `unknown` names what nothing has.
    """

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[ValueCount, ...]] = field(default_factory=dict)
    dates: tuple[IntervalCount, ...] = ()
    query: Query | None = None
    changes: tuple[Change, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def relaxed(self) -> bool:
        """Whether words had to be left out to find anything."""
        return any(change.kind == "part" for change in self.changes)


def read_answer(response: Mapping[str, Any]) -> Answer:
    """Return the answer in Elasticsearch's response to a `request`."""
    buckets = dict(_buckets(response.get("aggregations", {})))
    return Answer(
        total=response["hits"]["total"]["value"],
        hits=tuple(Hit(read_article(hit["_source"]), tuple(hit.get("sort", ()))) for hit in response["hits"]["hits"]),
        facets={
            name: tuple(ValueCount(str(bucket["key"]), bucket["doc_count"]) for bucket in buckets[name])
            for name in fields.FACETS
            if name in buckets
        },
        dates=tuple(
            IntervalCount(EPOCH + dt.timedelta(milliseconds=bucket["key"]), bucket["doc_count"])
            for bucket in buckets.get(fields.DATE, ())
        ),
    )


def read_counts(response: Mapping[str, Any]) -> list[int]:
    """Return the number of articles with each word, in Elasticsearch's response to `counting`."""
    return [bucket["doc_count"] for bucket in response["aggregations"][COUNTED]["buckets"]]


def read_article(source: Mapping[str, Any]) -> TaggedArticle:
    """Return the article in a document of the index."""
    return TaggedArticle.model_validate(source[fields.ARTICLE], strict=False)


def _buckets(aggregations: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the buckets of each facet and of the dates, whatever filters they were counted under."""
    for name, counted in aggregations.items():
        if name.startswith(UNDER):
            yield from _buckets({facet: each for facet, each in counted.items() if facet in FACETS_AND_DATE})
        else:
            yield name, counted["buckets"]
