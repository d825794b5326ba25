"""Running text is divided into column frames wherever an article could end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.segment.evidence.page_evidence import Evidence
from services.segment.evidence.row_features import row_features
from services.segment.geometry.frames import column_frames, headline_blocks
from services.segment.geometry.neighbours import FAR, neighbours_of
from services.segment.geometry.places import Places
from services.segment.models.network import NetworkView
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, CLASSES, HEADING

ROWS = 6
NONE = np.zeros((0, 4))


def column(*tops: float, left: float = 0.0, wide: float = 10.0, size: float = 1.0) -> np.ndarray:
    """Rows under each other: left, top, right, bottom, size."""
    return np.array([(left, top, left + wide, top + 1, size) for top in tops], float)


def places(*columns: np.ndarray, rules: np.ndarray = NONE) -> Places:
    left, top, right, bottom, size = np.concatenate(columns).T
    return Places(left, top, right, bottom, size, 60.0, 80.0, NONE, rules, NONE)


def evidence(count: int, roles: dict[int, int] | None = None) -> Evidence:
    page = read_page(1, rows_of(1, "\n".join(["正文写到这里还没有写完的一行"] * count)))
    found = np.full(count, BODY)
    for row, role in (roles or {}).items():
        found[row] = role
    view = NetworkView(np.zeros((count, len(CLASSES))), np.zeros(count), np.zeros(count), np.zeros(count))
    return Evidence(page, row_features(page, {}), np.zeros((count, len(CLASSES))), found, view)


def frames(where: Places, roles: dict[int, int] | None = None, cut: dict[int, float] | None = None) -> list[list[int]]:
    before = np.full(len(where), -np.inf)
    for row, odds in (cut or {}).items():
        before[row] = odds
    found = column_frames(evidence(len(where), roles), where, neighbours_of(where), before)
    return [list(rows) for rows in found]


STRAIGHT = column(0, 1.4, 2.8, 4.2, 5.6, 7.0)


def test_rows_under_each_other_are_one_frame() -> None:
    """A straight column of the same type is one frame."""
    assert frames(places(STRAIGHT)) == [[0, 1, 2, 3, 4, 5]]


def test_a_frame_is_in_the_order_of_print() -> None:
    """The order of the text does not matter inside a column."""
    assert frames(places(STRAIGHT[::-1])) == [[5, 4, 3, 2, 1, 0]]


def test_columns_beside_each_other_are_two_frames() -> None:
    """The same height in another column is another frame."""
    assert frames(places(STRAIGHT[:3], column(0, 1.4, 2.8, left=11))) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("where", "roles", "cut"),
    [
        (places(STRAIGHT, rules=np.array([[0, 3.9, 10, 4.0]])), None, None),
        (places(column(0, 1.4, 2.8), column(5.5, 6.9, 8.3)), None, None),
        (places(STRAIGHT[:3], column(4.2, 5.6, 7.0, size=1.3)), None, None),
        (places(STRAIGHT[:3], column(4.2, 5.6, 7.0, wide=20)), None, None),
        (places(STRAIGHT), None, {3: 2.0}),
    ],
    ids=["a rule", "white space", "other type", "a wider column", "the text's own cut"],
)
def test_a_frame_ends(where: Places, roles: dict[int, int] | None, cut: dict[int, float] | None) -> None:
    """Each of these divides a column."""
    assert frames(where, roles, cut) == [[0, 1, 2], [3, 4, 5]]


def test_a_headline_divides_a_column() -> None:
    """What is printed under a headline is not in the frame above it."""
    assert frames(places(STRAIGHT), {3: HEADING}) == [[0, 1, 2], [4, 5]]


def test_heading_rows_form_blocks_by_pairs() -> None:
    """Rows that are joined to the same row are one block, and a row that is joined to none is its own."""
    found = headline_blocks([1, 2, 3, 9], np.array([1, 2, 3]), np.array([2, 3, 9]), np.array([1.0, 0.5, -1.0]))
    assert found == ((1, 2, 3), (9,))


def test_the_nearest_row_in_each_direction_is_known() -> None:
    """Below means in the same column; without a row there, the distance is the longest."""
    where = places(STRAIGHT[:2], column(0, left=11))
    near = neighbours_of(replace(where))
    assert near.below.tolist() == [1, -1, -1]
    assert near.after[0] == 2
    assert near.gap_below[1] == FAR
