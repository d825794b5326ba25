"""The best pairing of rows with columns."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.segment.layout.assignment_problem import best_assignment, priced_assignment


def best_sum(gain: np.ndarray) -> float:
    rows, columns = gain.shape
    if rows > columns:
        return best_sum(gain.T)
    return max(
        sum(gain[row, column] for row, column in enumerate(chosen)) for chosen in permutations(range(columns), rows)
    )


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_no_other_pairing_gains_more(rows: int, columns: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(-9, 9), min_size=rows * columns, max_size=rows * columns))
    gain = np.array(values, np.float64).reshape(rows, columns)
    chosen_rows, chosen_columns = best_assignment(gain)
    assert len(chosen_rows) == len(chosen_columns) == min(rows, columns)
    assert list(chosen_rows) == sorted(set(chosen_rows))
    assert len(set(chosen_columns)) == len(chosen_columns)
    assert gain[chosen_rows, chosen_columns].sum() == best_sum(gain)


def test_nothing_is_paired_with_nothing() -> None:
    for shape in ((0, 0), (0, 3), (3, 0)):
        rows, columns = best_assignment(np.zeros(shape))
        assert (len(rows), len(columns)) == (0, 0)


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_no_pairing_gains_more_than_its_rows_and_columns_are_worth(
    rows: int, columns: int, data: st.DataObject
) -> None:
    """The sum is the best there is, and the worths prove it: they bound each pair, and together the sum."""
    values = data.draw(st.lists(st.integers(0, 9), min_size=rows * columns, max_size=rows * columns))
    gain = np.array(values, np.float64).reshape(rows, columns)
    total, row_worth, column_worth = priced_assignment(gain.tolist())
    assert total == best_sum(gain)
    assert (np.array(row_worth)[:, None] + np.array(column_worth)[None, :] >= gain).all()
    assert min(*row_worth, *column_worth) >= 0
    assert sum(row_worth) + sum(column_worth) >= total
