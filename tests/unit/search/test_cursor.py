"""Cursors: opaque, checked, and not endless."""

from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.cursor import DEEPEST_PAGE, Cursor, CursorError, decode, encode


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("relevance", 2, (12.5, 1691107200000, "示例日报/2023-08-04/00000000000a")),
        Cursor("newest", 3, (1691107200000, "示例日报/2023-08-04/00000000000a")),
    ],
)
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert decode(encode(cursor), cursor.sort) == cursor


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(CursorError, match="another order"):
        decode(encode(Cursor("newest", 2, (1, "a"))), "oldest")


def test_paging_ends_at_a_depth_that_the_message_names() -> None:
    with pytest.raises(CursorError, match=str(DEEPEST_PAGE)):
        decode(encode(Cursor("newest", DEEPEST_PAGE + 1, (1, "a"))), "newest")


@pytest.mark.parametrize("content", [["newest", 2, "x", "a"], ["newest", True, 1, "a"], ["newest", 2, 2**70, "a"], 7])
def test_values_that_elasticsearch_would_refuse_never_reach_it(content: object) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    with pytest.raises(CursorError):
        decode(forged, "newest")


@given(st.text(max_size=80))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(CursorError):
        assert encode(decode(text, "relevance"))
