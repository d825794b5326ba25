"""A PDF writer for set pages, and its shadow: the same pages whose text layer spells each glyph's serial number.

Both files draw the same glyphs at the same places with the same operators; only the ToUnicode tables differ. So an
extractor reads both in the same order, and the shadow's text tells exactly when it read which glyph.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.pages.typesetting.fonts import Face
    from training.pages.typesetting.typeset import SetLine

SHADOW_FIRST: Final = 0x4E00
SHADOW_COUNT: Final = 0x9FA0 - 0x4E00
KEPT: Final = frozenset(" \t\u3000\u00a0")  # extractors treat blanks specially, so the shadow keeps them
TO_UNICODE_HEAD: Final = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000><FFFF> endcodespacerange"""
TO_UNICODE_TAIL: Final = "endcmap CMapName currentdict /CMap defineresource pop end end"


class PageTooFullError(Exception):
    """A page with more glyphs than its shadow can number."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page ready for drawing: lines in drawing order, grey boxes for photos and frames, size in points."""

    width: float
    height: float
    lines: tuple[SetLine, ...]
    boxes: tuple[tuple[float, float, float, float, bool], ...]  # x, y, width, height, filled
    text_operator: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A glyph drawn with a face: its character, its outline, the font's declared width (ems), its serial number."""

    char: str
    outline: int
    width: float
    serial: int


@dataclass(slots=True)
class Objects:
    """The numbered objects of a file: the first two are the catalogue and the page tree, written at the end."""

    bodies: list[bytes] = field(default_factory=lambda: [b"", b""])

    def add(self, body: str) -> int:
        """Add an object, and return its number."""
        self.bodies.append(body.encode())
        return len(self.bodies)

    def stream(self, data: bytes, entries: str = "", *, packed: bool = False) -> int:
        """Add a compressed stream, and return its number; `packed` data is already compressed."""
        data = data if packed else zlib.compress(data, 6)
        head = f"<</Length {len(data)}{entries}/Filter/FlateDecode>>stream\n"
        self.bodies.append(head.encode() + data + b"\nendstream")
        return len(self.bodies)

    def file(self, pages: Sequence[int]) -> bytes:
        """Return the complete file with these page objects."""
        kids = " ".join(f"{page} 0 R" for page in pages)
        self.bodies[0] = b"<</Type/Catalog/Pages 2 0 R>>"
        self.bodies[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()
        out = bytearray(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
        table = [f"xref\n0 {len(self.bodies) + 1}\n0000000000 65535 f \n"]
        for number, body in enumerate(self.bodies, 1):
            table.append(f"{len(out):010d} 00000 n \n")
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        end = f"trailer<</Size {len(self.bodies) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
        return bytes(out) + "".join(table).encode() + end.encode()


def write_pdf(sheets: Sequence[Sheet], faces: Mapping[str, Face], *, shadow: bool) -> bytes:
    """Return the pages as a PDF; with `shadow`, its text layer has serial numbers of glyphs instead of characters.

    Raises:
        PageTooFullError: a page holds more than SHADOW_COUNT glyphs.
    """
    objects = Objects()
    descriptors = {name: describe(face, objects) for name, face in sorted(faces.items())}
    pages: list[int] = []
    for sheet in sheets:
        content, used = draw(sheet, faces)
        fonts = {
            name: font(name, glyphs, descriptors[name], objects, shadow=shadow) for name, glyphs in sorted(used.items())
        }
        body = objects.stream(content)
        resources = "".join(f"/{name} {number} 0 R" for name, number in fonts.items())
        size = f"{sheet.width:.2f} {sheet.height:.2f}"
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {body} 0 R/Resources<</Font<<{resources}>>>>>>"
        pages.append(objects.add(page))
    return objects.file(pages)


def describe(face: Face, objects: Objects) -> int:
    """Return the number of the face's descriptor, and embed its program."""
    program = objects.stream(face.program, f"/Length1 {face.length}", packed=True)
    box = " ".join(map(str, face.box))
    return objects.add(
        f"<</Type/FontDescriptor/FontName/AAAAAA+{face.name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {face.ascent}"
        f"/Descent {face.descent}/CapHeight 700/StemV 80/FontFile2 {program} 0 R>>"
    )


def font(name: str, drawn: Sequence[Drawn], descriptor: int, objects: Objects, *, shadow: bool) -> int:
    """Return the number of a page's font; every drawn glyph has its own code, so that all glyphs differ."""
    outlines = b"\0\0" + b"".join(glyph.outline.to_bytes(2, "big") for glyph in drawn)
    widths = " ".join(str(round(glyph.width * 1000)) for glyph in drawn)
    entries = [
        f"<{code:04X}><{text_of(glyph, shadow=shadow).encode('utf-16-be').hex()}>"
        for code, glyph in enumerate(drawn, 1)
    ]
    blocks = [entries[k : k + 100] for k in range(0, len(entries), 100)]
    parts = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    to_unicode = objects.stream("\n".join([TO_UNICODE_HEAD, *parts, TO_UNICODE_TAIL]).encode())
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    cid = objects.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+{name}{system}/FontDescriptor {descriptor} 0 R"
        f"/DW 1000/W[1[{widths}]]/CIDToGIDMap {objects.stream(outlines)} 0 R>>"
    )
    return objects.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+{name}/Encoding/Identity-H/DescendantFonts[{cid} 0 R]"
        f"/ToUnicode {to_unicode} 0 R>>"
    )


