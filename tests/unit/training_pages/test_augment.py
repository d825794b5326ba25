from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.pages.augment import ISSUE_CHANGES, augment
from training.pages.changes import PAGE_CHANGES
from training.pages.reading.align import visible
from training.pages.reading.truth import as_prediction

if TYPE_CHECKING:
    from training.pages.bench import Issue

ALL = [*PAGE_CHANGES, *ISSUE_CHANGES]


def check(variant: Issue) -> None:
    """Every line with print has one record, and the articles list just those lines."""
    printed = {
        (page, n) for page, text in variant.texts.items() for n, line in enumerate(text.split("\n"), 1) if visible(line)
    }
    recorded = Counter((int(page), r["line"]) for page, records in variant.truth["pages"].items() for r in records)
    assert set(recorded) == printed
    assert set(recorded.values()) == {1}
    prediction = as_prediction(variant.truth)
    placed = [
        tuple(at)
        for part in (prediction["furniture"], *(a["lines"] for a in prediction["articles"]))
        for ats in part.values()
        for at in ats
    ]
    assert Counter(placed) == recorded


@pytest.mark.parametrize("change", ALL)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**6))
def test_each_change_keeps_every_line_in_one_place(issue: Issue, change: str, seed: int) -> None:
    check(augment(issue, Random(seed), "variant", [change]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**6))
def test_changes_drawn_at_random_keep_the_body_in_reading_order(issue: Issue, seed: int) -> None:
    variant = augment(issue, Random(seed), "variant")
    check(variant)
    article = variant.truth["articles"][0]
    lines = variant.texts[1].split("\n")
    body = "".join(visible("".join(lines[line - 1] for _, line in article["reading_order"])))
    assert body.startswith("".join(visible("".join(article["paragraphs"]))))


def test_the_same_seed_gives_the_same_variant(issue: Issue) -> None:
    one, two = (augment(issue, Random(7), "variant") for _ in range(2))
    assert (one.texts, one.truth) == (two.texts, two.truth)


def test_shattered_lines_start_a_paragraph_once(issue: Issue) -> None:
    variant = augment(issue, Random(3), "variant", ["shattered"])
    starts = [r for r in variant.truth["pages"]["1"] if r.get("para_start")]
    assert len(starts) == 2


def test_a_restyled_byline_prints_the_names_of_the_record(issue: Issue) -> None:
    for seed in range(40):
        variant = augment(issue, Random(seed), "variant", ["bylines_restyled"])
        article = variant.truth["articles"][0]
        lines = variant.texts[1].split("\n")
        printed = "".join("".join(lines[line - 1] for _, line in article["lines"]["byline"]).split())
        assert article["bylines"]
        assert all(b["name"] in printed for b in article["bylines"])
