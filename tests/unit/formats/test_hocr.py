"""Pages of hOCR files, as Tesseract and OCRopus write them."""

from __future__ import annotations

import pytest

from services.formats.hocr import read_hocr
from services.formats.page import Area, FilePage, FormatError, RefusedPage

PAGE = """<div class="ocr_page" id="p1" title='image "01.png"; bbox 0 0 1200 1800; ppageno 0'>
 <div class="ocr_photo" title="bbox 700 200 1100 500"></div>
 <p class="ocr_par"><span class="ocr_line" title="bbox 100 80 700 140; baseline 0 -5; x_size 48.25">
   <span class="ocrx_word" title="bbox 100 80 300 140">渔港</span> <span class="ocrx_word">开渔</span> </span>
 <span class="ocr_header" title="bbox 100 200 400 224">ship <b>A&amp;B</b><br/></span></p>
</div>"""


def hocr(pages: str = PAGE) -> bytes:
    return f"<!DOCTYPE html><html><body>{pages}</body></html>".encode()


def test_a_line_has_its_box_and_size_and_no_spaces_between_chinese_words() -> None:
    (page,) = read_hocr(hocr())
    assert page == FilePage(
        1,
        "渔港开渔\nship A&B",
        (1200.0, 1800.0),
        ((100.0, 80.0, 600.0, 60.0, 48.2), (100.0, 200.0, 300.0, 24.0, 24.0)),
        (Area("image", (700.0, 200.0, 400.0, 300.0)),),
    )


def test_a_page_without_text_is_refused_alone() -> None:
    first, second = read_hocr(hocr(f'{PAGE}<div class="ocr_page" title="bbox 0 0 1 1"></div>'))
    assert isinstance(first, FilePage)
    assert second == RefusedPage(2, "page 2 has no text; run text recognition over its image first")


def test_a_file_without_pages_is_refused() -> None:
    with pytest.raises(FormatError, match="no element of class ocr_page"):
        list(read_hocr(b"<html><p>text</p></html>"))
