"""The history: one document for each version, the same however often it is made, and no repetition."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.article import Withdrawal
from schemas.difference import Difference
from schemas.kept_version import KeptVersion
from services.index.app import action
from services.index.mapping import PROPERTIES
from services.runtime.messages.records import Record
from services.runtime.names import Names
from tests.unit.index.test_document import ARTICLE, IDENTITY, ISSUE, WITHDRAWAL

NAMES = Names("test-")
ALIAS = "test-history-write"
CAUSED = dt.datetime(2023, 8, 4, 6, 30, tzinfo=dt.UTC)


def record(message: Any, *, headers: tuple[tuple[str, bytes], ...] = (("ce_time", b"2023-08-04T06:30:00Z"),)) -> Record:
    return Record(NAMES.tagged, 0, 5, 1_691_100_000_000, b"key", message.encode(), headers)


def kept(message: Any, **given: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the ids and documents that go to the history."""
    made = action(record(message), NAMES, **given)
    return [(one.operation["index"]["_id"], one.source) for one in made if one.operation["index"]["_index"] == ALIAS]


def test_a_version_is_kept_with_what_a_reader_saw_and_when() -> None:
    ((name, source),) = kept(ARTICLE)
    assert name == f"{ARTICLE.article_id}@7.0"
    read = KeptVersion.model_validate(source, strict=False)
    assert read.article is not None
    assert read.article.headline == ARTICLE.headline
    assert [block.text for block in read.article.body] == [block.text for block in ARTICLE.body]
    assert (read.caused, read.time) == (CAUSED, 1_691_100_000_000)
    assert source.keys() <= PROPERTIES["history"].keys()


def test_a_withdrawal_is_a_version_without_a_text() -> None:
    ((name, source),) = kept(WITHDRAWAL)
    assert name == f"{WITHDRAWAL.article_id}@7.0"
    assert "article" not in source


def test_an_issues_record_has_no_versions() -> None:
    assert kept(ISSUE) == []


def test_each_generation_of_a_version_is_kept() -> None:
    """Retagging makes the next generation; an id without it would replace the tags of before."""
    again = ARTICLE.model_copy(update={"generation": 3})
    assert [name for name, _ in kept(again)] == [f"{ARTICLE.article_id}@7.3"]


def test_what_repeats_the_version_before_is_kept_only_if_asked_for() -> None:
    """After a rewind each version comes again; a rebuild may meet only the repetition on a compacted topic."""
    again = ARTICLE.model_copy(update={"difference": Difference(kind="unchanged")})
    assert kept(again) == []
    assert len(kept(again, every_version=True)) == 1


@pytest.mark.parametrize("told", [b"yesterday", b"2023-08-04T06:30:00", b"\xff"])
def test_a_time_that_cannot_be_read_gives_way_to_the_records(told: bytes) -> None:
    """A newsroom may send any header."""
    made = action(record(ARTICLE, headers=(("ce_time", told),)), NAMES)
    assert made[1].source["caused"] == "2023-08-03T22:00:00Z"


def test_the_same_record_gives_the_same_document() -> None:
    assert kept(ARTICLE) == kept(ARTICLE)
    assert kept(Withdrawal(**IDENTITY, article_id="a")) == kept(Withdrawal(**IDENTITY, article_id="a"))
