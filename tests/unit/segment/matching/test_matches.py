"""Pieces matched to bodies."""

import numpy as np

from services.segment.matching.matches import NONE, match_each, match_one_to_one


def test_the_sum_decides_not_the_first_choice() -> None:
    """A piece gives way when both then fare better."""
    assert match_one_to_one(np.array([[3.0, 2.5], [2.8, -4.0]]), -2.0) == [1, 0]


def test_a_piece_that_fits_nothing_stays_alone() -> None:
    """Below the least log-odds nothing is matched."""
    assert match_one_to_one(np.array([[-5.0, -6.0]]), -2.0) == [NONE]


def test_several_pieces_may_choose_the_same_body() -> None:
    """Captions are not exclusive."""
    assert match_each(np.array([[1.0, 0.0], [2.0, -1.0]]), -1.0) == [0, 0]
