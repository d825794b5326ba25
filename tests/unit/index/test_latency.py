"""How long readers waited for a new article, as the index stage measures it."""

from __future__ import annotations

import pytest

from services.index.latency import waited
from services.runtime.messages.records import Record

PUBLISHED_MS = 1_691_100_000_000
CREATED = (("ce_time", b"2023-08-03T22:00:00.000Z"), ("ce_difference", b"created"))


def record(*headers: tuple[str, bytes]) -> Record:
    """A message that reached its topic an hour after its page was published."""
    return Record("articles.tagged", 0, 1, PUBLISHED_MS + 3_600_000, b"k", b"v", headers)


def test_a_new_article_waited_since_its_page_was_published() -> None:
    """Not since its message reached the last topic, which is later."""
    assert list(waited([record(*CREATED)], PUBLISHED_MS + 4500)) == [4.5]


@pytest.mark.parametrize("kind", [b"changed", b"unchanged", b"withdrawn", b"restated"])
def test_what_was_there_before_says_nothing_about_waiting(kind: bytes) -> None:
    """A retag carries the time at which the page was published, perhaps a year ago."""
    assert list(waited([record(CREATED[0], ("ce_difference", kind))], PUBLISHED_MS)) == []


@pytest.mark.parametrize("headers", [CREATED[1:], (("ce_time", b"yesterday"), CREATED[1])])
def test_a_message_without_a_time_is_not_counted(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert list(waited([record(*headers)], PUBLISHED_MS)) == []


def test_a_publisher_whose_clock_is_ahead_counts_as_no_wait() -> None:
    assert list(waited([record(*CREATED)], PUBLISHED_MS - 1000)) == [0.0]
