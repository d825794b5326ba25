"""The body of an Elasticsearch request for a search."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from services.search import fields
from services.search.query.errors import QueryError
from services.search.query.nodes import All, AnyOf, Dates, Near, Node, Not, Pages, Phrase, Value, Words
from services.search.query.query import Query
from services.search.request.spans import (
    EVERYWHERE,
    MOST_NEAR,
    NOTHING,
    QueryBody,
    digest_query,
    misspelt_query,
    near_query,
    one_place_query,
    phrase_query,
    size,
    term_query,
    unit_query,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from services.search.query.units import Unit
    from services.search.rewriting.understanding import Understanding

Sort = Literal["relevance", "newest", "oldest", "doubtful"]
Interval = Literal["day", "week", "month", "year"]

PAGE_SIZE: Final = 20
LARGEST_PAGE_SIZE: Final = 100
FACET_VALUES: Final = 20
LARGEST_QUERY: Final = 4000
"""Most terms to look up: a node with 256 MB of heap allows 4,096 (Elasticsearch computes it from heap and threads)."""
UNDER: Final = "under-"
NARROWED: Final = "all"
COUNTED: Final = "words"
FACETS_AND_DATE: Final = frozenset({*fields.FACETS, fields.DATE})
ORDER: Final[dict[Sort, list[dict[str, Any]]]] = {
    "relevance": [{"_score": "desc"}, {fields.DATE: "desc"}, {fields.ARTICLE_ID: "asc"}],
    "newest": [{fields.DATE: "desc"}, {fields.ARTICLE_ID: "asc"}],
    "oldest": [{fields.DATE: "asc"}, {fields.ARTICLE_ID: "asc"}],
    "doubtful": [{fields.CONFIDENCE: "asc"}, {fields.DATE: "desc"}, {fields.ARTICLE_ID: "asc"}],
}
"""Every order ends in the article's id, so that paging by search_after neither repeats nor omits an article."""
KINDS_AS_TYPED: Final = {
    "报道": "story", "消息": "story", "简讯": "brief", "短讯": "brief", "图片": "photo", "图片新闻": "photo",
    "天气": "weather", "天气预报": "weather", "公告": "notice", "启事": "notice", "通知": "notice",
}  # fmt: skip
"""An editor's name for a kind of article to its name in the contract."""


@dataclass(frozen=True, slots=True)
class Search:
    """What an editor asks for.

    `chosen` has the chosen values of each facet (any of the values, but all of the facets). `first` and `last` are days
    as YYYY-MM-DD. `after` is the `sort` of the last hit of the previous page, and `page` the number of this one.
    `understanding` says what `query` was understood from; without it nothing but the query is tried.
    """

    query: Query = field(default_factory=Query)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    sort: Sort = "relevance"
    size: int = PAGE_SIZE
    after: tuple[Any, ...] | None = None
    page: int = 1
    interval: Interval = "month"
    understanding: Understanding | None = None


def request(
    search: Search,
    *,
    facets: bool = True,
    counted: Collection[str] = FACETS_AND_DATE,
) -> dict[str, Any]:
    """Return the body of the search request: query, filters, order, page and, if asked, facets with their counts.

    Chosen values filter after counting (`post_filter`), and each facet is counted under the choices of all others. So
    the count of a value is the number of articles that choosing it would give. Only facets in `counted` are counted,
    and `read_answer` reads the counts.

    Raises:
        QueryError: the query needs more terms than a node may look up.
    """
    body: dict[str, Any] = {
        "query": query_body(search.query),
        "sort": ORDER[search.sort],
        "size": max(0, min(search.size, LARGEST_PAGE_SIZE)),
        "track_total_hits": True,
        "_source": [fields.ARTICLE],
    }
    if search.after:
        body["search_after"] = list(search.after)
    filters = {name: _choice(name, values) for name, values in sorted(search.chosen.items()) if values}
    if search.first or search.last:
        filters[fields.DATE] = {"range": {fields.DATE: _bounds(search.first, search.last)}}
    if filters:
        body["post_filter"] = {"bool": {"filter": list(filters.values())}}
    if facets:
        wanted = {name: aggregation for name, aggregation in _aggregations(search).items() if name in counted}
        body["aggs"] = _counted(wanted, filters)
    return body


def counting(nodes: Sequence[Node]) -> dict[str, Any]:
    """Return the body of the request that counts the articles that match each of `nodes`, and all articles.

    Raises:
        QueryError: a node needs more terms than a node of Elasticsearch may look up.
    """
    filters = [query_body(Query.of("", node)) for node in nodes]
    return {"size": 0, "track_total_hits": True, "aggs": {COUNTED: {"filters": {"filters": filters}}}}


def misspelt(word: str, others: Sequence[Sequence[str]]) -> dict[str, Any] | None:
    """Return the body of the request for articles with `word` misspelt; None if it needs too many terms.

    `others` are the characters that may stand at each place of `word` instead.
    """
    body = misspelt_query(word, others)
    if size(body) > LARGEST_QUERY:
        return None
    return {"size": PAGE_SIZE, "query": body, "_source": [fields.ARTICLE]}


def query_body(query: Query) -> QueryBody:
    """Return the Elasticsearch query for what an editor typed; a blank query finds everything, newest first.

    A query that other wordings make too large is looked for as typed.

    Raises:
        QueryError: it needs more terms than a node may look up.
    """
    if query.node is None:
        return {"match_all": {}}
    try:
        return _Builder(query).build(query.node)
    except QueryError:
        return _Builder(query.as_typed()).build(query.node)


