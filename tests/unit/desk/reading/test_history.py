"""The versions that readers saw, in their order, from the documents of the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.kept_version import KeptVersion
from services.desk.reading.history import versions_of
from tests.unit.desk.edition import VERSION, article

NOON = dt.datetime(2023, 8, 4, 4, tzinfo=dt.UTC)


def kept(time: int, number: int, headline: str, **changes: Any) -> dict[str, Any]:
    made = article(version=VERSION + number, headline=headline, **changes)
    return KeptVersion.of(made, time=time, caused=NOON).model_dump(mode="json", exclude_defaults=True)


def headlines(*documents: dict[str, Any]) -> list[str]:
    return [one.article.headline for one in versions_of(documents) if one.article]


def test_versions_come_in_the_order_in_which_readers_saw_them() -> None:
    assert headlines(kept(3, 2, "丙"), kept(1, 0, "甲"), kept(2, 1, "乙")) == ["甲", "乙", "丙"]


def test_what_a_rewind_makes_again_on_its_way_to_the_newest_never_showed() -> None:
    """It reads everything again: the old versions come after the newest, and Elasticsearch refuses them."""
    again = kept(3, 0, "甲", generation=1), kept(4, 1, "乙新", generation=1)
    assert headlines(kept(1, 0, "甲"), kept(2, 1, "乙"), *again) == ["甲", "乙", "乙新"]


def test_of_versions_in_which_a_reader_sees_no_change_the_first_counts() -> None:
    (only,) = versions_of([kept(1, 0, "甲"), kept(2, 1, "甲", confidence=0.5), kept(3, 2, "甲", taxonomy_version="9")])
    assert only.version == VERSION


def test_a_headline_that_comes_back_is_a_version_again() -> None:
    assert headlines(kept(1, 0, "甲"), kept(2, 1, "乙"), kept(3, 2, "甲")) == ["甲", "乙", "甲"]
