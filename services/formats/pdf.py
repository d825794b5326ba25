"""Read pages from a PDF: the text that pypdfium2 reads, where each line is printed, and what is drawn around it.

The size of type is the font size times the scale of the text matrix. PDFium's own call is not enough: some programs
write all type at size 1 and scale it, and then that call returns 1.0.
"""

from __future__ import annotations

import ctypes
import statistics
from math import hypot
from typing import TYPE_CHECKING, Any

from services.formats.page import Area, Box, FilePage, FormatError, PlacedLine, RefusedPage, one_line, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_CHARACTERS = 20
"""A page with fewer printed characters is empty or only a picture of a page."""

READABLE_SHARE = 0.4
"""Below this share of letters and digits, the text layer holds glyph numbers, not characters."""

THIN = 3.0  # points; a path of at most this thickness is a rule
LEAST_RULE = 20.0  # points
LEAST_FRAME = 12.0  # points on either side
LEAST_IMAGE = 12.0
WHOLE_PAGE = 0.95  # a frame or picture that covers this share of the page is its background
MOST_OF_BOX = 0.7  # a type size below this share of the character box is not the visible size
NESTED = 8  # levels of form objects that are searched
CARRIAGE_RETURN, LINE_FEED = 0x0D, 0x0A
HYPHENS = (0xFFFE, 0x02)  # what PDFium gives for a hyphen at the end of a line
SURROGATES = range(0xD800, 0xE000)
IMAGE, PATH = 3, 2  # FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH
WRONG_PASSWORD, UNSUPPORTED_SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def read_pdf(data: bytes) -> Iterator[FilePage | RefusedPage]:
    """Yield the pages of a PDF, one after the other.

    A page is refused if it has no text (a scan), if it is damaged, or if its text layer holds glyph numbers.

    Raises:
        FormatError: the file is not a PDF, or it is encrypted, damaged or empty. The text names the remedy.
        ImportError: pypdfium2 is not installed (`pip install broadsheet[pdf]`).
    """
    import pypdfium2  # noqa: PLC0415  # an extra

    if not data.startswith(b"%PDF") and b"%PDF" not in data[:1024]:
        raise FormatError("not a PDF: it does not begin with %PDF")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (WRONG_PASSWORD, UNSUPPORTED_SECURITY):
            raise FormatError("the PDF is encrypted; save it without a password") from None
        raise FormatError("the PDF is damaged; export it again from the layout program") from None
    try:
        if not len(document):
            raise FormatError("the PDF has no pages")
        for index in range(len(document)):
            yield _page(document, index)
    finally:
        document.close()


def _page(document: Any, index: int) -> FilePage | RefusedPage:
    import pypdfium2  # noqa: PLC0415  # an extra

    number = index + 1
    try:
        page = document[index]
        layer = page.get_textpage()
    except pypdfium2.PdfiumError:
        return RefusedPage(number, f"page {number} of the PDF is damaged; export it again from the layout program")
    try:
        place = _Place(page)
        text, lines = _lines(layer, place)
        unreadable = _why_unreadable(text, number)
        if unreadable:
            return RefusedPage(number, unreadable)
        return FilePage(number, text, place.size, lines, tuple(_areas(page, place)))
    finally:
        layer.close()
        page.close()


