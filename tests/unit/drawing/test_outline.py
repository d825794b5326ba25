"""The area of an article: every one of its lines, and nothing of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.drawing.outline import outline

Line = tuple[float, float, float, float, float]
COLUMN = [(10.0, 100.0 + 12 * k, 90.0, 10.0, 10.0) for k in range(4)]
NEXT = [(110.0, 100.0 + 12 * k, 90.0, 10.0, 10.0) for k in range(4)]
HEADLINE = (10.0, 60.0, 190.0, 30.0, 30.0)

coordinates = st.floats(0, 900)
lines = st.lists(
    st.tuples(coordinates, coordinates, st.floats(1, 200), st.floats(1, 60), st.floats(1, 60)), max_size=12
)


def inside(line: Line, box: tuple[float, float, float, float]) -> bool:
    x, y, width, height, _ = line
    slack = 0.02  # boxes are rounded to a hundredth
    return (
        box[0] - slack <= x
        and box[1] - slack <= y
        and x + width <= box[0] + box[2] + slack
        and y + height <= box[1] + box[3] + slack
    )


@given(lines)
def test_every_line_of_the_article_lies_in_one_of_its_boxes(own: list[Line]) -> None:
    boxes = outline(own)
    assert all(any(inside(line, box) for box in boxes) for line in own)


def test_the_lines_of_a_column_are_one_box() -> None:
    assert len(outline(COLUMN)) == 1


def test_two_columns_are_two_boxes_and_what_joins_them() -> None:
    left, right, bridge = outline([*COLUMN, *NEXT])
    assert left[0] + left[2] == bridge[0]
    assert bridge[0] + bridge[2] == right[0]


def test_another_articles_line_between_two_columns_keeps_them_apart() -> None:
    assert len(outline([*COLUMN, *NEXT], [(102.0, 110.0, 6.0, 10.0, 6.0)])) == 2


def test_a_headline_is_joined_with_both_columns_under_it() -> None:
    """Five pieces at least: the three boxes, the gutter, and the white between the headline and each column."""
    boxes = outline([HEADLINE, *COLUMN, *NEXT])
    assert len(boxes) >= 5
    assert len(set(boxes)) == len(boxes)


def test_a_column_does_not_cover_another_articles_lines_beside_its_narrow_end() -> None:
    wide, narrow = (10.0, 100.0, 190.0, 10.0, 10.0), (10.0, 112.0, 90.0, 10.0, 10.0)
    other = (120.0, 112.0, 80.0, 10.0, 10.0)
    boxes = outline([wide, narrow], [other])
    assert not [box for box in boxes if box[0] < 120 < box[0] + box[2] and box[1] < 118 < box[1] + box[3]]


def test_columns_far_apart_are_not_joined() -> None:
    far = [(x + 500, y, width, height, size) for x, y, width, height, size in NEXT]
    assert len(outline([*COLUMN, *far])) == 2
