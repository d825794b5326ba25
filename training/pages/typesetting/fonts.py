"""Fonts: TrueType faces from Debian's packages, reduced to the characters of a run."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

FACES: Final = {
    "song": ("/usr/share/fonts/truetype/arphic/uming.ttc", 0, "fonts-arphic-uming"),
    "hei": ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0, "fonts-wqy-zenhei"),
    "micro": ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0, "fonts-wqy-microhei"),
}
UNUSED_TABLES: Final = [
    *("vhea", "vmtx", "GSUB", "GPOS", "GDEF", "VORG", "BASE"),
    *("EBDT", "EBLC", "kern", "morx", "FFTM"),
]


class MissingFontError(Exception):
    """A font whose package is not installed."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font program reduced to the characters of a run, and the glyph of each character."""

    name: str
    program: bytes
    length: int
    glyph_of: dict[str, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


def load_face(name: str, characters: Iterable[str]) -> Face:
    """Return the named face with only the glyphs of `characters`.

    Raises:
        MissingFontError: the font's package is not installed.
    """
    path, number, package = FACES[name]
    if not Path(path).exists():
        raise MissingFontError(f"no font at {path}: install the Debian package {package}")
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # it warns about each table it drops
    buffer = BytesIO()
    with TTFont(path, fontNumber=number, lazy=True) as font:
        options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, hinting=False, glyph_names=False)
        options.drop_tables += UNUSED_TABLES
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(set(characters) | {" "})))
        cutter.subset(font)
        font.save(buffer)
        order = {glyph: i for i, glyph in enumerate(font.getGlyphOrder())}
        codes = font.getBestCmap()
        head, hhea = font["head"], font["hhea"]
        scale = 1000 / head.unitsPerEm
        return Face(
            name=name,
            program=zlib.compress(buffer.getvalue(), 6),
            length=len(buffer.getvalue()),
            glyph_of={chr(code): order[glyph] for code, glyph in codes.items()},
            ascent=round(hhea.ascent * scale),
            descent=round(hhea.descent * scale),
            box=(
                round(head.xMin * scale),
                round(head.yMin * scale),
                round(head.xMax * scale),
                round(head.yMax * scale),
            ),
        )
