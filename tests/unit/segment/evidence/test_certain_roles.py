"""Roles that follow from a printed formula, whatever the models say."""

from __future__ import annotations

import numpy as np
import pytest

from services.segment.evidence.certain_roles import with_certain_roles
from services.segment.evidence.row_features import row_features
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import BODY, BYLINE, CLASSES, FURNITURE, HEADING, SUBHEAD

TEXT = "渔港码头改造工程昨天全面完工，三个泊位可同"
END = "时停靠二十艘渔船。"


def _roles(lines: list[str], taken_for: list[int]) -> list[int]:
    """Return the likeliest roles of a page of lines, after models took each line for a role with probability .7."""
    page = read_page(1, rows_of(1, "\n".join(lines)))
    opinions = np.full((len(lines), len(CLASSES)), 0.3 / (len(CLASSES) - 1))
    opinions[np.arange(len(lines)), taken_for] = 0.7
    told = with_certain_roles(page, row_features(page, {}), opinions)
    return [int(role) for role in told.argmax(axis=1)]


@pytest.mark.parametrize("line", ["第3版", "《渔港日报》（2023年8月15日 第03版）", "责编：周启明 电话：55550100"])
def test_a_line_of_the_page_in_the_text_is_furniture(line: str) -> None:
    """Models take it for the text around it."""
    assert _roles([TEXT, line, END], [BODY, BODY, BODY]) == [BODY, FURNITURE, BODY]


@pytest.mark.parametrize("line", ["渔港融媒体中心记者 周启明", "裴  桐"])
def test_a_line_that_credits_people_is_a_byline(line: str) -> None:
    """Models take it for a part of the headline above it."""
    page = ["渔港码头改造完工", line, *[TEXT] * 6, END]
    assert _roles(page, [HEADING, HEADING, *[BODY] * 7])[1] == BYLINE


def test_names_below_a_text_are_a_byline_and_names_at_the_top_may_be_furniture() -> None:
    """A last line of names signs the text; names without a text above may be the page's editors."""
    names = "周启明 许知夏 何平"
    text = [*[TEXT] * 6, END]
    assert _roles([*text, names], [*[BODY] * 7, FURNITURE])[-1] == BYLINE
    assert _roles([names, *text], [FURNITURE, *[BODY] * 7])[0] == FURNITURE


@pytest.mark.parametrize("role", [HEADING, SUBHEAD])
def test_the_end_of_a_sentence_is_text(role: int) -> None:
    """Short last lines look like titles."""
    assert _roles([TEXT, END], [BODY, role]) == [BODY, BODY]
    assert _roles([TEXT + "。", END], [BODY, role]) == [BODY, role]


def test_a_row_with_a_full_stop_inside_is_no_title() -> None:
    """The first row of a continuation looks like a headline below its jump line."""
    assert _roles(["冷链仓库。东山镇新建的仓库", END], [HEADING, BODY]) == [BODY, BODY]
    assert _roles(["“先救人，再救船。”", END], [HEADING, BODY]) == [HEADING, BODY]


@pytest.mark.parametrize("jump", ["（转第3版）", ">> 转02版", "▶▶下转4版", "（未完，转第3版）"])
def test_a_row_above_a_jump_to_another_page_is_text(jump: str) -> None:
    """It breaks off in the middle of a sentence, as headlines do."""
    assert _roles([TEXT, "时停靠二十艘", jump], [BODY, HEADING, BODY])[1] == BODY
    assert _roles([TEXT, "时停靠二十艘", "（上接第1版）"], [BODY, HEADING, BODY])[1] == HEADING


def test_names_between_a_title_and_its_text_are_a_byline() -> None:
    """Models take two characters set apart for furniture."""
    page = ["晒秋", "裴  桐", *[TEXT] * 6, END]
    assert _roles(page, [HEADING, FURNITURE, *[BODY] * 7])[1] == BYLINE
    printed = ["曬秋", "本報記者 趙學勤", *[TEXT] * 6, END]
    assert _roles(printed, [HEADING, HEADING, *[BODY] * 7])[1] == BYLINE
