"""What the roles of a page's rows owe one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.certain_roles import with_weather
from services.segment.evidence.consistency import consistent_roles
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, CAPTION, CLASSES, FURNITURE, HEADING, SUBHEAD, WEATHER

if TYPE_CHECKING:
    from services.segment.page.page import Page

BODY_LINES = "今年以来全市各地抓紧项目建设，\n推动重点工程早日开工投产见效。"
PAGE = f"{BODY_LINES}\n\n夯实发展根基\n\n{BODY_LINES}\n\n做优营商环境\n\n{BODY_LINES}"


def judged(text: str, told: dict[str, dict[int, float]]) -> tuple[Page, np.ndarray]:
    """A page, and probabilities of its rows: body, but for the rows whose text is named."""
    page = read_page(1, rows_of(1, text))
    probabilities = np.full((len(page), len(CLASSES)), 0.001)
    probabilities[:, BODY] = 0.99
    for row, own in enumerate(page.rows):
        for role, share in told.get(own.plain, {}).items():
            probabilities[row, BODY] = 0.01
            probabilities[row, role] = share
    return page, probabilities


def role_of(page: Page, probabilities: np.ndarray, text: str) -> int:
    row = next(i for i, own in enumerate(page.rows) if own.plain == text)
    return int(probabilities[row].argmax())


def test_a_title_with_the_text_going_on_across_it_is_a_subhead() -> None:
    page, before = judged(PAGE, {"夯实发展根基": {HEADING: 0.6, SUBHEAD: 0.35}})
    goes_on, begins = np.zeros(len(before)), np.ones(len(before))
    assert role_of(page, consistent_roles(page, before, goes_on), "夯实发展根基") == SUBHEAD
    assert role_of(page, consistent_roles(page, before, begins), "夯实发展根基") == HEADING


def test_titles_set_alike_speak_for_one_another() -> None:
    sure, unsure = {HEADING: 0.02, SUBHEAD: 0.96}, {HEADING: 0.6, SUBHEAD: 0.38}
    cut = np.full(20, 0.5)
    alone, before = judged(PAGE, {"夯实发展根基": unsure})
    assert role_of(alone, consistent_roles(alone, before, cut), "夯实发展根基") == HEADING
    page, before = judged(PAGE, {"夯实发展根基": unsure, "做优营商环境": sure})
    assert role_of(page, consistent_roles(page, before, cut), "夯实发展根基") == SUBHEAD


def test_running_text_does_not_stand_alone_between_titles() -> None:
    text = f"{BODY_LINES}\n\n全市经济稳中向好\n\n工人在车间里赶制订单。"
    page, before = judged(text, {"全市经济稳中向好": {HEADING: 0.98}, "工人在车间里赶制订单。": {CAPTION: 0.3}})
    before[-1, BODY] = 0.6
    assert role_of(page, consistent_roles(page, before, np.zeros(len(before))), "工人在车间里赶制订单。") == CAPTION


def test_probabilities_only_move_between_roles_of_a_row() -> None:
    page, before = judged(PAGE, {"夯实发展根基": {HEADING: 0.6, SUBHEAD: 0.35}, "做优营商环境": {HEADING: 0.9}})
    after = consistent_roles(page, before, np.full(len(before), 0.3))
    assert np.allclose(after.sum(axis=1), before.sum(axis=1), atol=1e-4)


WEATHER_ROW = "今日最高35.5度，最低27度，雷雨大风黄色预警"


def test_a_row_of_nothing_but_weather_is_weather() -> None:
    page, before = judged(f"{BODY_LINES}\n\n{WEATHER_ROW}\n\n{BODY_LINES}", {WEATHER_ROW: {FURNITURE: 0.9}})
    assert (
        role_of(page, with_weather(page, consistent_roles(page, before, np.zeros(len(before)))), WEATHER_ROW) == WEATHER
    )


def test_weather_amid_running_text_stays_running_text() -> None:
    """The story goes on above and below it."""
    page, before = judged(f"据市气象台介绍，高温还将持续，\n{WEATHER_ROW}\n。请市民注意防暑降温。", {})
    told = with_weather(page, consistent_roles(page, before, np.zeros(len(before))))
    assert role_of(page, told, WEATHER_ROW) == BODY
