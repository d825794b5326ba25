"""What a confidence is worth: its rank, its calibration, and how much can be trusted."""

import numpy as np
import pytest

from training.segmentation.calibration import curves, off_by, picture, ranked, reliability, risk_coverage, trusted

SAID = np.array([0.9, 0.8, 0.6, 0.2])


def right(*values: int) -> np.ndarray:
    return np.array(values)


def test_rank_is_how_often_the_right_one_is_surer() -> None:
    """Ties count half; where all are right there is nothing to rank."""
    assert ranked(SAID, right(1, 1, 0, 0)) == 1
    assert ranked(SAID, right(1, 0, 1, 0)) == 0.75
    assert ranked(np.full(4, 0.5), right(1, 0, 1, 0)) == 0.5
    assert np.isnan(ranked(SAID, right(1, 1, 1, 1)))


def test_articles_are_trusted_as_far_down_as_the_precision_holds() -> None:
    """An early error does not matter where enough right ones follow."""
    assert trusted(SAID, right(1, 1, 0, 0), 1.0) == 0.5
    assert trusted(SAID, right(0, 1, 1, 1), 0.75) == 1.0
    assert trusted(SAID, right(0, 0, 0, 0)) == 0.0


def test_bins_compare_what_is_said_with_what_is_right() -> None:
    """Of ten articles with .9, nine should be right."""
    said, truth = np.full(10, 0.92), right(*[1] * 9, 0)
    (only,) = reliability(said, truth)
    assert (only.count, only.said, only.right) == (10, pytest.approx(0.92), 0.9)
    assert off_by(said, truth) == pytest.approx(0.02)


def test_risk_falls_with_coverage() -> None:
    """The surest come first."""
    curve = risk_coverage(np.linspace(0.99, 0, 10), right(1, 1, 1, 1, 1, 0, 0, 0, 0, 0))
    assert curve[0] == (0.1, 1.0)
    assert curve[-1] == (1.0, 0.5)
    assert len(curves(SAID, right(1, 1, 0, 0))) == 5


def test_the_picture_has_a_line_for_each_set() -> None:
    """The same figures draw the same picture."""
    drawn = picture([("body", SAID, right(1, 1, 0, 0)), ("headline", SAID, right(1, 0, 1, 0))])
    assert drawn.count("<polyline") == 6
    assert drawn == picture([("body", SAID, right(1, 1, 0, 0)), ("headline", SAID, right(1, 0, 1, 0))])
