"""Extractors: what common libraries and tools read from a page of a PDF; each reads it in its own way."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final

import pymupdf
import pypdf
import pypdfium2
from pdfminer.high_level import extract_text_to_fp
from pdfminer.layout import LAParams

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Extractor = "Callable[[Path, int], str]"


class ExtractionError(Exception):
    """An extractor that is missing or failed."""


def pymupdf_text(path: Path, page: int) -> str:
    """PyMuPDF's plain text in drawing order."""
    with pymupdf.open(path) as document:
        return str(document[page - 1].get_text("text"))


def pymupdf_blocks(path: Path, page: int) -> str:
    """PyMuPDF's text blocks, a blank line between them."""
    with pymupdf.open(path) as document:
        return "\n".join(block[4] for block in document[page - 1].get_text("blocks") if block[6] == 0)


def pymupdf_blocks_sorted(path: Path, page: int) -> str:
    """PyMuPDF's text blocks from the top left."""
    with pymupdf.open(path) as document:
        return "\n".join(block[4] for block in document[page - 1].get_text("blocks", sort=True) if block[6] == 0)


def pymupdf_lines(path: Path, page: int) -> str:
    """Every line of PyMuPDF's dictionary on its own, blocks unmarked, blanks stripped."""
    with pymupdf.open(path) as document:
        blocks = document[page - 1].get_text("dict")["blocks"]
        return "\n".join(
            "".join(s["text"] for s in line["spans"]).strip() for b in blocks if b["type"] == 0 for line in b["lines"]
        )


def pdftotext(*options: str) -> Callable[[Path, int], str]:
    """Poppler's pdftotext with the given options."""

    def run(path: Path, page: int) -> str:
        command = shutil.which("pdftotext")
        if command is None:
            raise ExtractionError("pdftotext is missing: install the Debian package poppler-utils")
        done = subprocess.run(
            [command, *options, "-enc", "UTF-8", "-f", str(page), "-l", str(page), str(path), "-"],
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8")

    return run


def pdfminer(**settings: float | None) -> Callable[[Path, int], str]:
    """pdfminer.six with layout analysis under these settings."""

    def run(path: Path, page: int) -> str:
        out = StringIO()
        extract_text_to_fp(BytesIO(path.read_bytes()), out, page_numbers={page - 1}, laparams=LAParams(**settings))
        return out.getvalue()

    return run


def read_pypdf(path: Path, page: int) -> str:
    """The plain text of pypdf."""
    return str(pypdf.PdfReader(path).pages[page - 1].extract_text())


def read_pdfium(path: Path, page: int) -> str:
    """Return pypdfium2's text of the page, with normalised line ends and hyphens."""
    document = pypdfium2.PdfDocument(path)
    try:
        return (
            str(document[page - 1].get_textpage().get_text_range())
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            .replace("\ufffe", "-")
        )
    finally:
        document.close()


# name: (function, how often)
EXTRACTORS: Final[dict[str, tuple[Callable[[Path, int], str], int]]] = {
    "pymupdf_text": (pymupdf_text, 4),
    "pymupdf_blocks": (pymupdf_blocks, 5),
    "pymupdf_blocks_sorted": (pymupdf_blocks_sorted, 1),
    "pymupdf_lines": (pymupdf_lines, 1),
    "pdftotext_raw": (pdftotext("-raw"), 4),
    "pdftotext": (pdftotext(), 4),
    "pdfminer": (pdfminer(), 4),
    "pdfminer_no_flow": (pdfminer(boxes_flow=None), 1),
    "pdfminer_tight": (pdfminer(char_margin=0.4), 1),
    "pdfminer_wide": (pdfminer(char_margin=3.0, line_margin=0.3), 1),
    "pypdf": (read_pypdf, 3),
    "pypdfium2": (read_pdfium, 4),
}
