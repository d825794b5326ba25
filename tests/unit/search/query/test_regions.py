"""Provinces hold their cities, cities their counties."""

from __future__ import annotations

import pytest

from services.search.query.regions import parts_of
from services.search.query.synonyms import names_only, seeded


@pytest.mark.parametrize(
    ("whole", "part"),
    [("浙江", "舟山"), ("浙江省", "舟山"), ("广东", "茂名"), ("舟山", "嵊泗县"), ("新疆", "喀什"), ("海南", "三亚")],
)
def test_a_search_for_a_place_also_finds_its_parts(whole: str, part: str) -> None:
    """With or without the ending of the name."""
    assert part in parts_of(whole)
    assert part in seeded().of(whole)


def test_a_part_keeps_its_ending_where_the_name_alone_says_something_else() -> None:
    """There is a 朝阳区 in more than one city, and 中山 is a person."""
    assert "朝阳区" in parts_of("北京")
    assert "中山市" in parts_of("广东")


def test_other_words_have_no_parts() -> None:
    """Nor has a place in one part of an article: whoever asks for a headline means its word."""
    assert parts_of("渔港") == ()
    assert "舟山" not in names_only().of("浙江")