@dataclass(slots=True)
class _Builder:
    """Builds the body of one query, and stops as soon as it looks up too many terms."""

    query: Query
    terms: int = 0

    def build(self, node: Node) -> QueryBody:
        match node:
            case Words() | Near() | Phrase():
                return self._bounded(self._text(node))
            case Value() | Dates() | Pages():
                return _filter(node)
            case Not():
                return {"bool": {"must_not": [self.build(node.part)]}}
            case AnyOf():
                return {"bool": {"should": [self.build(part) for part in node.parts], "minimum_should_match": 1}}
            case All():
                return self._all(node)

    def _text(self, node: Words | Near | Phrase) -> QueryBody:
        if isinstance(node, Near):
            units = [unit for part in node.parts for unit in self.query.terms[part].needed]
            return one_place_query(units) if units else NOTHING
        if isinstance(node, Phrase):
            return phrase_query(self.query.phrases[node], _parts(node.field))
        return term_query(self.query.terms[node], _parts(node.field))

    def _all(self, node: All) -> QueryBody:
        """All parts are needed; plain words near each other make an article rank higher."""
        terms = [self.query.terms[part] for part in node.parts if isinstance(part, Words) and part.field is None]
        units = [unit for found in terms for unit in found.needed]
        wanted = [self.build(part) for part in node.parts if not isinstance(part, Not)]
        body: dict[str, Any] = {"must": wanted}
        if 1 < len(units) <= MOST_NEAR:
            body["should"] = [self._bounded(near_query(units, _parts(None)))]
        body["must_not"] = [self.build(part.part) for part in node.parts if isinstance(part, Not)]
        if "should" in body:
            body["filter"] = [_of_one_item(body["should"])]
            body["filter"] += [_of_its_parts(unit, body["should"]) for unit in units if unit.region]
        if node.wished:
            body["should"] = [*body.get("should", ()), *map(self.build, node.wished)]
        return {"bool": body}

    def _bounded(self, body: QueryBody) -> QueryBody:
        self.terms += size(body)
        if self.terms > LARGEST_QUERY:
            raise QueryError("too-heavy", 0)
        return body


def _of_one_item(near: list[QueryBody]) -> QueryBody:
    """Return the filter for articles of one piece, and for digests with words `near` each other: in one item."""
    return {"bool": {"should": [{"bool": {"must_not": [digest_query()]}}, *near], "minimum_should_match": 1}}


def _of_its_parts(unit: Unit, near: list[QueryBody]) -> QueryBody:
    """Return the filter for articles that name the region `unit`, or a part of it `near` the other words."""
    named = unit_query(replace(unit, wordings=unit.wordings[:1], apart=()), EVERYWHERE)
    return {"bool": {"should": [named, *near], "minimum_should_match": 1}}


def _parts(name: str | None) -> tuple[str, ...]:
    return EVERYWHERE if name is None else (name,)


def _filter(node: Value | Dates | Pages) -> QueryBody:
    if isinstance(node, Dates):
        return {"range": {fields.DATE: _bounds(node.within.first, node.within.last)}}
    if isinstance(node, Pages):
        return {"terms": {"page": [str(page) for page in node.within.pages()]}}
    return _value(node)


def _value(node: Value) -> QueryBody:
    if not node.text:
        return NOTHING
    if node.field == "kind":
        return {"term": {"kind": KINDS_AS_TYPED.get(node.text, node.text.lower())}}
    if node.field == "topic":
        return {"bool": {"should": [{"term": {name: node.text}} for name in ("topic", "topic_label")]}}
    return {"wildcard": {fields.FACETS[node.field]: {"value": f"*{_escaped(node.text)}*", "case_insensitive": True}}}


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "*?\\" else character for character in text)


def _bounds(first: object, last: object) -> dict[str, str]:
    return {name: str(day) for name, day in (("gte", first), ("lte", last)) if day}


def _choice(facet: str, values: tuple[str, ...]) -> QueryBody:
    return {"terms": {fields.FACETS[facet]: list(values)}}


def _counted(aggregations: dict[str, dict[str, Any]], filters: dict[str, QueryBody]) -> dict[str, Any]:
    """Return the aggregations, grouped by their filters.

    Facets that no choice narrows get no filter, because Elasticsearch may run the whole query again for each filter.
    """
    groups: dict[str, dict[str, Any]] = {}
    for name, aggregation in aggregations.items():
        groups.setdefault(name if name in filters else NARROWED, {})[name] = aggregation
    body: dict[str, Any] = {}
    for group, members in groups.items():
        others = [choice for name, choice in filters.items() if name != group]
        body |= {f"{UNDER}{group}": {"filter": {"bool": {"filter": others}}, "aggs": members}} if others else members
    return body


def _aggregations(search: Search) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        name: {
            "terms": {
                "field": field_name,
                "size": FACET_VALUES + len(search.chosen.get(name, ())),
                "order": [{"_count": "desc"}, {"_key": "asc"}],
            }
        }
        for name, field_name in fields.FACETS.items()
    }
    found[fields.DATE] = {
        "date_histogram": {"field": fields.DATE, "calendar_interval": search.interval, "min_doc_count": 1}
    }
    return found