def text_of(glyph: Drawn, *, shadow: bool) -> str:
    """Return what the text layer says about a glyph."""
    return chr(SHADOW_FIRST + glyph.serial) if shadow and glyph.char not in KEPT else glyph.char


def draw(sheet: Sheet, faces: Mapping[str, Face]) -> tuple[bytes, dict[str, list[Drawn]]]:
    """Return the page's operators, and the glyphs drawn with each face in the order of their codes."""
    out = [
        f"0.85 g 0.4 w {x:.1f} {sheet.height - y - height:.1f} {width:.1f} {height:.1f} re {'f' if filled else 'S'}"
        for x, y, width, height, filled in sheet.boxes
    ]
    out.append("0 g")
    used: dict[str, list[Drawn]] = {}
    serial = 0
    for line in sheet.lines:
        placed: list[Placed] = []
        for glyph, offset, width in zip(line.glyphs, line.offsets, line.declared, strict=True):
            name = face_for(glyph.char, line.fount.face, faces)
            glyphs = used.setdefault(name, [])
            glyphs.append(Drawn(glyph.char, faces[name].glyph_of.get(glyph.char, 0), width, serial))
            placed.append(Placed(name, f"{len(glyphs):04X}", offset, width * line.fount.size))
            serial += 1
        out.append(operators(line, placed, sheet.height - line.y, sheet.text_operator))
    if serial > SHADOW_COUNT:
        raise PageTooFullError(f"a page of {serial} glyphs is more than the shadow can number ({SHADOW_COUNT})")
    return "\n".join(out).encode(), used


def face_for(char: str, wanted: str, faces: Mapping[str, Face]) -> str:
    """Return the wanted face, or another face that has the character."""
    candidates = [wanted, *sorted(faces)]
    return next((name for name in candidates if char in faces[name].glyph_of), wanted)


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph's face, its code in hexadecimal, its place from the line's start and its declared width in points."""

    face: str
    code: str
    offset: float
    width: float


def operators(line: SetLine, placed: Sequence[Placed], baseline: float, how: str) -> str:
    """Return a line's text operators: an array for the line, for each unbroken run, or for each character (`how`)."""
    size = line.fount.size
    runs: list[list[Placed]] = []
    for glyph in placed:
        last = runs[-1][-1] if runs else None
        parted = last is None or last.face != glyph.face or how == "character"
        if last and how == "run":
            parted = parted or abs(glyph.offset - last.offset - last.width) > 0.1 * size
        if parted:
            runs.append([glyph])
        else:
            runs[-1].append(glyph)
    out = ["BT"]
    for run in runs:
        shown = f"<{run[0].code}>"
        for a, b in pairwise(run):
            kern = (a.offset + a.width - b.offset) * 1000 / size
            shown += f"{kern:.0f}<{b.code}>" if abs(kern) > 0.5 else f"<{b.code}>"
        shown = shown.replace("><", "")
        out.append(f"/{run[0].face} {size:.2f} Tf 1 0 0 1 {line.x + run[0].offset:.2f} {baseline:.2f} Tm [{shown}] TJ")
    out.append("ET")
    return " ".join(out)
