"""A joined forest says the sum of what two forests say, or half of what the second adds."""

from __future__ import annotations

import numpy as np
import pytest

from services.segment.features import Features
from services.segment.models.trees import SCALE, Forest
from training.segmentation.forests.joining import halfway, joined

NAMES = ("width", "gap")


def forest(column: int, border: float, low: float, high: float, bias: float) -> Forest:
    """A forest of one tree, which asks whether a column is above a border."""
    leaf = np.array([[[low * SCALE], [high * SCALE]]], np.int16)
    return Forest(
        np.array([[column]], np.int32),
        np.array([[border]], np.float32),
        leaf,
        np.array([bias * SCALE], np.int64),
        NAMES,
    )


def test_it_says_the_sum_of_both() -> None:
    """Every row gets the log-odds of the first forest and of the second, with both biases."""
    first, second = forest(0, 10.0, -1.0, 2.0, 0.5), forest(1, 0.0, 0.25, -0.75, 1.0)
    rows = Features(NAMES, np.array([[5.0, 0.0], [5.0, 1.0], [20.0, 0.0], [20.0, 1.0]]))
    assert joined(first, second).raw(rows)[:, 0].tolist() == [0.75, -0.25, 3.75, 2.75]


def test_halfway_says_the_mean_of_before_and_after() -> None:
    """Half of what the further trees add counts."""
    first, second = forest(0, 10.0, -1.0, 2.0, 0.5), forest(1, 0.0, 0.25, -0.75, 1.0)
    rows = Features(NAMES, np.array([[5.0, 0.0], [5.0, 1.0], [20.0, 0.0], [20.0, 1.0]]))
    after = joined(first, second)
    said = halfway(first, after).raw(rows)[:, 0]
    assert said.tolist() == ((first.raw(rows) + after.raw(rows)) / 2)[:, 0].tolist()


def test_forests_that_read_other_columns_are_refused() -> None:
    """Columns are numbered, so the second forest would read the wrong ones."""
    first, second = forest(0, 10.0, -1.0, 2.0, 0.5), forest(1, 0.0, 0.25, -0.75, 1.0)
    other = Forest(second.feature, second.border, second.leaf, second.bias, ("gap", "width"))
    with pytest.raises(ValueError, match="different columns"):
        joined(first, other)


def test_forests_of_another_depth_are_refused() -> None:
    """All trees of a forest have the same depth."""
    deep = Forest(
        np.zeros((1, 2), np.int32),
        np.zeros((1, 2), np.float32),
        np.zeros((1, 4, 1), np.int16),
        np.zeros(1, np.int64),
        NAMES,
    )
    with pytest.raises(ValueError, match=r"\(2, 1\) and \(4, 1\)"):
        joined(forest(0, 10.0, -1.0, 2.0, 0.5), deep)
