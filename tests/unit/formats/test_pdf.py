"""Pages of a PDF: the text, where each line is printed, what is drawn, and what is refused and why."""

from __future__ import annotations

import pytest

from services.formats.page import Area, FilePage, FormatError, RefusedPage
from services.formats.pdf import read_pdf
from tests.unit.formats.pdfs import Line, pdf

HEADLINE = Line("渔港昨日开渔", 40, 500, 36)
FIRST = Line("本报讯昨日正午渔港三百余艘渔船鸣笛出海", 40, 460, 10)
SECOND = Line("首日卸鱼量比去年增长六成", 40, 446, 10)
STORY = (HEADLINE, FIRST, SECOND)


def only(data: bytes) -> FilePage:
    (page,) = read_pdf(data)
    assert isinstance(page, FilePage), page
    return page


def refusal(data: bytes) -> str:
    (page,) = read_pdf(data)
    assert isinstance(page, RefusedPage), page
    return page.reason


def test_a_page_gives_its_lines_as_they_are_printed() -> None:
    page = only(pdf(STORY))
    assert [line.strip() for line in page.text.split("\n")] == [HEADLINE.text, FIRST.text, SECOND.text]
    assert page.size == (400, 600)


def test_every_line_of_the_text_has_its_place_from_the_top_left_corner() -> None:
    page = only(pdf(STORY))
    assert len(page.lines) == page.text.count("\n") + 1
    for line, place in zip(STORY, page.lines, strict=True):
        assert place is not None
        x, y, width, height, size = place
        assert x == pytest.approx(line.x, abs=0.1)
        assert width == pytest.approx(line.size * len(line.text), abs=0.2)
        assert y == pytest.approx(600 - line.y - 0.88 * line.size, abs=0.5)
        assert height == pytest.approx(line.size, abs=0.5)
        assert size == pytest.approx(line.size, abs=0.1)


def test_the_size_of_type_is_the_effective_one_where_the_text_matrix_scales() -> None:
    scaled = [Line(line.text, line.x, line.y, line.size, scaled=True) for line in STORY]
    assert only(pdf(scaled)).lines == only(pdf(STORY)).lines


def test_a_page_that_is_shown_turned_is_placed_as_it_is_read() -> None:
    """Turned by a quarter, what runs to the right in the file runs downwards on the page."""
    page = only(pdf(STORY, rotate=90))
    assert page.size == (600, 400)
    places = dict(zip(page.text.split("\n"), page.lines, strict=True))
    place = next(place for text, place in places.items() if text.strip() == HEADLINE.text)
    assert place is not None
    assert place[3] == pytest.approx(HEADLINE.size * len(HEADLINE.text), abs=0.2)
    assert place[1] == pytest.approx(HEADLINE.x, abs=0.2)


def test_rules_and_frames_are_read_and_the_pages_ground_is_not() -> None:
    drawn = "0 0 400 600 re f 40 300 300 0.5 re f 40 100 200 80 re S 40 50 3 3 re f"
    kinds = {area.kind: area for area in only(pdf(STORY, drawn=drawn)).areas}
    assert set(kinds) == {"rule", "frame"}
    assert kinds["rule"] == Area("rule", (40.0, 299.5, 300.0, 0.5))


def test_a_picture_is_read() -> None:
    picture = "q 120 0 0 90 40 200 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    (area,) = only(pdf(STORY, drawn=picture)).areas
    assert area == Area("image", (40.0, 310.0, 120.0, 90.0))


def test_pages_are_numbered_as_they_stand_in_the_file() -> None:
    assert [page.number for page in read_pdf(pdf(STORY, STORY))] == [1, 2]


def test_a_scanned_page_is_refused_alone() -> None:
    first, second, third = read_pdf(pdf(STORY, (), STORY))
    assert isinstance(first, FilePage)
    assert isinstance(third, FilePage)
    assert isinstance(second, RefusedPage)
    assert "page 2 of the PDF has no text (0 characters): it is a scan or empty; run text" in second.reason


def test_a_text_layer_of_glyph_numbers_is_refused() -> None:
    assert "holds glyph numbers instead of characters" in refusal(pdf(STORY, mapped=False))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "not a PDF"),
        (b"%PDF-1.6\nnothing", "the PDF is damaged; export it again"),
        (pdf(), "the PDF (has no pages|is damaged)"),
        (pdf(STORY, encrypted=True), "the PDF is encrypted; save it without a password"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_remedy(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_pdf(data))


def test_the_layout_is_what_the_contract_takes() -> None:
    assert set(only(pdf(STORY)).layout()) == {"size", "lines", "boxes"}
