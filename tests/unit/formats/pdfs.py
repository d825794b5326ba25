"""Tiny PDFs written by hand: text with a character map, pictures, rules, and what can be wrong with a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `y` is its baseline's, from the bottom. `scaled`: set at size 1, and scaled by the matrix."""

    text: str
    x: float
    y: float
    size: float
    scaled: bool = False


def pdf(  # each part of a file may matter to a test
    *pages: Sequence[Line],
    drawn: str = "",
    mapped: bool = True,
    rotate: int = 0,
    encrypted: bool = False,
    size: tuple[int, int] = (400, 600),
) -> bytes:
    """Return a PDF whose fonts have no outlines: a code for every character, one em wide.

    Args:
        pages: the lines of each page.
        drawn: operators that every page draws first.
        mapped: whether the font says which characters its codes are.
        rotate: by how many degrees pages are shown turned.
        encrypted: whether the file asks for a password.
        size: width and height of the pages.
    """
    characters = sorted({character for lines in pages for line in lines for character in line.text})
    code = {character: number for number, character in enumerate(characters, start=1)}
    kids = " ".join(f"{7 + 2 * k} 0 R" for k in range(len(pages)))
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        (
            f"<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[4 0 R]"
            f"{'/ToUnicode 5 0 R' if mapped else ''}>>"
        ),
        (
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Test/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            "/Supplement 0>>/DW 1000/FontDescriptor 6 0 R>>"
        ),
        _stream(_to_unicode(code)),
        (
            "<</Type/FontDescriptor/FontName/Test/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0"
            "/Ascent 880/Descent -120/CapHeight 700/StemV 80>>"
        ),
    ]
    for lines in pages:
        content = "\n".join([drawn, *(_shown(line, code) for line in lines)])
        bodies.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]/Rotate {rotate}"
            f"/Contents {len(bodies) + 2} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        )
        bodies.append(_stream(content))
    return _file(bodies, encrypted=encrypted)


def _shown(line: Line, code: dict[str, int]) -> str:
    codes = "".join(f"{code[character]:04X}" for character in line.text)
    if line.scaled:
        return f"BT /F 1 Tf {line.size} 0 0 {line.size} {line.x} {line.y} Tm <{codes}> Tj ET"
    return f"BT /F {line.size} Tf {line.x} {line.y} Td <{codes}> Tj ET"


def _to_unicode(code: dict[str, int]) -> str:
    entries = [f"<{number:04X}> <{character.encode('utf-16-be').hex()}>" for character, number in code.items()]
    blocks = [entries[k : k + 100] for k in range(0, len(entries), 100)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Test def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\nendcmap end end"
    )


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>stream\n{content}\nendstream"


def _file(bodies: Sequence[str], *, encrypted: bool) -> bytes:
    out = bytearray(b"%PDF-1.6\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    lock = "00" * 32
    encrypt = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{lock}>/U<{lock}>/P -4>>/ID[<00><00>]" if encrypted else ""
    end = f"trailer<</Size {len(bodies) + 1}/Root 1 0 R{encrypt}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}".encode() + end.encode()
