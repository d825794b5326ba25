"""What is no id never reaches Elasticsearch, whose client would make an address of it."""

from __future__ import annotations

import pytest

from services.desk.archive.identifiers import is_article_id, is_issue_id

NEITHER = ("", ".", "..", "/", "../..", "示例日报", "示例日报/2023-08-04/..", "a/b", "_search", "%2e%2e", "x" * 5000)


@pytest.mark.parametrize("text", NEITHER)
def test_other_text_is_no_id(text: str) -> None:
    """Whatever an address may hold is told from an id by its form."""
    assert not is_article_id(text)
    assert not is_issue_id(text)


def test_an_id_is_known_by_its_form() -> None:
    """An issue is paper and date, an article twelve digits more."""
    assert is_issue_id("示例日报/2023-08-04")
    assert is_article_id("示例日报/2023-08-04/0123456789ab")
    assert not is_issue_id("示例日报/2023-08-04/0123456789ab")
    assert not is_issue_id("示例日报/2023-08-04\n")
    assert not is_issue_id("示例日报/2023-02-30")
    assert not is_article_id("示例日报/2023-08-04/0123456789AB")
    assert not is_issue_id("示例日报/２０２３-08-04")
