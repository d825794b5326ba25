"""The two looks at a pair, which take their features from one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from services.segment.evidence.row_features import row_features
from services.segment.layout.fast_pairs import fast_pairs, page_counts
from services.segment.layout.pair_table import FAST_NAMES, FULL_NAMES, OF_HEADLINES, OF_OTHERS, TABLE
from services.segment.matching.pairs import bodies_of, full_pairs
from services.segment.models.shipped import shipped_models
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, BYLINE, HEADING

if TYPE_CHECKING:
    from services.segment.features import Features

PAGE = """大桥主体完工
本报记者 林晓
　　大桥主体今天完工，建设者在工地上
庆祝。大桥将在年底通车。

新学期开学
　　新学期今天开学，校园里书声琅琅。
学生们领到了新课本。
"""
HEADS, BODIES = ((0,), (4,)), ((2, 3), (5, 6))


@pytest.fixture(scope="module")
def looks() -> tuple[Features, Features]:
    """The full and the fast look at the same pairs."""
    page = read_page(1, rows_of(1, PAGE))
    features = row_features(page, {})
    roles = np.array([HEADING, BYLINE, BODY, BODY, HEADING, BODY, BODY])
    full = full_pairs(page, features, roles, HEADS, bodies_of(page, BODIES))
    counts = page_counts(page, features, roles, np.array([2, 3, 5, 6]), np.array([0, 4]))
    return full, fast_pairs(counts, [(0, 0), (1, 1)], [(0, 1), (2, 3)])


def test_each_look_gives_the_features_that_the_table_names(looks: tuple[Features, Features]) -> None:
    full, fast = looks
    assert full.names == FULL_NAMES
    assert fast.names == FAST_NAMES


def test_both_looks_measure_the_same_thing_alike(looks: tuple[Features, Features]) -> None:
    """On a page below all bounds; shares differ where words are weighed otherwise, and here they are not."""
    full, fast = looks
    both = sorted(set(FULL_NAMES) & set(FAST_NAMES) - {"weight", "body_reporter"})
    assert len(both) >= 25
    for name in both:
        assert fast.column(name).tolist() == full.column(name).tolist(), name


def test_a_headline_shares_most_words_with_its_own_body(looks: tuple[Features, Features]) -> None:
    for look in looks:
        assert look.column("share").argmax(axis=1).tolist() == [0, 1]


def test_the_models_were_trained_on_what_the_table_names() -> None:
    models = shipped_models()
    assert models.fast_headlines.names == FAST_NAMES
    assert models.headlines.names == FULL_NAMES + tuple(line.name for line in OF_HEADLINES)
    others = FULL_NAMES + tuple(line.name for line in OF_OTHERS)
    assert models.captions.names == models.bylines.names == others


def test_every_feature_stands_in_the_table_once_and_says_what_it_measures() -> None:
    names = [line.name for line in (*TABLE, *OF_HEADLINES, *OF_OTHERS)]
    assert len(names) == len(set(names))
    assert all(line.meaning and (line.full is not None or line.fast is not None) for line in TABLE)
