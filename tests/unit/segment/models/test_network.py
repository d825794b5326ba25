"""The network over rows answers for any page, the same way every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segment.evidence.row_features import row_features
from services.segment.features import NOTHING, Features
from services.segment.models.network import (
    BLOCKS,
    CUTS,
    REACH,
    STARTS,
    Network,
    NetworkView,
    characters,
    combined_odds,
    combined_roles,
    shipped_network,
)
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, CLASSES

if TYPE_CHECKING:
    from services.segment.page.page import Page

STORY = """新桥小学添了两间图书室
本报记者 林晓
    本报讯 昨天上午，新桥小学的两间图书室向学生
开放。书架是木工师傅用旧课桌改的，三千多册书来自
附近的居民。
    校长说，图书室周末也开门，家长可以陪孩子来看。
借书不用登记，看完放回原处就行。

河堤步道铺完最后一段
    本报讯 城南河堤步道昨天铺完最后一段，全长六公
里的步道从石桥一直通到码头。工人们连夜清走了路边的
碎石。
    步道沿线装了路灯，晚上也能散步。
"""


def read(text: str) -> tuple[Page, Features]:
    page = read_page(1, rows_of(1, text))
    return page, row_features(page, Counter(row.plain for row in page.rows))


def seen(text: str) -> NetworkView:
    return shipped_network().view(*read(text))


def test_every_row_gets_a_probability_for_each_class_and_for_each_question() -> None:
    page, features = read(STORY)
    view = shipped_network().view(page, features)
    assert view.roles.shape == (len(page), len(CLASSES))
    assert np.allclose(view.roles.sum(axis=1), 1, atol=1e-3)
    for answer in (view.cut, view.paragraph, view.block):
        assert answer.shape == (len(page),)
        assert ((answer >= 0) & (answer <= 1)).all()


def test_running_text_is_seen_as_body_and_a_new_story_as_a_cut() -> None:
    page, features = read(STORY)
    view = shipped_network().view(page, features)
    place = {row.plain[:4]: i for i, row in enumerate(page.rows)}
    body = [place[start] for start in ("开放。书", "附近的居", "借书不用", "碎石。")]
    assert (view.roles[body].argmax(axis=1) == BODY).all()
    assert view.cut[place["本报讯城"]] > 0.5 > view.cut[place["附近的居"]]
    assert view.paragraph[place["校长说，"]] > 0.5 > view.paragraph[place["附近的居"]]


def test_the_same_page_gets_the_same_answer() -> None:
    first, second = seen(STORY), seen(STORY)
    assert np.array_equal(first.roles, second.roles)
    assert np.array_equal(first.cut, second.cut)
    assert np.array_equal(first.paragraph, second.paragraph)
    assert np.array_equal(first.block, second.block)


def test_headlines_that_stand_together_are_told_apart() -> None:
    text = (
        STORY.replace("河堤步道铺完", "") + "\n新桥小学添了两间图书室\n三千多册书来自居民\n\n城南河堤步道铺完最后一段\n"
    )
    page, features = read(text)
    view = shipped_network().view(page, features)
    assert view.block[-1] > view.block[-2]


def test_probabilities_have_four_digits_so_that_the_order_of_summing_does_not_show() -> None:
    view = seen(STORY)
    for values in (view.roles, view.cut, view.paragraph, view.block):
        assert np.array_equal(values, np.round(values, 4))


def test_what_lies_far_down_the_page_does_not_change_how_its_top_is_read_by_the_convolutions() -> None:
    network = shipped_network()
    random = np.random.default_rng(1)
    numbers = random.integers(0, len(network.embedding), (400, 2 * REACH))
    standard = random.normal(size=(400, len(network.mean)))
    whole = network.logits(numbers, standard)
    part = network.logits(numbers[:200], standard[:200])
    assert np.allclose(whole[:137], part[:137])
    assert not np.allclose(whole[150:200], part[150:])


def test_an_empty_page_has_no_answers() -> None:
    page = read_page(1, [])
    view = shipped_network().view(page, NOTHING)
    assert view.roles.shape == (0, len(CLASSES))
    assert view.cut.shape == view.paragraph.shape == view.block.shape == (0,)


def test_a_missing_feature_is_an_error_and_their_order_is_not() -> None:
    page, features = read(STORY)
    backwards = shipped_network().view(page, Features(features.names[::-1], features.values[:, ::-1]))
    assert np.array_equal(backwards.roles, shipped_network().view(page, features).roles)
    renamed = tuple(n if n != "width" else "girth" for n in features.names)
    with pytest.raises(KeyError):
        shipped_network().view(page, Features(renamed, features.values))


def test_characters_are_read_from_both_ends_and_short_rows_end_early() -> None:
    page, _ = read("甲乙丙")
    codes = characters(page)[0]
    assert [chr(c) for c in codes[:3]] == ["甲", "乙", "丙"]
    assert [chr(c) for c in codes[REACH : REACH + 3]] == ["丙", "乙", "甲"]
    assert (codes[3:REACH] == -1).all()


def test_stored_weights_come_back_as_they_were() -> None:
    network = shipped_network()
    again = Network.from_bytes(network.to_bytes())
    assert again.names == network.names
    assert np.array_equal(again.kernels, network.kernels)
    rounded = replace(network, outlet=network.outlet + 1e-9)
    assert np.array_equal(Network.from_bytes(rounded.to_bytes()).outlet, network.outlet)


def test_where_the_trees_are_torn_the_network_decides_and_the_other_way_round() -> None:
    torn, sure = np.full((1, len(CLASSES)), 0.1), np.full((1, len(CLASSES)), 0.001)
    sure[0, BODY] = 0.991
    for trees, network in ((torn, sure), (sure, torn)):
        agreed = combined_roles(trees, network)
        assert agreed[0].argmax() == BODY
        assert agreed[0, BODY] > 0.5
        assert np.isclose(agreed.sum(), 1, atol=1e-3)


@pytest.mark.parametrize("weights", [CUTS, BLOCKS, STARTS])
def test_two_opinions_for_a_yes_are_stronger_than_one_and_certainty_is_bounded(weights: tuple[float, float]) -> None:
    both, one, against = combined_odds(np.array([2.0, 2.0, 2.0]), np.array([0.9, 0.5, 0.12]), weights)
    assert both > one > against
    assert np.isfinite(combined_odds(np.array([0.0, 0.0]), np.array([0.0, 1.0]), weights)).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=30))
def test_no_page_of_any_characters_makes_it_fail(lines: list[str]) -> None:
    text = "\n".join(lines)
    if not rows_of(1, text):
        return
    page, features = read(text)
    view = shipped_network().view(page, features)
    assert np.isfinite(view.roles).all()
    assert len(view.cut) == len(page)


def test_very_long_rows_and_pages_of_one_row_are_read() -> None:
    assert len(seen("水" * 100_000).cut) == 1
    assert len(seen("一\n").cut) == 1
