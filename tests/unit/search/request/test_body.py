"""The request to Elasticsearch: filters, facets, order and paging, and a bound on what it may cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search import fields
from services.search.query.errors import QueryError
from services.search.query.query import Query
from services.search.query.synonyms import seeded, synonyms
from services.search.request.body import LARGEST_QUERY, Search, query_body, request
from services.search.request.spans import size

if TYPE_CHECKING:
    from services.search.query.synonyms import Synonyms

NONE = synonyms({})


def query(typed: str, known: Synonyms | None = None) -> dict[str, Any]:
    return query_body(Query.parse(typed, known))


def test_a_blank_query_finds_everything() -> None:
    assert request(Search())["query"] == {"match_all": {}}


def test_a_facet_is_counted_under_the_choices_of_the_others_but_not_its_own() -> None:
    body = request(Search(Query.parse("台风"), {"topic": ("weather",), "paper": ("示例日报",)}))
    by_topic = {"terms": {"topic": ["weather"]}}
    by_paper = {"terms": {"paper": ["示例日报"]}}
    assert body["post_filter"]["bool"]["filter"] == [by_paper, by_topic]
    under = {name: group["filter"]["bool"]["filter"] for group in body["aggs"].values() for name in group["aggs"]}
    assert under["topic"] == [by_paper]
    assert under["paper"] == [by_topic]
    assert under["place"] == under["date"] == [by_paper, by_topic]


def test_what_is_counted_under_the_same_choices_is_counted_together() -> None:
    assert set(request(Search(Query.parse("台风")))["aggs"]) == {*fields.FACETS, fields.DATE}
    assert len(request(Search(Query.parse("台风"), {"topic": ("weather",), "paper": ("示例日报",)}))["aggs"]) == 3
    assert set(request(Search(), counted=(fields.DATE,))["aggs"]) == {fields.DATE}


def test_days_filter_every_facet_but_the_histogram_of_days() -> None:
    body = request(Search(first="2023-08-01", last="2023-08-31"))
    days = {"range": {"date": {"gte": "2023-08-01", "lte": "2023-08-31"}}}
    assert "date_histogram" in body["aggs"]["date"]
    (others,) = [group for group in body["aggs"].values() if "filter" in group]
    assert others["filter"]["bool"]["filter"] == [days]
    assert set(others["aggs"]) == set(fields.FACETS)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "doubtful"])
def test_every_order_ends_in_the_article_id(sort: str) -> None:
    body = request(Search(sort=sort))  # type: ignore[arg-type]  # the parameter runs over all values
    assert body["sort"][-1] == {fields.ARTICLE_ID: "asc"}


def test_the_next_page_starts_after_the_last_hit() -> None:
    assert request(Search(after=(1.5, 1690000000000, "id")))["search_after"] == [1.5, 1690000000000, "id"]
    assert "search_after" not in request(Search())


def test_pages_are_bounded() -> None:
    assert request(Search(size=10**6))["size"] == 100


def test_words_in_a_field_look_only_there() -> None:
    assert "search.headline" in json.dumps(query("标题:台风"))
    assert "search.body" not in json.dumps(query("标题:台风"))


def test_a_search_of_everything_looks_into_every_part() -> None:
    text = json.dumps(query("台风", NONE))
    assert all(f"search.{name}" in text for name in ("headline", "titles", "body", "rest"))
    assert {part for parts in fields.GATHERED.values() for part in parts} | {"headline", "body"} == set(fields.PARTS)


def test_values_are_escaped() -> None:
    assert "\\\\*" in json.dumps(query("地点:*"))


def test_kinds_have_chinese_names() -> None:
    assert query("体裁:天气") == {"term": {"kind": "weather"}}


def test_not_alone_excludes_from_everything() -> None:
    assert set(query("NOT 台风", NONE)["bool"]) == {"must_not"}


def test_signs_alone_find_nothing() -> None:
    assert query("……") == {"match_none": {}}


def test_a_query_too_heavy_for_a_small_node_is_refused_with_a_reason() -> None:
    with pytest.raises(QueryError) as caught:
        query(" ".join(["海关总署缉私局通报走私象牙案件"] * 30))
    assert caught.value.code == "too-heavy"


def test_a_pasted_paragraph_stays_within_bounds() -> None:
    paragraph = "渔港今晨开渔渔船陆续出海渔民说今年鱼汛好收购商早早等在码头当地部门提醒注意台风动向" * 11
    assert 0 < size(query(paragraph[:480], seeded())) <= LARGEST_QUERY


@given(st.text(alphabet='台风海关雪GDP三百零五项 "()OR:标题-，。', max_size=80))
def test_any_query_gives_a_request_within_bounds_or_an_error(typed: str) -> None:
    try:
        body = request(Search(Query.parse(typed)))
    except QueryError:
        return
    assert size(body["query"]) <= LARGEST_QUERY
    json.dumps(body)
