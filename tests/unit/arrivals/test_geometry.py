"""Where a page's lines are printed: taken in beside the text, checked against it, kept with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from services.arrivals import limits
from services.arrivals.reading import read_arrival
from services.ingest.known_pages import KnownIssue, from_state
from services.runtime.errors import Rejected
from tests.unit.ingest.records import json_record, page_record

TEXT = "渔港昨日开渔\n三百余艘渔船鸣笛出海"
FIELDS: dict[str, Any] = {
    "size": [1034.6, 1488.2],
    "lines": [[60.04, 120.0, 302.4, 50.4, 50.4], None],
    "boxes": [{"kind": "image", "box": [60, 190, 302.4, 205]}],
    "links": [{"kind": "image", "uri": "https://archive.example/01.jpg"}],
}
KEPT = {**FIELDS, "lines": [[60.0, 120.0, 302.4, 50.4, 50.4], None]}


def in_json(text: str = TEXT, **changes: Any) -> dict[str, Any]:
    return {"pages": [{"page": 1, "text": text, **FIELDS, **changes}]}


def known(text: str, **changes: Any) -> KnownIssue:
    """Return what is known after page 1 came with that geometry, under revision 5."""
    arrival = read_arrival(json_record(revision=5, **in_json(text, **changes)))
    return from_state(None, arrival).take_in(arrival)


def test_json_and_a_header_of_plain_text_give_the_same_geometry() -> None:
    (one,) = read_arrival(json_record(**in_json())).pages
    (other,) = read_arrival(page_record(TEXT, geometry=json.dumps(FIELDS))).pages
    assert one == other
    assert one.geometry is not None
    assert json.loads(one.geometry.encode()) == KEPT


def test_a_page_without_geometry_has_none() -> None:
    (page,) = read_arrival(page_record(TEXT)).pages
    assert page.geometry is None
    assert b"geometry" not in page.encode()


@pytest.mark.parametrize("text", [f"{TEXT}\n", "三行\r\n三行\r三行", "三行\u2028三行\u0085三行"])
def test_lines_are_counted_as_ingest_parts_them(text: str) -> None:
    with pytest.raises(Rejected, match=r"page 1: lines: 2 entries for 3 lines of text; give one entry for each"):
        read_arrival(json_record(**in_json(text)))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("{", "header geometry: not valid JSON"),
        ("[1]", "header geometry: expected a JSON object of boxes, lines, links, size"),
        ('{"text": "另一页"}', "header geometry: expected a JSON object of boxes, lines, links, size"),
        ('{"size": [1, 2], "lines": [[NaN, 0, 0, 0, 0], null]}', "finite number"),
        ('{"lines": [null, null, null], "size": [1, 2]}', "3 entries for 2 lines"),
        ("[" * 100_000, "header geometry: not valid JSON"),
    ],
)
def test_a_header_that_is_no_geometry_is_refused(value: str, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        read_arrival(page_record(TEXT, geometry=value))


def test_a_header_speaks_for_one_page_only() -> None:
    record = page_record(f"{TEXT}\f{TEXT}", pages="1-2", geometry=json.dumps(FIELDS))
    headers = tuple((name, value) for name, value in record.headers if name != "page")
    with pytest.raises(Rejected, match="header geometry: goes with page, not with pages"):
        read_arrival(replace(record, headers=headers))


def test_geometry_survives_the_state_and_stands_in_the_issue() -> None:
    issue = known(TEXT)
    assert from_state(json.loads(json.dumps(issue.to_state())), read_arrival(json_record())) == issue
    assert json.loads(issue.issue().encode())["pages"][0]["geometry"] == KEPT


def test_the_same_page_again_changes_nothing() -> None:
    issue = known(TEXT)
    assert issue.take_in(read_arrival(json_record(revision=5, **in_json()))) is issue


def test_one_revision_has_one_geometry() -> None:
    with pytest.raises(Rejected, match="revision 5, was published with another geometry"):
        known(TEXT).take_in(read_arrival(json_record(revision=5, **in_json(boxes=[]))))


def test_a_correction_may_take_the_geometry_away() -> None:
    bare = read_arrival(json_record(revision=6, pages=[{"page": 1, "text": TEXT}]))
    assert known(TEXT).take_in(bare).pages[1].geometry is None


def test_geometry_counts_towards_the_size_of_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ISSUE_BYTES", 200)
    from_state(None, read_arrival(json_record())).take_in(read_arrival(json_record(revision=5)))
    with pytest.raises(Rejected, match="bytes of text as JSON, the most is 200"):
        known(TEXT)
