"""Jump lines as papers print them."""

import pytest

from services.segment.formulas.jump_lines import Mark, read_mark, without_marks
from services.segment.page.patterns import COMPILED
from services.segment.page.rows import normalise

AROUND = (
    *("（）", "()", "【】", "［］", "〔〕", "《》", "〖〗"),
    *("→", "▶▶", "▷", ">>", "》》", "⇒", "➡", "➤", "☞", "◆", "※", "▲", "◀◀", "<<", "←"),
)
"""Brackets around a jump line, or arrows before it."""
PAGES = {
    "3版": (3, ""),
    "03版": (3, ""),
    "第3版": (3, ""),
    "第三版": (3, ""),
    "第 3 版": (3, ""),
    "第十二版": (12, ""),
    "A3版": (3, "A"),
    "第B03版": (3, "B"),
    "本报第3版": (3, ""),
    "今日3版": (3, ""),
    "第3页": (3, ""),
    "头版": (1, ""),
}
VERBS = {
    "下转": "to",
    "转": "to",
    "紧转": "to",
    "下接": "to",
    "未完，转": "to",
    "未完下转": "to",
    "续见": "to",
    "上接": "from",
    "接": "from",
    "紧接": "from",
    "续接": "from",
    "续自": "from",
    "续": "from",
}


@pytest.mark.parametrize(
    ("printed", "mark"),
    [
        ("→下转3版", Mark("to", 3)),
        ("（下转第十二版）", Mark("to", 12)),
        ("通车后将更加方便。▶▶下转A04版", Mark("to", 4, "A")),
        ("◀◀上接01版", Mark("from", 1)),
        ("（转第3版）", Mark("to", 3)),
        ("（接1版）", Mark("from", 1)),
        (">> 转02版", Mark("to", 2)),
        ("下转A2版", Mark("to", 2, "A")),
        ("（上接第一版）", Mark("from", 1)),
        ("【紧接B03版】", Mark("from", 3, "B")),
        ("《下转第十二版》", Mark("to", 12)),
        ("（下转3版）", Mark("to", 3)),
        ("下转", Mark("to", None)),
        ("转3版", Mark("to", 3)),
        ("接A2版", Mark("from", 2, "A")),
        ("转3", None),
        ("转02版▶", Mark("to", 2)),
        ("（接上版）", Mark("from", None)),
        ("（转下页）", Mark("to", None)),
        ("下转P3", Mark("to", 3)),
        ("工程下月完工。（续3版）", Mark("to", 3)),
        ("（下转第三版②）", Mark("to", 3)),
        ("（下转4、5版）", Mark("to", 4)),
        ("●接3岁孩子放学", None),
        ("下接地气", None),
        ("（详见3版）", None),
        ("由三版转到四版的读者来信", None),
        ("他接到3版的样稿", None),
        ("上级接到报告后十分重视", None),
    ],
)
def test_a_jump_line_is_read(printed: str, mark: Mark | None) -> None:
    """Direction and page, glued to a line or alone."""
    assert read_mark(printed) == mark


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("around", AROUND)
def test_every_verb_is_read_with_every_mark_and_page(verb: str, around: str) -> None:
    """Each form is a jump line of its own, with direction, page and section."""
    opened, closed = around if around[0] in "（(【［〔《〖" else (around, "")
    for printed, (number, section) in PAGES.items():
        plain = normalise([f"{opened} {verb}{printed}{closed}"])[0]
        assert read_mark(plain) == Mark("to" if VERBS[verb] == "to" else "from", number, section)
        assert COMPILED["jump_only"].search(plain), plain


def test_glued_marks_are_no_part_of_a_text() -> None:
    """They would hide where a sentence stops and goes on."""
    assert without_marks("◀◀上接01版完工以后，通车在即。▶▶下转A04版") == "完工以后，通车在即。"
    assert without_marks("上级接到报告后十分重视") == "上级接到报告后十分重视"
