"""Jump lines and the parts they tie together."""

import pytest

from services.segment.jumps import Mark, Part, link, read_mark


@pytest.mark.parametrize(
    ("printed", "mark"),
    [
        ("→下转3版", Mark("to", 3)),
        ("（下转第十二版）", Mark("to", 12)),
        ("通车后将更加方便。▶▶下转A04版", Mark("to", 4)),
        ("◀◀上接01版", Mark("from", 1)),
        ("上级接到报告后十分重视", None),
    ],
)
def test_a_jump_line_is_read(printed: str, mark: Mark | None) -> None:
    """Direction and page, glued to a line or alone."""
    assert read_mark(printed) == mark


def test_parts_are_tied_by_pages_and_words() -> None:
    """Two stories jump to the same page; each finds its own other half."""
    bridge = Part(1, 3, "大桥建设者日夜奋战在工地上，大桥主体已经", "大桥主体完工")
    school = Part(1, 3, "新学期开学了，校园里书声琅琅，老师们", "新学期开学")
    rest_school = Part(3, 1, "老师们说，新学期校园里会有更多活动。", "新学期开学")
    rest_bridge = Part(3, 1, "完工。大桥建设者说，工地上每天都有变化。", "大桥主体完工")
    assert sorted(link([bridge, school], [rest_school, rest_bridge])) == [(0, 1), (1, 0)]


def test_pages_that_do_not_agree_are_never_tied() -> None:
    """A continuation from another page stays by itself."""
    assert link([Part(1, 2, "甲村修路", "修路")], [Part(3, 1, "甲村修路", "修路")]) == []
