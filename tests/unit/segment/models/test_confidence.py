"""A forest's log-odds become a chance, by comparison with how often they were right."""

import numpy as np

from services.segment.features import NOTHING, Features
from services.segment.models.confidence import Chance, ConfidenceModel, shipped_confidence
from services.segment.models.trees import SCALE, Forest


def chance(low: float, high: float) -> Chance:
    """Log-odds -1 where measure `a` is at most 2, else 1; right in `low` of the first and `high` of the second."""
    forest = Forest(
        feature=np.array([[0]], np.int32),
        border=np.array([[2.0]], np.float32),
        leaf=np.array([[[-SCALE], [SCALE]]], np.int16),
        bias=np.array([0]),
        names=("a",),
    )
    return Chance(forest, np.array([-1.0, 1.0]), np.array([low, high]))


def articles(*values: float) -> Features:
    return Features(("b", "a"), np.array([[0.0, value] for value in values]))


def test_a_chance_is_how_often_articles_with_these_odds_were_right() -> None:
    """Measures may come in any order, and a chance has three digits."""
    assert chance(0.12345, 0.9).of(articles(1.0, 3.0)).tolist() == [0.123, 0.9]


def test_no_articles_have_no_chances() -> None:
    """An issue without articles asks for nothing."""
    assert chance(0.1, 0.9).of(NOTHING).tolist() == []


def test_a_model_survives_being_stored() -> None:
    """Bytes and back give the same answers to both questions."""
    model = ConfidenceModel(chance(0.1, 0.9), chance(0.2, 0.7))
    again = ConfidenceModel.from_bytes(model.to_bytes())
    assert again.body.of(articles(3.0)).tolist() == [0.9]
    assert again.headline.of(articles(1.0)).tolist() == [0.2]


def test_the_shipped_model_never_says_less_for_greater_odds() -> None:
    """Both calibrations ascend, and no chance is 0 or 1."""
    for one in (shipped_confidence().body, shipped_confidence().headline):
        assert (np.diff(one.odds) > 0).all()
        assert (np.diff(one.right) >= 0).all()
        assert one.right.min() > 0
        assert one.right.max() < 1
