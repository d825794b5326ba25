"""Trees in plain arrays."""

import numpy as np

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


def test_a_row_gets_the_leaf_its_answers_lead_to() -> None:
    """Above the border is yes; the bias counts for every row."""
    assert stump().raw(np.array([[9.0, 1.0], [0.0, 3.0]])).tolist() == [[-0.5], [1.5]]


def test_many_rows_are_judged_as_one_by_one() -> None:
    """Working in portions changes nothing."""
    values = np.random.default_rng(1).uniform(0, 4, (1000, 2))
    single = [stump().raw(row[None, :])[0, 0] for row in values]
    assert stump().raw(values)[:, 0].tolist() == single


def test_a_model_survives_being_stored() -> None:
    """Bytes and back give the same answers."""
    again = Forest.from_bytes(stump().to_bytes())
    values = np.array([[0.0, 2.5]])
    assert again.raw(values).tolist() == stump().raw(values).tolist()
    assert again.names == ("a", "b")
