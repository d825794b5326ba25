"""Typesetting: turn text into lines of placed glyphs by the house's rules for breaks, punctuation and spacing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from training.pages.writing.breaks import NEVER_FIRST, NEVER_LAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.writing.house import House

QUOTES: Final = frozenset("“”‘’")
MARKS: Final = frozenset("，。、；：！？")
OPENING: Final = frozenset("“‘（《【〈「『")
HANGING: Final = 1.01  # ems of marks that a line may already have beyond its measure when another mark hangs
MOST_SQUEEZE: Final = 0.12  # ems that a gap may lose so that a line fits
TOKEN: Final = re.compile(r"[A-Za-z0-9.%:/@_+-]{1,12}|[\s\S]")


@dataclass(frozen=True, slots=True)
class Tag:
    """What the truth says about a run of characters; `order` numbers the lines of an article's flow."""

    article: str
    role: str
    kind: str = ""
    para: int = -1
    order: int = -1


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its tag; `starts` marks the first character of a paragraph."""

    char: str
    tag: Tag
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Fount:
    """A face's name and a size in points."""

    face: str
    size: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """Glyphs on a baseline: `offsets` from x in points, y downwards, the font's `declared` widths in ems."""

    glyphs: tuple[Glyph, ...]
    offsets: tuple[float, ...]
    declared: tuple[float, ...]
    width: float
    x: float
    y: float
    fount: Fount

    def at(self, x: float, y: float) -> SetLine:
        """Return the same line at another place."""
        return replace(self, x=x, y=y)

    def ordered(self, order: int) -> SetLine:
        """Return the same line with its number in the article's flow."""
        return replace(self, glyphs=tuple(replace(g, tag=replace(g.tag, order=order)) for g in self.glyphs))


def glyphs(text: str, tag: Tag, *, starts: bool = False) -> list[Glyph]:
    """Return the text as glyphs with a tag; with `starts`, its first visible character is marked."""
    first = next((i for i, ch in enumerate(text) if not ch.isspace()), -1) if starts else -1
    return [Glyph(ch, tag, i == first) for i, ch in enumerate(text)]


def advance(ch: str, house: House) -> float:
    """Return how far the pen moves, in ems."""
    if ch in QUOTES:
        return house.quote_advance
    if ch in MARKS:
        return house.punctuation_advance
    return house.latin_width if ch.isascii() or ch in "·°" else 1.0


def declared(ch: str, house: House) -> float:
    """Return the font's declared width in ems; if it differs from the advance, extractors see gaps or overlaps."""
    if ch in QUOTES:
        return house.quote_declared
    if ch in MARKS:
        return house.punctuation_declared
    return advance(ch, house)


def gap_between(a: str, b: str, house: House) -> float:
    """Return the thin space between Chinese and Latin letters or figures."""
    if house.latin_gap and a.isascii() != b.isascii() and not a.isspace() and not b.isspace():
        cjk = b if a.isascii() else a
        return house.latin_gap if cjk not in NEVER_FIRST and cjk not in NEVER_LAST else 0.0
    return 0.0


def natural_width(text: Sequence[Glyph], house: House) -> float:
    """Return the width of the glyphs without justification, in ems."""
    return sum(advance(g.char, house) for g in text) + sum(
        gap_between(a.char, b.char, house) for a, b in pairwise(text)
    )


def break_lines(text: Sequence[Glyph], measure: float, indent: float, house: House) -> list[tuple[list[Glyph], float]]:
    """Return lines of at most `measure` ems (two more if marks hang), each with its indent."""
    tokens: list[list[Glyph]] = []
    position = 0
    for match in TOKEN.finditer("".join(g.char for g in text)):
        tokens.append(list(text[position : position + len(match[0])]))
        position += len(match[0])
    lines: list[tuple[list[Glyph], float]] = []
    current: list[list[Glyph]] = []
    left = indent
    k = 0
    while k < len(tokens):
        token = tokens[k]
        flat = [g for t in current for g in t]
        room = measure - left
        if not current or natural_width(flat + token, house) <= room + 0.01:
            current.append(token)
            k += 1
            continue
        if token[0].char in NEVER_FIRST:
            if house.hang and natural_width(flat, house) <= room + HANGING:
                current.append(token)
                k += 1
            elif len(current) > 1:
                k -= 1
                current.pop()
        while len(current) > 1 and current[-1][0].char in NEVER_LAST:
            k -= 1
            current.pop()
        lines.append(([g for t in current for g in t], left))
        current, left = [], 0.0
    if current:
        lines.append(([g for t in current for g in t], left))
    return lines


def set_line(
    text: Sequence[Glyph], fount: Fount, house: House, *, fill: float | None = None, tracking: float = 0.0
) -> SetLine:
    """Return a line at the origin, stretched or squeezed to `fill` points, with `tracking` ems between letters."""
    size = fount.size
    offsets: list[float] = []
    pen = 0.0
    for i, g in enumerate(text):
        if i:
            pen += (gap_between(text[i - 1].char, g.char, house) + tracking) * size
        hangs = i == 0 and house.squeeze_opening and g.char in OPENING and fill is not None
        offsets.append(-size / 2 if hangs else pen)
        pen += size / 2 if hangs else advance(g.char, house) * size
    if fill is not None and len(text) > 1:
        slack = max((fill - pen) / (len(text) - 1), -MOST_SQUEEZE * size)
        offsets = [o + slack * i for i, o in enumerate(offsets)]
        pen += slack * (len(text) - 1)
    return SetLine(tuple(text), tuple(offsets), tuple(declared(g.char, house) for g in text), pen, 0.0, 0.0, fount)


def set_paragraph(
    text: Sequence[Glyph], measure: float, fount: Fount, house: House, *, indent: float = 0.0
) -> list[SetLine]:
    """Set a paragraph to `measure` ems; its last line is ragged, the others are justified if the house does so."""
    broken = break_lines(text, measure, indent, house)
    out: list[SetLine] = []
    for number, (line, left) in enumerate(broken):
        width = (measure - left) * fount.size
        justified = house.justify and number < len(broken) - 1
        fill = width if justified or natural_width(line, house) * fount.size > width else None
        out.append(set_line(line, fount, house, fill=fill).at(left * fount.size, 0.0))
    return out


def aligned(line: SetLine, width: float, align: str) -> SetLine:
    """Return the line moved to the left, the centre or the right of a box that begins at zero."""
    slack = width - line.width
    return line.at({"left": 0.0, "center": slack / 2, "right": slack}[align], line.y)


def rows_of(text: str, tag: Tag, width: float, fount: Fount, house: House) -> list[SetLine]:
    """Set short text ragged in as many lines as the width requires, with baselines from zero."""
    ragged = replace(house, justify=False)
    pieces = (set_paragraph(glyphs(t, tag), max(3.0, width / fount.size), fount, ragged) for t in text.split("\n"))
    return [
        line.at(0.0, fount.size * (1 + 1.3 * k)) for k, line in enumerate(line for piece in pieces for line in piece)
    ]


def plain_width(text: str, fount: Fount, house: House) -> float:
    """Return the natural width of a text in points."""
    return natural_width(glyphs(text, Tag("", "")), house) * fount.size
