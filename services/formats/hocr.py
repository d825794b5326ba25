"""Read pages from hOCR files (http://kba.github.io/hocr-spec/1.2/).

hOCR is HTML. Its elements carry their boxes in `title`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from services.formats.page import Area, FilePage, FormatError, PlacedLine, RefusedPage, one_line, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES: Final = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocrx_line"})
AREAS: Final = frozenset({"ocr_photo", "ocr_image", "ocr_float"})
VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "wbr"})
_BOX = re.compile(r"\bbbox\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)")
_SIZE = re.compile(r"\bx_(?:f)?size\s+([\d.]+)")
_SPACES = re.compile(r"[ \t\r\n]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass
class _Page:
    size: tuple[float, float]
    texts: list[str] = field(default_factory=list)
    lines: list[PlacedLine | None] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects pages; a line ends where the element that opened it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[_Page] = []
        self._depth = 0
        self._line_depth: int | None = None
        self._title = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        title = given.get("title", "")
        if tag not in VOID:
            self._depth += 1
        if "ocr_page" in classes:
            x, y, right, bottom = _corners(title) or (0.0, 0.0, 0.0, 0.0)
            self.pages.append(_Page((right - x, bottom - y)))
        elif self.pages and classes & AREAS and (found := _corners(title)):
            self.pages[-1].areas.append(Area("image", _box(found)))
        if self.pages and self._line_depth is None and classes & LINES:
            self._line_depth, self._title, self._text = self._depth, title, []

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._depth == self._line_depth:
            self._end_line()
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._line_depth is not None:
            self._text.append(data)

    def _end_line(self) -> None:
        page = self.pages[-1]
        text = one_line(_BETWEEN_HAN.sub("", _SPACES.sub(" ", "".join(self._text)).strip()))
        corners, size = _corners(self._title), _SIZE.search(self._title)
        box = _box(corners) if corners else None
        page.texts.append(text)
        page.lines.append((*box, round(float(size[1]) if size else box[3], 1)) if text and box else None)
        self._line_depth = None


def _corners(title: str) -> tuple[float, float, float, float] | None:
    found = _BOX.search(title)
    return tuple(map(float, found.groups())) if found else None  # type: ignore[return-value]  # four groups


def _box(corners: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, right, bottom = corners
    return rounded((x, y, right - x, bottom - y))


def read_hocr(data: bytes, name: str = "hOCR") -> Iterator[FilePage | RefusedPage]:
    """Yield the pages of an hOCR file, without the spaces that the format puts between Chinese words.

    A page without text is refused.

    Raises:
        FormatError: the file has no page.
    """
    reader = _Reader()
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    if not reader.pages:
        raise FormatError(f"{name}: no element of class ocr_page")
    for number, page in enumerate(reader.pages, 1):
        if not any(page.texts):
            yield RefusedPage(number, f"page {number} has no text; run text recognition over its image first")
            continue
        yield FilePage(number, "\n".join(page.texts), page.size, tuple(page.lines), tuple(page.areas))
