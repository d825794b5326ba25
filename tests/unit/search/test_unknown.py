"""Values and field names that nothing has."""

from __future__ import annotations

from services.search.query.query import Query
from services.search.request.body import Search
from services.search.unknown import Asked, Unknown, asked_values, checking, unknown_fields, unknown_values


def test_values_that_are_chosen_and_values_in_the_query_are_looked_up() -> None:
    """A choice is exact; a value in the query may be part of one."""
    search = Search(Query.parse("台风 主题:educaton"), {"paper": ("示例日报",)})
    asked = asked_values(search)
    assert [(one.facet, one.value) for one in asked] == [("paper", "示例日报"), ("topic", "educaton")]
    body = checking(asked)
    assert len(body["aggs"]["asked"]["filters"]["filters"]) == 2
    assert set(body["aggs"]) == {"asked", "paper", "topic"}


def test_an_unknown_value_is_named_with_those_like_it() -> None:
    """A known one is not named."""
    found = {
        "asked": {"buckets": [{"doc_count": 0}, {"doc_count": 3}]},
        "topic": {"buckets": [{"key": "education"}, {"key": "weather"}]},
    }
    asked = (Asked("topic", "educaton"), Asked("topic", "weather"))
    assert unknown_values(asked, found) == (Unknown("topic", "educaton", ("education",)),)


def test_a_word_before_a_colon_that_is_like_a_field_is_named() -> None:
    """Any other colon is punctuation, and a field is a field."""
    assert unknown_fields("titel:台风") == (Unknown("field", "titel", ("title", "subtitle")),)
    assert "图片说明" in unknown_fields("图片说名：渔港")[0].like
    assert unknown_fields("渔港传来消息：开渔") == ()
    assert "标题" in unknown_fields("标体:台风")[0].like
    assert unknown_fields("title:台风 标題：渔港") == ()
