"""A page's geometry: beside the text, optional, and no byte of any message changes where there is none."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schemas.contract import ContractError, decode
from schemas.contracts import generate
from schemas.contracts.valid import PLACES
from schemas.geometry import Geometry
from schemas.raw import RawIssue, RawPage

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).with_name("golden") / "without-geometry.jsonl"
"""Every example of these topics as the release before geometry wrote it."""
TOPICS = ("issues.raw", "issues", "articles", "articles.tagged")
LINE = [1.0, 2.0, 30.0, 10.0, 9.0]


def page(**fields: Any) -> RawPage:
    """Return page 1, of two lines, as ingest reads it from JSON."""
    pages = [{"page": 1, "text": "渔港\n开渔"} | fields]
    value = json.dumps({"paper": "渔港日报", "date": "2023-08-04", "pages": pages})
    return decode(RawIssue, value.encode()).pages[0]


def rewritten(value: bytes) -> Iterator[bytes]:
    """Yield what each topic's model writes of a value that it reads."""
    for topic in TOPICS:
        with suppress(ContractError):
            yield decode(generate.TOPICS[topic][0], value).encode()


def test_without_geometry_every_byte_of_every_message_is_as_it_was() -> None:
    for value in GOLDEN.read_bytes().splitlines():
        assert value in set(rewritten(value))


def test_a_page_without_its_fields_has_no_geometry() -> None:
    assert page().geometry() is None
    assert page(size=None, lines=None, boxes=None, links=None).geometry() is None


def test_a_page_says_its_size_its_lines_what_is_drawn_and_where_it_can_be_seen() -> None:
    fields = {
        "size": [100, 200],
        "lines": [LINE, None],
        "boxes": [{"kind": "rule", "box": [0, 50, 100, 1]}],
        "links": [{"kind": "iiif", "uri": "https://archive.example/manifest"}],
    }
    geometry = page(**fields).geometry()
    assert geometry == Geometry.model_validate_json(json.dumps(fields))
    assert json.loads(geometry.encode() if geometry else b"") == fields


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"lines": [LINE, None]}, "size: missing; lines and boxes need the page's width and height"),
        ({"size": [0, 200]}, r"size\.0: Input should be greater than 0, got 0"),
        ({"size": [100, 200], "lines": [LINE[:4], None]}, r"lines\.0\.4: missing"),
        ({"size": [100, 200], "lines": [[0, 0, -1, 1, 1], None]}, r"lines\.0\.2: .*greater than or equal to 0, got -1"),
        ({"size": [100, 200], "boxes": [{"kind": "photo", "box": [0, 0, 1, 1]}]}, r"'image', 'rule' or 'frame'"),
        ({"size": [100, 200], "boxes": [{"kind": "rule", "box": [0, 0, 1, 1], "z": 1}]}, r"z: unknown field"),
        ({"links": [{"kind": "pdf", "uri": "01.pdf"}]}, r"links\.0\.uri: .*got '01\.pdf'"),
    ],
)
def test_what_is_wrong_in_a_geometry_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        page(**fields)


def test_a_newer_ingest_may_say_more_of_a_geometry_to_an_older_reader() -> None:
    newer = json.loads(PLACES.encode()) | {"added": 1}
    newer["boxes"][0]["added"] = 1
    assert Geometry.model_validate_json(json.dumps(newer)) == PLACES


def test_lines_that_are_not_as_many_as_the_texts_are_told_with_both_counts() -> None:
    assert PLACES.disagreement("一\n二") is None
    assert "2 entries for 3 lines of text" in (PLACES.disagreement("一\n二\n") or "")


@pytest.mark.parametrize(
    ("size", "given", "kept"),
    [(1034.6, 12.34567, 12.3), (7200.0, 12.34567, 12.3), (420.0, 12.34567, 12.35), (1.0, 0.1234567, 0.1235)],
)
def test_places_are_kept_to_a_ten_thousandth_of_the_page_in_any_unit(size: float, given: float, kept: float) -> None:
    line = (given, given, given, given, given)
    rounded = Geometry(size=(size / 2, size), lines=(line, None)).rounded()
    assert rounded.lines == ((kept,) * 5, None)
    assert rounded.rounded() == rounded