class _Place:
    """Converts a page's own coordinates (origin bottom left, unrotated) to ours (origin top left, as it is read)."""

    def __init__(self, page: Any) -> None:
        width, height = page.get_size()
        self.size = (round(width, 1), round(height, 1))
        self._rotation = page.get_rotation()
        left, bottom, right, top = page.get_cropbox() or page.get_mediabox()
        self._crop = (left, bottom, right, top)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return the box as x, y, width, height."""
        x0, y0, x1, y1 = self._crop
        turned = {
            0: (left - x0, y1 - top, right - left, top - bottom),
            90: (bottom - y0, left - x0, top - bottom, right - left),
            180: (x1 - right, bottom - y0, right - left, top - bottom),
            270: (y1 - top, x1 - right, top - bottom, right - left),
        }
        return turned[self._rotation]


def _lines(layer: Any, place: _Place) -> tuple[str, tuple[PlacedLine | None, ...]]:
    """Return the text with line feeds, and each line's box and type size."""
    raw = layer.raw
    texts: list[str] = []
    lines: list[PlacedLine | None] = []
    text: list[str] = []
    boxes: list[Box] = []
    sizes: list[float] = []

    def end() -> None:
        texts.append(one_line("".join(text)))
        lines.append(_union(boxes, sizes))
        text.clear()
        boxes.clear()
        sizes.clear()

    for index, character in enumerate(_characters(layer)):
        if character == "\n":
            end()
            continue
        text.append(character)
        if not character.isspace():
            boxes.append(place.box(*layer.get_charbox(index, loose=True)))
            sizes.append(_type_size(raw, index, boxes[-1][3]))
    end()
    return "\n".join(texts), tuple(lines)


def _characters(layer: Any) -> Iterator[str]:
    """Yield each character of the text layer.

    A carriage return before a line feed becomes an empty string. A soft hyphen becomes a hyphen.
    """
    from pypdfium2 import raw as pdfium  # noqa: PLC0415  # an extra

    codes = [pdfium.FPDFText_GetUnicode(layer.raw, index) for index in range(layer.count_chars())]
    for index, code in enumerate(codes):
        if code == CARRIAGE_RETURN:
            yield "" if codes[index + 1 : index + 2] == [LINE_FEED] else "\n"
        elif code in HYPHENS:
            yield "-"
        elif code in SURROGATES:
            yield "\ufffd"
        else:
            yield chr(code) if code else ""


def _type_size(raw: Any, index: int, height: float) -> float:
    """Return the visible type size of a character with this height, in points.

    If the font gives a far smaller size than the height, the height is returned.
    """
    from pypdfium2 import raw as pdfium  # noqa: PLC0415  # an extra

    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(raw, index))
    if pdfium.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        size *= hypot(matrix.c, matrix.d)
    return size if size >= MOST_OF_BOX * height else height


def _union(boxes: Sequence[Box], sizes: Sequence[float]) -> PlacedLine | None:
    if not boxes:
        return None
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return *rounded((left, top, right - left, bottom - top)), round(statistics.median(sizes), 1)


def _why_unreadable(text: str, number: int) -> str:
    """Return why the text layer cannot be used; empty if it can."""
    printed = [character for character in text if not character.isspace()]
    if len(printed) < LEAST_CHARACTERS:
        return (
            f"page {number} of the PDF has no text ({len(printed)} characters): it is a scan or empty; run text "
            "recognition and publish its ALTO or hOCR, or leave the page out"
        )
    readable = sum(c.isalnum() for c in printed)
    if readable < READABLE_SHARE * len(printed):
        return (
            f"page {number} of the PDF holds glyph numbers instead of characters ({readable} of {len(printed)} can be "
            "read): its fonts carry no character map; export it with ToUnicode maps, or run text recognition"
        )
    return ""


def _areas(page: Any, place: _Place) -> Iterator[Area]:
    """Yield pictures, rules and frames in drawing order."""
    width, height = place.size
    for drawn in page.get_objects(filter=(IMAGE, PATH), max_depth=NESTED):
        try:
            box = rounded(place.box(*drawn.get_bounds()))
        except Exception as error:  # PdfiumError is checked by name; a shape without bounds is invisible
            if type(error).__name__ != "PdfiumError":
                raise
            continue
        _, _, wide, high = box
        if wide * high >= WHOLE_PAGE * width * height:
            continue
        if drawn.type == IMAGE:
            if min(wide, high) >= LEAST_IMAGE:
                yield Area("image", box)
        elif min(wide, high) <= THIN:
            if max(wide, high) >= LEAST_RULE:
                yield Area("rule", box)
        elif min(wide, high) >= LEAST_FRAME:
            yield Area("frame", box)
