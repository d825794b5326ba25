"""Files of printed pages (PDF, ALTO, METS with ALTO, hOCR): which files of a folder are read, and their contents."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from services.formats.page import FilePage, FormatError, RefusedPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PDF: Final = ".pdf"
SUFFIXES: Final = (PDF, ".xml", ".alto", ".mets", ".hocr", ".html", ".htm")
NEEDS_PDF: Final = "reading a PDF needs pypdfium2; install it with: pip install 'broadsheet[pdf]'"
NO_PAGES: Final = "neither ALTO, METS nor hOCR"


def is_printed(file: Path) -> bool:
    """Return whether a file's name says that it holds printed pages."""
    return file.suffix.lower() in SUFFIXES


def read_printed(file: Path) -> Iterator[FilePage | RefusedPage]:
    """Yield the pages of a file, numbered from 1.

    Raises:
        FormatError: no part of the file can be used; the text says why and what to do.
    """
    from services.formats.alto import read_alto
    from services.formats.hocr import read_hocr
    from services.formats.markup import kind_of
    from services.formats.pdf import read_pdf

    data = file.read_bytes()
    kind = "pdf" if file.suffix.lower() == PDF else kind_of(data)
    if kind == "pdf":
        if not reads_pdf():
            raise FormatError(NEEDS_PDF)
        yield from read_pdf(data)
    elif kind == "alto":
        yield from read_alto(data, file.name)
    elif kind == "hocr":
        yield from read_hocr(data, file.name)
    elif kind == "mets":
        for number, part in enumerate(_alto_of(file, data), start=1):
            yield _read_part(part, number)
    else:
        raise FormatError(f"{NO_PAGES}; publish the pages' text, or a PDF")


def left_out_of(files: Iterable[Path], texts: Iterable[Path]) -> dict[Path, str]:
    """Return a folder's files of printed pages that are not read by themselves, with the reason.

    The reason is empty if nothing is lost, because a METS file includes the file.

    Args:
        files: the files of printed pages in the folder and the folders below it.
        texts: the folder's pages of text and JSON.
    """
    from services.formats.markup import kind_of

    folders = {text.parent for text in texts}
    reasons: dict[Path, str] = {}
    for file in files:
        kind = "pdf" if file.suffix.lower() == PDF else kind_of(file.read_bytes())
        if file.parent in folders:
            reasons[file] = "its folder has pages as text, which are taken"
        elif kind is None:
            reasons[file] = NO_PAGES
        elif kind == "pdf" and not reads_pdf():
            reasons[file] = NEEDS_PDF
        elif kind == "mets":
            reasons |= dict.fromkeys(_named_by(file), "")
    return reasons


def reads_pdf() -> bool:
    """Return whether the extra that reads PDFs is installed."""
    return find_spec("pypdfium2") is not None


def _named_by(file: Path) -> list[Path]:
    try:
        return _alto_of(file, file.read_bytes())
    except FormatError:
        return []


def _alto_of(file: Path, data: bytes) -> list[Path]:
    """Return the ALTO files that a METS file names, in order.

    Raises:
        FormatError: the file is not a METS file, or names a file that is not in its folder.
    """
    from services.formats.alto import alto_files

    folder = file.parent.resolve()
    found = []
    for name in alto_files(data, file.name):
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise FormatError(f"it names {name[:100]!r}, which is not in its folder; put its ALTO files beside it")
        found.append(file.parent / path.relative_to(folder))
    return found


def _read_part(file: Path, number: int) -> FilePage | RefusedPage:
    """Return page `number` of an issue from the page's own ALTO file."""
    from services.formats.alto import read_alto

    try:
        page = next(read_alto(file.read_bytes(), file.name))
    except FormatError as error:
        return RefusedPage(number, str(error))
    if isinstance(page, RefusedPage):
        return RefusedPage(number, f"{file.name}: {page.reason}")
    return FilePage(number, page.text, page.size, page.lines, page.areas)
