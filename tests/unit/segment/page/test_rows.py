"""Rows put back together from extracted lines."""

from hypothesis import given
from hypothesis import strategies as st

from services.segment.page.rows import printed_width, rows_of, squeeze

BODY = "春天的田野上人们正忙着播种新一年的希望，"


def test_a_vertical_headline_becomes_one_row() -> None:
    """One character a line reads as one row that remembers its lines."""
    rows = rows_of(1, "春\n耕\n正\n忙\n\n" + BODY)
    assert rows[0].plain == "春耕正忙"
    assert rows[0].lines == (1, 2, 3, 4)
    assert rows[0].vertical
    assert rows[1].gap == 1


def test_lines_cut_at_punctuation_are_rejoined() -> None:
    """Where an extractor ends a line at every comma, pieces that fill a column are one row."""
    whole = "全村的果树都开了花大家都来看热闹了"
    torn = ["果农说，", "今年雨水好，", "收成一定不差啊"]
    text = "\n".join([whole, *torn] * 8)
    rows = rows_of(1, text)
    assert any(row.plain == "".join(torn) for row in rows)
    assert [n for row in rows for n in row.lines] == list(range(1, 33))


def test_a_page_with_ordinary_line_ends_is_left_alone() -> None:
    """Short lines of an undamaged page are not glued together."""
    text = "\n".join([BODY] * 20 + ["早上好，", BODY] + [BODY] * 20)
    assert all(len(row.lines) == 1 for row in rows_of(1, text))


def test_traditional_script_and_full_width_digits_are_normalised_for_reading_only() -> None:
    """`plain` is simplified and half-width, `text` stays as printed."""
    row = rows_of(3, "本報訊　１２月３日")[0]
    assert row.plain == "本报讯12月3日"
    assert row.text == "本報訊　１２月３日"


def test_width_counts_narrow_characters_half() -> None:
    """Letters and digits are half as wide as characters."""
    assert printed_width("共33条") == 3.0


@given(st.text(max_size=300))
def test_every_line_that_is_not_blank_is_in_exactly_one_row(text: str) -> None:
    """Nothing is lost and nothing is doubled, whatever the text."""
    lines = [n for n, line in enumerate(text.split("\n"), 1) if squeeze(line)]
    assert [n for row in rows_of(1, text) for n in row.lines] == lines
