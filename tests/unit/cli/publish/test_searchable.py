"""When an issue is searchable: its record names the articles, with the versions that must be found."""

from __future__ import annotations

from services.cli.publish.searchable import holds

RECORD = {"version": 5, "articles": 2, "contents": {"a": 3, "b": 5}}


def test_an_issue_is_whole_with_each_article_in_the_version_that_its_record_names() -> None:
    assert holds(RECORD, {"a": 3, "b": 5})
    assert holds(RECORD, {"a": 3, "b": 6, "c": 1}), "a newer version, and one that is about to be withdrawn"


def test_an_article_that_is_missing_or_older_makes_it_wait() -> None:
    assert not holds(RECORD, {"a": 3})
    assert not holds(RECORD, {"a": 2, "b": 5})


def test_an_issue_without_articles_is_whole() -> None:
    assert holds({"version": 6, "articles": 0, "contents": {}}, {})


def test_the_record_of_an_earlier_release_only_counts_its_articles() -> None:
    old = {"version": 5, "articles": 2}
    assert holds(old, {"a": 5, "b": 5})
    assert not holds(old, {"a": 3, "b": 5})
