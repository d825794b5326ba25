"""Places are read in units of the page's own type, and places that cannot be right are not used."""

from __future__ import annotations

import numpy as np
import pytest

from schemas.geometry import Area, Geometry
from services.segment.geometry.places import Places, places_of
from services.segment.page.rows import Row, rows_of

TEXT = "\n".join(f"这是第{k}行正文它有十几个字" for k in "一二三四五六七八九十")
COUNT = TEXT.count("\n") + 1


def column(scale: float = 1.0, **changes: object) -> Geometry:
    """A column of ten lines of 10-point type with a rule under it, in any unit."""
    lines = tuple((50 * scale, (100 + 14 * k) * scale, 130 * scale, 10 * scale, 10 * scale) for k in range(COUNT))
    given = {
        "size": (600 * scale, 800 * scale),
        "lines": lines,
        "boxes": (Area(kind="rule", box=(50 * scale, 250 * scale, 130 * scale, scale)),),
    }
    return Geometry.model_validate({**given, **changes})


def rows() -> list[Row]:
    return rows_of(1, TEXT)


def placed(geometry: Geometry | None) -> Places:
    places = places_of(rows(), geometry)
    assert places is not None
    return places


def test_body_type_is_the_unit() -> None:
    """A line of body type has size 1, and lengths count in that size."""
    places = placed(column())
    assert places.size.tolist() == [1.0] * COUNT
    assert places.left[0] == pytest.approx(5)
    assert places.rules[0].tolist() == pytest.approx([5, 25, 18, 25.1])


@pytest.mark.parametrize("scale", [0.1, 4.17, 300 / 72])
def test_the_unit_of_the_file_does_not_matter(scale: float) -> None:
    """Points, pixels and tenths of a millimetre give the same places."""
    one, other = placed(column()), placed(column(scale))
    for name in ("left", "top", "right", "bottom", "size", "rules"):
        assert np.allclose(getattr(one, name), getattr(other, name))


def test_a_line_without_a_place_has_the_place_of_the_line_before() -> None:
    """One missing line does not make a page text alone."""
    lines = list(column().lines or ())
    lines[4] = None
    places = placed(column(lines=tuple(lines)))
    assert places.top[4] == places.top[3]


def test_a_page_with_few_places_is_text_alone() -> None:
    """With places for half of the lines, none is used."""
    lines = tuple(line if k % 2 else None for k, line in enumerate(column().lines or ()))
    assert places_of(rows(), column(lines=lines)) is None


def test_lines_on_top_of_each_other_are_text_alone() -> None:
    """Places are not used if all lines have the same one."""
    assert places_of(rows(), column(lines=((50, 100, 130, 10, 10),) * COUNT)) is None


def test_lines_without_extent_have_no_place() -> None:
    """Boxes of width 0 say nothing."""
    assert places_of(rows(), column(lines=((50, 100, 0, 0, 10),) * COUNT)) is None


def test_without_geometry_there_are_no_places() -> None:
    """A page of which only the size is known is text alone, and so is a page of which nothing is known."""
    assert places_of(rows(), None) is None
    assert places_of(rows(), Geometry(size=(600, 800))) is None


def test_a_type_size_of_zero_is_the_height_of_the_line() -> None:
    """Formats without type sizes give the height instead."""
    lines = tuple((*line[:4], 0.0) for line in column().lines or () if line)
    assert placed(column(lines=lines)).size.tolist() == [1.0] * COUNT
