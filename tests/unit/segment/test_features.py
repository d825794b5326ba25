"""Arrays whose columns have names."""

import numpy as np
import pytest

from services.segment.features import NOTHING, Boundaries, Features

ROWS = Features.of({"width": np.array([1.0, 2.0, 3.0]), "gap": np.array([0.0, 1.0, 0.0])})


def test_a_column_is_found_by_its_name() -> None:
    """Rows and pairs alike: the last axis is the feature."""
    assert ROWS.column("gap").tolist() == [0.0, 1.0, 0.0]
    pairs = Features(("above", "below"), np.arange(12.0).reshape(2, 3, 2))
    assert pairs.column("below").tolist() == [[1.0, 3.0, 5.0], [7.0, 9.0, 11.0]]


def test_a_missing_column_is_an_error_that_names_it() -> None:
    """A model never reads another column in its place."""
    with pytest.raises(KeyError, match="girth"):
        ROWS.column("girth")
    with pytest.raises(KeyError, match="girth"):
        ROWS.ordered(("girth",))


def test_columns_come_in_the_order_asked_for() -> None:
    """What a model was trained on decides, not how the features were computed."""
    assert ROWS.ordered(("gap", "width")).tolist() == [[0.0, 1.0], [1.0, 2.0], [0.0, 3.0]]
    assert ROWS.ordered(("width", "gap")) is ROWS.values


def test_pairs_one_by_one_go_through_the_bodies_of_the_first_piece_first() -> None:
    """So that odds come back in the shape of the pairs."""
    pairs = Features(("above",), np.arange(6.0).reshape(2, 3, 1))
    assert pairs.one_by_one().values[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_lone_row_has_no_boundary() -> None:
    """Two rows make one."""
    assert len(Boundaries(np.array([4]), NOTHING)) == 0
