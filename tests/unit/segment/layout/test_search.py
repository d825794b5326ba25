"""Cuts and doubtful headlines reconsidered together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from services.segment.evidence.row_features import row_features
from services.segment.layout.fast_pairs import PageCounts, page_counts
from services.segment.layout.pair_table import FAST_NAMES
from services.segment.layout.reading import first_reading, moves_of, neighbours, spans_of
from services.segment.layout.search import Scorer, best_reading
from services.segment.layout.search_space import Choice, SearchSpace
from services.segment.models.trees import SCALE, Forest
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, HEADING

if TYPE_CHECKING:
    from services.segment.layout.reading import Reading

PAGE = """大桥主体完工
新学期开学
　　大桥主体今天完工，建设者在工地上
庆祝。大桥将在年底通车。
　　新学期今天开学，校园里书声琅琅。
学生们领到了新课本。
"""


def counts() -> PageCounts:
    """Two headlines and four rows of two stories."""
    page = read_page(1, rows_of(1, PAGE))
    roles = np.array([HEADING] * 2 + [BODY] * 4)
    return page_counts(page, row_features(page, {}), roles, np.arange(2, 6), np.arange(2))


def words_alone() -> Forest:
    """A model that pairs headline and body by the share of words alone."""
    return Forest(
        feature=np.full((1, 1), FAST_NAMES.index("share"), np.int32),
        border=np.array([[0.3]], np.float32),
        leaf=np.array([[[-4 * SCALE], [4 * SCALE]]], np.int16),
        bias=np.array([0]),
        names=FAST_NAMES,
    )


def search_space(flow_odds: list[float], head_odds: float, choices: tuple[Choice, ...] = ()) -> SearchSpace:
    """The page with given log-odds of a cut at each boundary."""
    return SearchSpace(counts(), 4, np.array(flow_odds), np.array([head_odds]), np.array([False]), choices, ())


def exhaustive(space: SearchSpace, forest: Forest) -> Reading:
    """The same search with every reading worked out in full."""
    scorer = Scorer(space, forest)
    best = scorer.score(first_reading(space))
    tries = moves_of(space, best.reading)
    for _ in range(3):
        before = best
        for moves in tries:
            for other in neighbours(space, best.reading, [moves])[0]:
                found = scorer.score(other)
                best = found if found.worth > best.worth + 1e-6 else best
        if best is before:
            break
    return best.reading


def test_a_body_and_its_headline_are_found_together() -> None:
    """Neither the missing cut of the text nor the one between the headlines would pay alone."""
    space = search_space([-9.0, -1.0, -9.0], -0.3)
    assert first_reading(space).bodies == ((0, 3),)
    found = best_reading(space, words_alone())
    assert found.bodies == ((0, 1), (2, 3))
    assert found.heads == ((0, 0), (1, 1))


def test_a_cut_that_the_text_speaks_against_is_not_made() -> None:
    """A headline of its own does not pay for a cut that is all but ruled out."""
    assert best_reading(search_space([-9.0, -9.0, -9.0], -0.3), words_alone()).bodies == ((0, 3),)


@pytest.mark.parametrize("seed", range(40))
def test_turning_changes_down_by_their_bound_changes_no_answer(seed: int) -> None:
    """The search gives what it gives when every change is worked out in full."""
    rng = np.random.default_rng(seed)
    choices = (Choice((1, 1), (1, 1), bool(rng.integers(2)), float(rng.normal()), float(rng.normal())),)
    space = search_space(rng.normal(0, 2, 3).tolist(), float(rng.normal(0, 2)), choices if seed % 2 else ())
    forest = replace(words_alone(), border=np.array([[float(rng.uniform(0, 0.6))]], np.float32))
    assert best_reading(space, forest) == exhaustive(space, forest)


def test_a_page_without_headlines_or_without_text_is_read() -> None:
    """There is nothing to pair, and nothing fails."""
    one = counts()
    bare = replace(one, heading=one.heading[:0], owned=tuple(o[:1] for o in one.owned))
    space = SearchSpace(bare, 4, np.array([1.0, -3.0, 1.0]), np.zeros(0), np.zeros(0, np.bool_), (), ())
    assert best_reading(space, words_alone()).bodies == ((0, 0), (1, 2), (3, 3))
    empty = replace(one, flow=one.flow[:0], held=tuple(h[:1] for h in one.held))
    space = SearchSpace(empty, 0, np.zeros(0), np.array([2.0]), np.array([False]), (), ())
    assert best_reading(space, words_alone()).heads == ((0, 0), (1, 1))


def test_stretches_lie_between_cuts() -> None:
    """A cut after position 1 parts four positions in two."""
    assert spans_of({1}, 4) == [(0, 1), (2, 3)]
    assert spans_of((), 4) == [(0, 3)]
