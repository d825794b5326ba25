"""Suggestions: what is asked for what was typed so far, and the most frequent values first."""

from __future__ import annotations

from services.desk.archive.suggestions import SUGGESTED, Suggestion, suggestion_counts, suggestions


def test_nothing_typed_asks_for_nothing() -> None:
    assert suggestion_counts(" 　") == {}


def test_signs_of_regular_expressions_are_taken_as_they_are() -> None:
    assert suggestion_counts("a.(")["paper"]["terms"]["include"] == r".*[aA]\.\(.*"


def test_what_was_typed_is_looked_for_in_its_one_spelling_too() -> None:
    assert suggestion_counts("臺風")["person"]["terms"]["include"] == ".*台风.*|.*臺風.*"


def test_the_most_frequent_comes_first_whatever_facet_it_is_of() -> None:
    counted = {name: {"buckets": []} for name in SUGGESTED} | {
        "topic": {"buckets": [{"key": "海关", "doc_count": 2}]},
        "person": {"buckets": [{"key": "海明", "doc_count": 5}, {"key": "王海", "doc_count": 2}]},
    }
    assert suggestions(counted) == [
        Suggestion("person", "海明", 5),
        Suggestion("topic", "海关", 2),
        Suggestion("person", "王海", 2),
    ]
