"""One pairing decides what each piece of a page follows."""

from __future__ import annotations

import numpy as np

from services.segment.geometry.chains import chains_of, followed
from services.segment.matching.matches import NONE


def test_a_piece_is_followed_once() -> None:
    """Two pieces want to follow the same frame; the one with the worse second choice gets it."""
    links = np.full((3, 3), -9.0)
    links[0] = [-9, 3.0, 2.5]
    links[1, 2] = 2.0
    assert followed(links, np.zeros((0, 3)), 0.0, 0.0) == [NONE, 0, 1]


def test_a_headline_leads_one_piece() -> None:
    """A headline goes to the piece where it is worth most to the page."""
    leads = np.array([[4.0, 1.0], [3.0, -5.0]])
    assert followed(np.full((2, 2), -9.0), leads, 0.0, 0.0) == [3, 2]


def test_an_unlikely_link_is_not_made() -> None:
    """Below the least log-odds a piece follows nothing."""
    assert followed(np.array([[-9.0, 0.4], [-9.0, -9.0]]), np.zeros((0, 2)), 0.5, 0.5) == [NONE, NONE]


def test_a_ring_is_cut_at_its_weakest_link() -> None:
    """Frames that follow each other in a circle have no first one, so one link must go."""
    links = np.full((3, 3), -9.0)
    links[0, 1], links[1, 2], links[2, 0] = 5.0, 4.0, 1.0
    assert followed(links, np.zeros((0, 3)), 0.0, 0.0) == [NONE, 0, 1]


def test_chains_are_articles_in_reading_order() -> None:
    """Each chain starts under its headline, or without one."""
    assert chains_of([3, NONE, 0], frames=3) == [(0, [0, 2]), (NONE, [1])]


def test_a_page_without_pieces_has_no_articles() -> None:
    """Nothing follows nothing."""
    assert followed(np.zeros((0, 0)), np.zeros((2, 0)), 0.0, 0.0) == []
