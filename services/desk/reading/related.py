"""Articles on the same names and topics that were printed earlier and later: the request for them, and its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.desk.addresses.links import article_address
from services.desk.archive.outlines import OUTLINED, Outline, read_outline
from services.desk.archive.titles import title_of
from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.tagged import TaggedArticle

MOST_RELATED: Final = 5
"""The number of articles that are shown on each side."""
MOST_NAMES: Final = 20
"""The number of names of a kind that are looked for: those named most often."""
ENOUGH: Final = 2
"""How many names or topics an article must share to be related, if this one has as many."""


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """Another article in a short list."""

    address: str
    title: str
    paper: str
    date: dt.date
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Short lists beside an article: others on its page, and earlier and later ones on the same names and topics."""

    on_page: tuple[RelatedItem, ...] = ()
    earlier: tuple[RelatedItem, ...] = ()
    later: tuple[RelatedItem, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.on_page or self.earlier or self.later)


def related_requests(article: TaggedArticle) -> tuple[dict[str, Any], ...]:
    """Return two requests, for earlier and for later articles of other issues; none if the article names nothing.

    Rare names count more than frequent ones (BM25), so 国家电网 does not bring everything about electricity.
    """
    shared = _shared(article)
    if not shared:
        return ()
    day = article.date.isoformat()
    return tuple(
        {
            "query": {
                "bool": {
                    "should": shared,
                    "minimum_should_match": min(ENOUGH, len(shared)),
                    "filter": [{"range": {fields.DATE: {bound: day}}}],
                    "must_not": [{"term": {"issue_id": article.issue_id}}],
                }
            },
            "sort": ["_score", {fields.DATE: direction}, {fields.ARTICLE_ID: "asc"}],
            "size": MOST_RELATED,
            "track_total_hits": False,
            "_source": [f"{fields.ARTICLE}.{name}" for name in ("paper", "date", *OUTLINED)],
        }
        for bound, direction in (("lt", "desc"), ("gte", "asc"))
    )


def related(
    article: TaggedArticle, outlines: Iterable[Outline], answers: Sequence[Sequence[Mapping[str, Any]]]
) -> Related:
    """Return the short lists.

    Args:
        article: the article that is being read.
        outlines: the articles of its issue, in printed order.
        answers: the documents found by each of `related_requests`.
    """
    on_page = tuple(
        RelatedItem(article_address(one.article_id), title_of(one), article.paper, article.date, one.pages)
        for one in outlines
        if one.article_id != article.article_id and set(one.pages) & set(article.pages)
    )
    earlier, later = (_items(answer) for answer in answers) if answers else ((), ())
    return Related(on_page, earlier, later)


def _shared(article: TaggedArticle) -> list[dict[str, Any]]:
    """Return a query for each name and topic of the article; a place that is a whole province says too little."""
    people = [*(one.name for one in article.people), *(byline.name for byline in article.bylines)]
    named = {
        "person": people,
        "organisation": [one.name for one in article.organisations],
        "place": [one.full_name or one.name for one in article.places if not _is_province(one.code)],
        "topic": [one.id for one in article.topics],
    }
    return [
        {"term": {fields.FACETS[facet]: {"value": value}}}
        for facet, values in named.items()
        for value in dict.fromkeys(values[:MOST_NAMES])
    ]


def _is_province(code: str | None) -> bool:
    return code is not None and code.endswith("0000")


def _items(documents: Sequence[Mapping[str, Any]]) -> tuple[RelatedItem, ...]:
    found = []
    for document in documents:
        outline, source = read_outline(document), document[fields.ARTICLE]
        item = RelatedItem(
            article_address(outline.article_id),
            title_of(outline),
            source["paper"],
            dt.date.fromisoformat(source["date"]),
            outline.pages,
        )
        found.append(item)
    return tuple(sorted(found, key=lambda item: item.date, reverse=True))
