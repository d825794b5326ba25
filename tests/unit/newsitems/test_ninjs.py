"""ninjs 3.1: only what the standard names, in its own forms."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from services.newsitems.ninjs import created, ninjs
from tests.unit.desk.edition import TEA_CORRECTIONS, article, forecast, teas

ALLOWED: Final[dict[str, Any]] = {
    "uri": str,
    "standard": {"name", "version", "schema"},
    "type": str,
    "representationType": str,
    "profile": str,
    "version": str,
    "versionCreated": str,
    "contentCreated": str,
    "pubStatus": str,
    "language": str,
    "headlines": [{"role", "contentType", "value"}],
    "bodies": [{"role", "contentType", "charCount", "wordCount", "value"}],
    "descriptions": [{"role", "contentType", "value"}],
    "by": str,
    "slugline": str,
    "subjects": [{"name", "rel", "uri", "literal", "creator", "relevance", "confidence"}],
    "places": [{"name", "rel", "uri", "literal"}],
    "organisations": [{"name", "rel", "uri", "literal"}],
    "people": [{"name", "rel", "uri", "literal"}],
    "genres": [{"name", "uri", "literal"}],
    "infoSources": [{"name", "role", "uri", "literal"}],
    "altIds": [{"role", "value"}],
}
"""Of the standard's properties, those used here; it allows no others beside its own."""


@pytest.mark.parametrize("item", [ninjs(article()), ninjs(forecast()), ninjs(teas())], ids=["story", "forecast", "tea"])
def test_no_property_is_outside_the_standard(item: dict[str, Any]) -> None:
    assert item["uri"].startswith("urn:broadsheet:article:")
    for name, value in item.items():
        allowed = ALLOWED[name]
        if isinstance(allowed, list):
            assert all(set(one) <= allowed[0] for one in value)
        elif isinstance(allowed, set):
            assert set(value) <= allowed
        else:
            assert isinstance(value, allowed)


def test_a_topic_is_named_with_our_confidence() -> None:
    """The Media Topic near it is not the same, so it is left out."""
    assert ninjs(article())["subjects"] == [
        {
            "name": "海关",
            "literal": "customs",
            "creator": "broadsheet",
            "confidence": 97,
        }
    ]


def test_paragraphs_are_kept_apart_and_counted() -> None:
    body = ninjs(article())["bodies"][0]
    assert body["value"] == article().body[0].text
    assert body["charCount"] == len(body["value"])


def test_a_forecast_has_its_line_as_body() -> None:
    assert ninjs(forecast())["bodies"][0]["value"] == "今日天气：大雨，24到29度"


def test_a_revision_in_milliseconds_is_a_time_and_a_count_is_none() -> None:
    stamp = created(1_691_107_200_123)
    assert stamp is not None
    assert re.fullmatch(r"2023-08-04T00:00:00\.123000\+00:00", stamp)
    assert created(3) is None
    assert "versionCreated" not in ninjs(article())


def test_corrections_in_force_are_named() -> None:
    named = [one["value"] for one in ninjs(teas())["altIds"] if one["role"] == "broadsheet-correction"]
    assert named == [one.correction_id for one in TEA_CORRECTIONS if one.state == "applied"]
    assert len(named) == 2
