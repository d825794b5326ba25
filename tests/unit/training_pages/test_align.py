from __future__ import annotations

import pytest

from training.pages.reading.align import AlignmentError, align
from training.pages.reading.truth import line_record
from training.pages.typesetting.pdf import SHADOW_FIRST
from training.pages.typesetting.typeset import Glyph, Tag, glyphs

BODY = Tag("a01", "body", para=2, order=5)
JUMP = Tag("a01", "jump")
DRAWN: list[Glyph] = [*glyphs("路网完善。", BODY, starts=True), *glyphs("下转2版", JUMP)]


def shadow(text: str) -> str:
    return "".join(chr(SHADOW_FIRST + int(ch)) if ch.isdigit() else ch for ch in text)


def test_glyphs_follow_the_lines_of_the_page_and_the_order_of_the_shadow() -> None:
    lines = align("下转 2版\n\n路网\n完善。\f", shadow("5678\n0123 4\n"), DRAWN)
    assert ["".join(g.char for g in line) for line in lines] == ["下转2版", "", "路网", "完善。"]


@pytest.mark.parametrize(
    ("text", "ghost"),
    [("路网完善。下转2", "01234567"), ("路网完善。下转2版", "012345677"), ("网路完善。下转2版", "012345678")],
    ids=["a glyph is missing", "a glyph is read twice", "another character stands there"],
)
def test_a_doubtful_page_is_refused(text: str, ghost: str) -> None:
    with pytest.raises(AlignmentError):
        align(text, shadow(ghost), DRAWN)


def test_a_line_of_two_roles_takes_the_longer_and_names_the_other() -> None:
    assert line_record(7, DRAWN) == {
        "line": 7, "article": "a01", "role": "body", "para": 2, "para_start": True, "also": [["a01", "jump", 4]],
    }  # fmt: skip


def test_a_line_cut_from_a_paragraphs_middle_does_not_start_it() -> None:
    assert "para_start" not in line_record(8, DRAWN[2:5])
