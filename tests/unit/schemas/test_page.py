"""A page is known by its section and number, wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.issue import Page
from schemas.page import PageLabel, page_value

SECTIONS = st.text(st.characters(min_codepoint=65, max_codepoint=90), max_size=2)
NUMBERS = st.integers(1, 999)


@given(SECTIONS, NUMBERS)
def test_a_page_is_read_back_from_a_message_and_from_its_name(section: str, number: int) -> None:
    """Its section, its number and its bytes survive; without a section it is a number."""
    label = PageLabel.of(section, number)
    assert (label.section, label.number) == (section, number)
    assert PageLabel.parse(str(label)) == label
    page = Page(page=label, revision=1, text="本报讯")
    assert Page.model_validate_json(page.encode()) == page
    assert Page.model_validate(page.model_dump()) == page
    assert page_value(page.page) == (f"{section}{number}" if section else number)


@given(st.lists(st.tuples(SECTIONS, NUMBERS), max_size=20))
def test_pages_are_ordered_by_section_and_then_by_number(pages: list[tuple[str, int]]) -> None:
    """A2 before A10, A before B, no section first."""
    labels = sorted(PageLabel.of(*page) for page in pages)
    assert [(len(one.section), one.section, one.number) for one in labels] == sorted((len(s), s, n) for s, n in pages)


def test_a_message_of_an_older_release_gives_the_same_bytes() -> None:
    """A page without a section is the integer that it was."""
    old = b'{"page":7,"revision":1,"text":"x","encoding":"utf-8"}'
    assert Page.model_validate_json(old).encode() == old


@pytest.mark.parametrize("text", ["", "0", "A0", "ABC1", "1000", "第1版", "A-1", True, None, 1.5])
def test_what_is_no_page_is_refused(text: object) -> None:
    """The error says what a page looks like."""
    with pytest.raises(ValueError, match="a section and a number such as A1"):
        PageLabel.parse(text)
