"""Training pages get their text in other orders and damaged places, and their truth stays true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from schemas.geometry import Geometry
from training.geometry.damage import damaged
from training.geometry.pages import geometries, reading_order
from training.geometry.reorder import blocks_of, reorder
from training.segmentation.corpus import page_texts

if TYPE_CHECKING:
    from pathlib import Path

LINES = [f"第{k}行" for k in range(12)]
PLACES = [[40.0 + 120 * (k // 4), 100.0 + 14 * (k % 4), 100.0, 10.0, 10.0] for k in range(12)]


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    """An issue of one page in three columns, whose article is read from the first line to the last."""
    folder = tmp_path / "issue"
    folder.mkdir()
    (folder / "page-01.txt").write_text("\n".join(LINES), encoding="utf-8")
    (folder / "page-01.lines.json").write_text(json.dumps({"size": [500, 400], "lines": PLACES, "boxes": []}))
    truth = {
        "pages": {"1": [{"line": k, "article": "a01", "role": "body"} for k in range(1, 13)]},
        "articles": [
            {
                "id": "a01",
                "lines": {"body": [[1, k] for k in range(1, 13)]},
                "reading_order": [[1, k] for k in range(1, 13)],
            }
        ],
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "meta.json").write_text("{}")
    return folder


def test_lines_down_a_column_are_a_block() -> None:
    """Three columns of the text are three blocks."""
    lines = Geometry.model_validate({"size": (500.0, 400.0), "lines": tuple(map(tuple, PLACES))}).lines or ()
    assert blocks_of(lines) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_truth_and_places_move_with_the_text(issue: Path, tmp_path: Path) -> None:
    """In the new order, every line keeps its place and its rank in the article."""
    reorder(issue, tmp_path / "other")
    lines = page_texts(tmp_path / "other")[1].split("\n")
    places, order = geometries(tmp_path / "other")[1].lines or (), reading_order(tmp_path / "other")
    assert sorted(lines) == sorted(LINES)
    for number, (line, place) in enumerate(zip(lines, places, strict=True), 1):
        assert place == tuple(PLACES[LINES.index(line)])
        assert order[1, number] == LINES.index(line)


def test_damage_keeps_one_entry_for_each_line() -> None:
    """However the places are damaged, their number stays, and the same seed gives the same damage."""
    whole = Geometry.model_validate({"size": (500.0, 400.0), "lines": tuple(map(tuple, PLACES))})
    found = [damaged(whole, str(seed)) for seed in range(30)]
    assert {len(geometry.lines or ()) for geometry in found} == {12}
    assert len({geometry.model_dump_json() for geometry in found}) > 3
    assert damaged(whole, "3") == damaged(whole, "3")
