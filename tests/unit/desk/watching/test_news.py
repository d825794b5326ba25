"""What came since a visit, and what of it a search finds."""

from __future__ import annotations

from typing import Any

from services.desk.watching.news import MOST_NEW, Arrivals, arrivals_request, news_request, read_arrivals, read_news
from services.search.query.query import Query
from services.search.request.body import Search


def answer(*came: tuple[str, int], total: int | None = None, newest: float | None = None) -> dict[str, Any]:
    hits = [{"_source": {"article_id": name, "time": time}} for name, time in came]
    found = {"hits": hits, "total": {"value": len(hits) if total is None else total}}
    return {"hits": found, "aggregations": {"newest": {"newest": {"value": newest}}}}


def test_only_what_came_after_each_visit_is_new() -> None:
    came = read_arrivals(answer(("c", 30), ("b", 20), ("a", 10), newest=31.0))
    assert came == Arrivals((("c", 30), ("b", 20), ("a", 10)), more=False, now=31)
    assert [came.since(seen) for seen in (0, 10, 30)] == [["c", "b", "a"], ["c", "b"], []]


def test_more_than_can_be_looked_through_is_said() -> None:
    assert read_arrivals(answer(("a", 1), total=MOST_NEW + 1)).more
    assert not read_arrivals(answer(("a", 1), total=MOST_NEW)).more


def test_an_archive_without_a_history_has_nothing_new() -> None:
    assert read_arrivals({"hits": {"hits": [], "total": {"value": 0}}}) == Arrivals()


def test_without_a_visit_only_the_present_is_asked_for() -> None:
    assert arrivals_request(None)["size"] == 0
    assert arrivals_request(5)["query"]["bool"]["filter"][1] == {"range": {"time": {"gt": 5}}}


def test_a_search_keeps_its_choices_and_looks_only_among_what_came() -> None:
    body = news_request(Search(Query.parse("茶"), {"kind": ("story",)}), ["a", "b"])
    assert body["query"]["bool"]["filter"] == [{"terms": {"article_id": ["a", "b"]}}]
    assert body["post_filter"] == {"bool": {"filter": [{"terms": {"kind": ["story"]}}]}}


def test_a_search_that_elasticsearch_refuses_is_not_counted_as_nothing_new() -> None:
    assert read_news({"error": {"type": "too_many_clauses"}}, more=False) is None
