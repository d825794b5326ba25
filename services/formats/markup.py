"""Parse XML and HTML from outside; the file cannot make the parser load anything else."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from services.formats.page import FormatError

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD_BYTES = 4096


def parse_xml(data: bytes, name: str) -> ET.Element:
    """Return the root of an XML file.

    Raises:
        FormatError: the file is not well-formed, or it declares a document type or entities. ALTO and METS never need
            entities, and entities can make a small file huge.
    """
    if _DECLARATION.search(data):
        raise FormatError(f"{name}: the file declares a document type or entities; remove the declaration")
    try:
        return ET.fromstring(data)  # noqa: S314  # declarations were refused above
    except ET.ParseError as error:
        raise FormatError(f"{name}: not well-formed XML: {error}") from None


def local(tag: str) -> str:
    """Return a tag without its namespace; the namespace differs between versions of a format."""
    return tag.rpartition("}")[2]


def kind_of(data: bytes) -> str | None:
    """Return the format of a file: "alto", "mets", "hocr" or "pdf"; None for anything else."""
    head = data[:_HEAD_BYTES]
    if b"%PDF" in head[:1024]:
        return "pdf"
    if re.search(rb"<(?:\w+:)?alto[\s>]", head):
        return "alto"
    if re.search(rb"<(?:\w+:)?mets[\s>]", head):
        return "mets"
    if b"ocr_page" in data or b"ocr-system" in head:
        return "hocr"
    return None
