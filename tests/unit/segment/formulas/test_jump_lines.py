"""Jump lines as papers print them."""

import pytest

from services.segment.formulas.jump_lines import Mark, read_mark, without_marks


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
        ("由三版转到四版的读者来信", None),
        ("他接到3版的样稿", None),
        ("上级接到报告后十分重视", None),
    ],
)
def test_a_jump_line_is_read(printed: str, mark: Mark | None) -> None:
    """Direction and page, glued to a line or alone."""
    assert read_mark(printed) == mark


def test_glued_marks_are_no_part_of_a_text() -> None:
    """They would hide where a sentence stops and goes on."""
    assert without_marks("◀◀上接01版完工以后，通车在即。▶▶下转A04版") == "完工以后，通车在即。"
    assert without_marks("上级接到报告后十分重视") == "上级接到报告后十分重视"
