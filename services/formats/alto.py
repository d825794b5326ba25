"""Read pages from ALTO files, versions 2 to 4 (https://www.loc.gov/standards/alto/).

It also reads the names of ALTO files from a METS file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.formats.markup import local, parse_xml
from services.formats.page import Area, FilePage, FormatError, PlacedLine, RefusedPage, one_line, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

AREAS: Final = {"Illustration": "image", "GraphicalElement": "rule"}
XLINK: Final = "{http://www.w3.org/1999/xlink}href"


def read_alto(data: bytes, name: str = "ALTO") -> Iterator[FilePage | RefusedPage]:
    """Yield the pages of an ALTO file, one after the other.

    A line is a TextLine. A page without text is refused.

    Args:
        data: the content of the file.
        name: the file's name in messages.

    Raises:
        FormatError: the file is not ALTO.
    """
    root = parse_xml(data, name)
    if local(root.tag) != "alto":
        raise FormatError(f"{name}: the root element is {local(root.tag)}, not alto")
    sizes = {e.get("ID", ""): _number(e, "FONTSIZE") for e in root.iter() if local(e.tag) == "TextStyle"}
    pages = [e for e in root.iter() if local(e.tag) == "Page"]
    if not pages:
        raise FormatError(f"{name}: no Page element")
    for number, page in enumerate(pages, 1):
        yield _page(page, number, sizes)


def _page(page: Element, number: int, sizes: dict[str, float]) -> FilePage | RefusedPage:
    texts: list[str] = []
    lines: list[PlacedLine | None] = []
    areas: list[Area] = []
    for element in page.iter():
        kind = local(element.tag)
        if kind in AREAS:
            areas.append(Area("image" if AREAS[kind] == "image" else "rule", _box(element)))
        if kind != "TextLine":
            continue
        text = one_line("".join(_words(element)))
        texts.append(text)
        box = _box(element)
        size = sizes.get((element.get("STYLEREFS") or "").split(" ")[0], 0.0) or box[3]
        lines.append((*box, round(size, 1)) if text.strip() else None)
    if not any(lines):
        return RefusedPage(number, f"page {number} has no text; run text recognition over its image first")
    return FilePage(
        number, "\n".join(texts), (_number(page, "WIDTH"), _number(page, "HEIGHT")), tuple(lines), tuple(areas)
    )


def _words(line: Element) -> Iterator[str]:
    for element in line.iter():
        kind = local(element.tag)
        if kind == "String":
            yield element.get("CONTENT", "")
        elif kind == "SP":
            yield " "
        elif kind == "HYP":
            yield element.get("CONTENT", "-")


def _number(element: Element, name: str) -> float:
    try:
        return float(element.get(name) or 0)
    except ValueError:
        return 0.0


def _box(element: Element) -> tuple[float, float, float, float]:
    return rounded(
        (_number(element, "HPOS"), _number(element, "VPOS"), _number(element, "WIDTH"), _number(element, "HEIGHT"))
    )


def alto_files(data: bytes, name: str = "METS") -> list[str]:
    """Return the paths of the ALTO files that a METS file names, relative to it, in the order of its file section.

    Raises:
        FormatError: the file is not METS, or it names no ALTO file.
    """
    root = parse_xml(data, name)
    if local(root.tag) != "mets":
        raise FormatError(f"{name}: the root element is {local(root.tag)}, not mets")
    found = [
        (place.get(XLINK) or "").removeprefix("file://").removeprefix("./")
        for group in root.iter()
        if local(group.tag) == "fileGrp" and "alto" in " ".join((group.get("ID", ""), group.get("USE", ""))).lower()
        for place in group.iter()
        if local(place.tag) == "FLocat"
    ]
    if not any(found):
        raise FormatError(f"{name}: no file group of ALTO files")
    return [path for path in found if path]
