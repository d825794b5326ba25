"""The printed formulas that show what a line is."""

from __future__ import annotations

import pytest

from services.segment.page.page import read_page
from services.segment.page.patterns import COMPILED
from services.segment.page.rows import rows_of

PAGE_LINES = (
    "第 3 页",
    "第２版",
    "第 06 页 共 4 页",
    "02 版",
    "第十二版",
    "— 3 —",
    "《渔港日报》（2023年08月15日 第 03 版）",
    "渔港日报 2021-6-9 第12版",
    "《山城晚报》(2019年7月2日 星期二 A05版：要闻)",
    "责任编辑：周启明 电话：（010）55550100 邮箱：bianji@example.com",
    "责编/周启明　美编/许知夏　校对/何平",
)
NOT_OF_THE_PAGE = (
    "第3版刊登了读者来信",
    "编辑部的热线电话从早到晚响个不停",
    "新书由主编作序，美术编辑配图",
    "他说第三版",
    "2023年8月15日，第3版",
    "12",
)


def _matches(name: str, printed: str) -> bool:
    return COMPILED[name].search(rows_of(1, printed)[0].plain) is not None


@pytest.mark.parametrize("printed", PAGE_LINES)
def test_a_line_of_the_page_is_known_by_its_form(printed: str) -> None:
    """Folios, source lines, and editors with what is printed beside them, in any width and spacing."""
    assert _matches("page_line", printed)


@pytest.mark.parametrize("printed", NOT_OF_THE_PAGE)
def test_text_that_mentions_a_page_or_an_editor_is_no_line_of_the_page(printed: str) -> None:
    """A complete line must have the form."""
    assert not _matches("page_line", printed)


def test_the_second_line_of_a_jump_is_no_folio() -> None:
    """下转 and 第5版 may be on two lines."""
    assert COMPILED["page_line"].search("下转\n第5版") is None
    assert COMPILED["page_line"].search("通车在即。\n第5版") is not None


@pytest.mark.parametrize(
    "printed", ["（转第3版）", "（接1版）", ">> 转02版", "【紧接B03版】", "《下转第十二版》", "→下转5版", "转3版"]
)
def test_a_row_that_is_a_jump_line_is_known_by_its_form(printed: str) -> None:
    """With 下 and 上 or without, in any brackets and arrows."""
    assert _matches("jump_only", printed)


@pytest.mark.parametrize("printed", ["上级接到报告后十分重视", "他转三版的稿子给同事", "转战3个版图", "接3"])
def test_text_with_the_words_of_a_jump_is_no_jump_line(printed: str) -> None:
    """A complete line must have the form."""
    assert not _matches("jump_only", printed)


@pytest.mark.parametrize(
    ("printed", "glued"),
    [
        ("通车后将更加方便。（转第3版）", True),
        ("通车后将更加方便。▶▶下转A04版", True),
        ("通车后将更加方便。>>转02版", True),
        ("他把稿子转三版", False),
        ("通车后将更加方便。", False),
    ],
)
def test_a_jump_line_glued_to_a_line_of_text_is_seen(printed: str, glued: bool) -> None:  # noqa: FBT001 - a table
    """The line remains a line of text."""
    page = read_page(1, rows_of(1, printed))
    assert bool(page.glued[0]) is glued
