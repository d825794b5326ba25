"""Trees in plain arrays."""

import numpy as np
import pytest

from services.segment.features import Features
from services.segment.models.trees import SCALE, Forest


def stump() -> Forest:
    """One tree that asks whether column 1 is above 2."""
    return Forest(
        feature=np.array([[1]], np.int32),
        border=np.array([[2.0]], np.float32),
        leaf=np.array([[[-SCALE], [SCALE]]], np.int16),
        bias=np.array([int(SCALE) // 2]),
        names=("a", "b"),
    )


def rows(values: list[list[float]]) -> Features:
    return Features(("a", "b"), np.array(values))


def test_a_row_gets_the_leaf_its_answers_lead_to() -> None:
    """Above the border is yes; the bias counts for every row."""
    assert stump().raw(rows([[9.0, 1.0], [0.0, 3.0]])).tolist() == [[-0.5], [1.5]]


def test_many_rows_are_judged_as_one_by_one() -> None:
    """Working in portions changes nothing."""
    values = np.random.default_rng(1).uniform(0, 4, (1000, 2)).tolist()
    single = [stump().raw(rows([row]))[0, 0] for row in values]
    assert stump().raw(rows(values))[:, 0].tolist() == single


def test_a_model_survives_being_stored() -> None:
    """Bytes and back give the same answers."""
    again = Forest.from_bytes(stump().to_bytes())
    values = rows([[0.0, 2.5]])
    assert again.raw(values).tolist() == stump().raw(values).tolist()
    assert again.names == ("a", "b")


def test_columns_are_found_by_name_and_a_missing_one_is_an_error() -> None:
    """The order of the columns does not matter, and others may stand beside them."""
    assert stump().raw(Features(("b", "c", "a"), np.array([[3.0, 9.0, 0.0]]))).tolist() == [[1.5]]
    with pytest.raises(KeyError, match="b"):
        stump().raw(Features(("a", "c"), np.zeros((1, 2))))
