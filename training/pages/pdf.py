"""A PDF writer for set pages, and its shadow: the same pages whose text layer spells each glyph's serial number.

Both files draw the same glyphs at the same places with the same operators; only the ToUnicode tables differ. An extractor
therefore breaks and joins the lines of both alike, and the shadow's text tells exactly which glyph went where.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.pages.typeset import SetLine

FACES: Final = {
    "song": ("/usr/share/fonts/truetype/arphic/uming.ttc", 0, "fonts-arphic-uming"),
    "hei": ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0, "fonts-wqy-zenhei"),
    "micro": ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0, "fonts-wqy-microhei"),
}
SHADOW_FIRST: Final = 0x4E00
SHADOW_COUNT: Final = 0x9FA0 - 0x4E00
KEPT: Final = frozenset(" \t\u3000\u00a0")  # extractors treat blanks by what they are, so the shadow keeps them


class TypesettingError(Exception):
    """A page that cannot be drawn: a missing font or too many glyphs."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font program cut down to the characters of one run, and the glyph of each."""

    name: str
    program: bytes
    length: int
    glyph_of: dict[str, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


def load_face(name: str, characters: Iterable[str]) -> Face:
    """The named face with only the glyphs of `characters`.

    Raises:
        TypesettingError: the font's package is not installed.
    """
    path, number, package = FACES[name]
    try:
        font = TTFont(path, fontNumber=number, lazy=True)
    except OSError as error:
        raise TypesettingError(f"no font at {path}: install the Debian package {package}") from error
    options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, hinting=False, glyph_names=False)
    options.drop_tables += [
        "vhea",
        "vmtx",
        "GSUB",
        "GPOS",
        "GDEF",
        "VORG",
        "BASE",
        "EBDT",
        "EBLC",
        "kern",
        "morx",
        "BDF ",
        "FFTM",
    ]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(set(characters) | {" "})))
    cutter.subset(font)
    scale = 1000 / font["head"].unitsPerEm
    buffer = BytesIO()
    font.save(buffer)
    data = buffer.getvalue()
    order = {glyph: i for i, glyph in enumerate(font.getGlyphOrder())}
    head, hhea = font["head"], font["hhea"]
    return Face(
        name=name,
        program=zlib.compress(data, 6),
        length=len(data),
        glyph_of={chr(code): order[glyph] for code, glyph in font.getBestCmap().items()},
        ascent=round(hhea.ascent * scale),
        descent=round(hhea.descent * scale),
        box=(round(head.xMin * scale), round(head.yMin * scale), round(head.xMax * scale), round(head.yMax * scale)),
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page ready to be drawn: lines in drawing order, grey boxes for photos and frames, size in points."""

    width: float
    height: float
    lines: tuple[SetLine, ...]
    boxes: tuple[tuple[float, float, float, float, bool], ...]  # x, y, width, height, filled
    text_operator: str


def write_pdf(sheets: Sequence[Sheet], faces: Mapping[str, Face], *, shadow: bool) -> bytes:
    """The pages as a PDF; with `shadow`, the text layer holds serial numbers (page-wide, in drawing order) instead of characters."""
    objects: list[bytes] = [b"", b""]  # catalogue and page tree come first

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(data: bytes, extra: str = "") -> bytes:
        packed = zlib.compress(data, 6)
        return f"<</Length {len(packed)}/Filter/FlateDecode{extra}>>stream\n".encode() + packed + b"\nendstream"

    descriptors: dict[str, int] = {}
    for name, face in sorted(faces.items()):
        program = add(
            f"<</Length {len(face.program)}/Length1 {face.length}/Filter/FlateDecode>>stream\n".encode()
            + face.program
            + b"\nendstream"
        )
        box = " ".join(map(str, face.box))
        descriptors[name] = add(
            f"<</Type/FontDescriptor/FontName/AAAAAA+{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {face.ascent}"
            f"/Descent {face.descent}/CapHeight 700/StemV 80/FontFile2 {program} 0 R>>".encode()
        )
    kids: list[int] = []
    for sheet in sheets:
        content, codes = draw(sheet, faces)
        fonts: list[str] = []
        for name, used in sorted(codes.items()):
            gids, widths, unicode = bytearray(2), [], []
            for code, (char, gid, width, serial) in enumerate(used, 1):
                gids += gid.to_bytes(2, "big")
                widths.append(str(round(width * 1000)))
                value = char if not shadow or char in KEPT else chr(SHADOW_FIRST + serial)
                unicode.append(f"<{code:04X}><{value.encode('utf-16-be').hex()}>")
            table = add(stream(bytes(gids)))
            to_unicode = add(stream(cmap(unicode)))
            cid = add(
                f"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                f"/FontDescriptor {descriptors[name]} 0 R/DW 1000/W[1[{' '.join(widths)}]]/CIDToGIDMap {table} 0 R>>".encode()
            )
            font = add(
                f"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+{name}/Encoding/Identity-H/DescendantFonts[{cid} 0 R]/ToUnicode {to_unicode} 0 R>>".encode()
            )
            fonts.append(f"/{name} {font} 0 R")
        body = add(stream(content))
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {sheet.width:.2f} {sheet.height:.2f}]/Contents {body} 0 R"
                f"/Resources<</Font<<{''.join(fonts)}>>>>>>".encode()
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{k} 0 R' for k in kids)}]>>".encode()
    return assemble(objects)


def assemble(objects: Sequence[bytes]) -> bytes:
    """The file made of numbered objects, the first being the catalogue."""
    out = bytearray(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def cmap(entries: Sequence[str]) -> bytes:
    """A ToUnicode table of two-byte codes."""
    parts = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def"
        " /CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000><FFFF> endcodespacerange"
    ]
    for k in range(0, len(entries), 100):
        block = entries[k : k + 100]
        parts.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar")
    parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(parts).encode()


def draw(sheet: Sheet, faces: Mapping[str, Face]) -> tuple[bytes, dict[str, list[tuple[str, int, float, int]]]]:
    """The page's operators, and for each face the glyphs drawn with it as (character, glyph id, declared width, serial)."""
    out: list[str] = []
    for x, y, width, height, filled in sheet.boxes:
        out.append(
            f"0.85 g 0.4 w {x:.1f} {sheet.height - y - height:.1f} {width:.1f} {height:.1f} re {'f' if filled else 'S'}"
        )
    out.append("0 g")
    codes: dict[str, list[tuple[str, int, float, int]]] = {}
    serial = 0
    for line in sheet.lines:
        baseline = sheet.height - line.y
        placed: list[tuple[str, str, float]] = []  # face, code, offset
        for glyph, offset, width in zip(line.glyphs, line.offsets, line.declared, strict=True):
            name = (
                line.fount.face
                if glyph.char in faces[line.fount.face].glyph_of
                else fallback(glyph.char, faces, line.fount.face)
            )
            used = codes.setdefault(name, [])
            used.append((glyph.char, faces[name].glyph_of.get(glyph.char, 0), width, serial))
            placed.append((name, f"{len(used):04X}", offset))
            serial += 1
        out.append(operators(line, placed, baseline, sheet.text_operator))
    if serial > SHADOW_COUNT or any(len(used) > 65000 for used in codes.values()):
        raise TypesettingError(f"a page of {serial} glyphs is more than the shadow can number ({SHADOW_COUNT})")
    return "\n".join(out).encode(), codes


def fallback(char: str, faces: Mapping[str, Face], wanted: str) -> str:
    """A face that has the character, or the wanted one."""
    return next((name for name, face in sorted(faces.items()) if char in face.glyph_of), wanted)


def operators(line: SetLine, placed: Sequence[tuple[str, str, float]], baseline: float, how: str) -> str:
    """The text operators of one line: one array for the line, one for each run of a face, or one string for each character."""
    out: list[str] = ["BT"]
    runs: list[list[int]] = []
    for i, (name, _, offset) in enumerate(placed):
        new = not runs or placed[runs[-1][-1]][0] != name or how == "character"
        if not new and how == "run":
            previous = runs[-1][-1]
            gap = offset - placed[previous][2] - line.declared[previous] * line.fount.size
            new = abs(gap) > 0.1 * line.fount.size
        if new:
            runs.append([i])
        else:
            runs[-1].append(i)
    for run in runs:
        name, _, offset = placed[run[0]]
        pieces: list[str] = []
        for a, b in zip(run, [*run[1:], None], strict=True):
            pieces.append(f"<{placed[a][1]}>")
            if b is not None:
                kern = (placed[a][2] + line.declared[a] * line.fount.size - placed[b][2]) * 1000 / line.fount.size
                if abs(kern) > 0.5:
                    pieces.append(f"{kern:.0f}")
        out.append(
            f"/{name} {line.fount.size:.2f} Tf 1 0 0 1 {line.x + offset:.2f} {baseline:.2f} Tm [{''.join(pieces)}] TJ"
        )
    out.append("ET")
    return " ".join(out).replace("><", "")
