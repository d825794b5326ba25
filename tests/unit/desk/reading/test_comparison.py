"""Two texts side by side: nothing is lost, what is the same is seen as the same, and changes are small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.desk.reading.comparison import MOST_PRODUCT, Piece, Row, compare

PARAGRAPHS = st.lists(st.text("的一渔港茶价，。？ \n\u2028", max_size=12), max_size=6)


def same(text: str) -> Row:
    return Row((Piece("same", text),), (Piece("same", text),))


@given(PARAGRAPHS, PARAGRAPHS)
def test_each_side_holds_its_whole_text_in_order(before: list[str], after: list[str]) -> None:
    """A paragraph break that only one side has stays in a row; every other break ends a row."""
    found = compare(before, after)
    for side, text, other in (("before", before, "added"), ("after", after, "removed")):
        pieces = [piece for row in found.rows for piece in getattr(row, side)]
        assert all(piece.kind != other for piece in pieces)
        printed = "".join(piece.text for piece in pieces).replace("\n", "")
        assert printed == "".join(text).replace("\n", " ")


@given(PARAGRAPHS)
def test_a_text_is_the_same_as_itself_paragraph_by_paragraph(text: list[str]) -> None:
    found = compare(text, text)
    assert found.is_same
    assert (found.removed, found.added) == (0, 0)
    assert len(found.rows) == len(text)


def test_only_the_characters_that_differ_are_marked() -> None:
    found = compare(["春荼上市，价比去年略高。"], ["春茶上市，价比去年略高。"])
    assert found.rows == (
        Row(
            (Piece("same", "春"), Piece("removed", "荼"), Piece("same", "上市，价比去年略高。")),
            (Piece("same", "春"), Piece("added", "茶"), Piece("same", "上市，价比去年略高。")),
        ),
    )
    assert (found.removed, found.added) == (1, 1)


def test_a_paragraph_that_is_new_or_gone_has_a_row_of_its_own() -> None:
    found = compare(["甲。", "乙，在此。", "丙。"], ["甲。", "丙。", "丁，新来。"])
    assert found.rows == (
        same("甲。"),
        Row((Piece("removed", "乙，在此。"),), ()),
        same("丙。"),
        Row((), (Piece("added", "丁，新来。"),)),
    )


def test_a_paragraph_that_was_divided_stays_in_one_row_with_the_break_marked() -> None:
    found = compare(["渔港开渔。渔民出海。"], ["渔港开渔。", "渔民出海。"])
    (row,) = found.rows
    assert row.after == (Piece("same", "渔港开渔。"), Piece("added", "\n"), Piece("same", "渔民出海。"))
    assert not found.is_same
    assert (found.removed, found.added) == (0, 0)


def test_paragraphs_that_were_rewritten_stand_side_by_side() -> None:
    found = compare(["头春茶价比去年略高。", "茶商惜售。"], ["三百零五艘渔船驶出。", "气温骤降！"])
    assert [bool(row.before and row.after) for row in found.rows] == [True, True]


def test_a_lone_character_between_changes_is_not_shown_as_the_same() -> None:
    """的 and 一 match anywhere; marked as equal, they would tear unrelated words apart."""
    found = compare(["茶农的竹筐"], ["海关的月饼"])
    assert found.rows == (Row((Piece("removed", "茶农的竹筐"),), (Piece("added", "海关的月饼"),)),)


def test_a_passage_too_long_to_compare_by_characters_counts_as_rewritten() -> None:
    """Bounded work: the page of a hostile text must not keep the desk busy."""
    length = int(MOST_PRODUCT**0.5) + 1
    found = compare(["甲乙" * length], ["乙甲" * length])
    assert (found.removed, found.added) == (2 * length, 2 * length)
