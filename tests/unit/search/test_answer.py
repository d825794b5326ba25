"""Elasticsearch's answer as values, whatever choices its buckets were counted under."""

from __future__ import annotations

import datetime as dt

import pytest

from services.search import fields
from services.search.answer import Hit, IntervalCount, ValueCount, read_answer
from services.search.query.query import Query
from services.search.request.body import Search, request
from tests.unit.desk.edition import article

MILLISECONDS_OF_A_DAY = 86_400_000


@pytest.mark.parametrize(
    "search", [Search(Query.parse("台风")), Search(Query.parse("台风"), {"topic": ("weather",)}, first="2023-08-01")]
)
def test_counts_are_read_whatever_they_were_counted_under(search: Search) -> None:
    """A facet that a choice narrows stands one level deeper in the response than one that none does."""
    buckets = {name: {"buckets": [{"key": name, "doc_count": 2}]} for name in fields.FACETS}
    buckets[fields.DATE] = {"buckets": [{"key": -MILLISECONDS_OF_A_DAY, "doc_count": 3}]}
    response = {
        "hits": {"total": {"value": 7}, "hits": []},
        "aggregations": {
            name: {"doc_count": 1, **{facet: buckets[facet] for facet in body["aggs"]}}
            if "aggs" in body
            else buckets[name]
            for name, body in request(search)["aggs"].items()
        },
    }
    answer = read_answer(response)
    assert dict(answer.facets) == {name: (ValueCount(name, 2),) for name in fields.FACETS}
    assert answer.dates == (IntervalCount(dt.date(1969, 12, 31), 3),)
    assert answer.total == 7


def test_a_number_is_a_value_too() -> None:
    """The facet of pages is counted over integers."""
    response = {
        "hits": {"total": {"value": 1}, "hits": []},
        "aggregations": {"page": {"buckets": [{"key": 4, "doc_count": 1}]}},
    }
    assert read_answer(response).facets == {"page": (ValueCount("4", 1),)}


def test_a_hit_is_an_article_with_its_place_in_the_order() -> None:
    found = article()
    hits = [{"_source": {"article": found.model_dump(mode="json")}, "sort": [1.5, 0, found.article_id]}]
    answer = read_answer({"hits": {"total": {"value": 1}, "hits": hits}})
    assert answer.hits == (Hit(found, (1.5, 0, found.article_id)),)
    assert not answer.facets
    assert not answer.dates
