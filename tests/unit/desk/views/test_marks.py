"""Marks: a text is cut where they begin and end, and loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.desk.views.marks import Mark, Segment, merged, segments

MARKS = st.lists(
    st.builds(
        lambda start, length, kind: Mark(start, start + length, kind),
        st.integers(0, 30),
        st.integers(1, 10),
        st.sampled_from(["hit", "topic-0", "topic-1"]),
    )
)


@given(st.text(max_size=30), MARKS)
def test_the_segments_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(segment.text for segment in segments(text, marks)) == text


@given(st.text(min_size=1, max_size=30), MARKS)
def test_every_character_is_under_just_its_marks(text: str, marks: list[Mark]) -> None:
    said = [segment.kinds for segment in segments(text, marks) for _ in segment.text]
    for at, kinds in enumerate(said):
        assert set(kinds) == {mark.kind for mark in marks if mark.start <= at < mark.end}


def test_overlapping_marks_make_a_stretch_under_both() -> None:
    assert segments("海关月饼", [Mark(0, 3, "hit"), Mark(2, 4, "topic-0")]) == (
        Segment("海关", ("hit",)),
        Segment("月", ("hit", "topic-0")),
        Segment("饼", ("topic-0",)),
    )


def test_marks_of_one_kind_that_touch_become_one() -> None:
    assert merged([Mark(2, 4, "hit"), Mark(0, 2, "hit"), Mark(1, 3, "topic-0")]) == (
        Mark(0, 4, "hit"),
        Mark(1, 3, "topic-0"),
    )


def test_part_of_a_text_can_be_cut_alone() -> None:
    assert segments("海关月饼", [Mark(0, 3, "hit")], 2, 4) == (Segment("月", ("hit",)), Segment("饼"))
