"""Setting type: text becomes lines of glyphs with places, under the house's rules for breaking, punctuation and spacing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.pages.house import House

NEVER_FIRST: Final = frozenset("。，、；：？！”’）》】〉」』…—·％%℃,.;:!?)]}～")
NEVER_LAST: Final = frozenset("“‘（《【〈「『([{")
QUOTES: Final = frozenset("“”‘’")
MARKS: Final = frozenset("，。、；：！？")
OPENING: Final = frozenset("“‘（《【〈「『")
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
    """One character with its tag; `starts` marks the first of a paragraph."""

    char: str
    tag: Tag
    starts: bool = False


@dataclass(frozen=True, slots=True)
class SetLine:
    """Glyphs on one baseline: `offsets` from x, in points; y runs downwards; `declared` are the widths the font claims, in ems."""

    glyphs: tuple[Glyph, ...]
    offsets: tuple[float, ...]
    declared: tuple[float, ...]
    width: float
    x: float
    y: float
    size: float
    font: str

    def at(self, x: float, y: float) -> SetLine:
        """The same line elsewhere."""
        return replace(self, x=x, y=y)

    def ordered(self, order: int) -> SetLine:
        """The same line with its number in the article's flow."""
        return replace(self, glyphs=tuple(replace(g, tag=replace(g.tag, order=order)) for g in self.glyphs))


def glyphs(text: str, tag: Tag, *, starts: bool = False) -> list[Glyph]:
    """The text as glyphs of one tag; with `starts`, its first visible character is marked."""
    first = next((i for i, ch in enumerate(text) if not ch.isspace()), -1) if starts else -1
    return [Glyph(ch, tag, i == first) for i, ch in enumerate(text)]


def advance(ch: str, house: House) -> float:
    """How far the pen moves, in ems."""
    if ch in QUOTES:
        return house.quote_advance
    if ch in MARKS:
        return house.punctuation_advance
    return house.latin_width if ch.isascii() or ch in "·°" else 1.0


def declared(ch: str, house: House) -> float:
    """The width that the font declares, in ems: where it differs from the advance, extractors see gaps or overlaps."""
    if ch in QUOTES:
        return house.quote_declared
    if ch in MARKS:
        return house.punctuation_declared
    return advance(ch, house)


def gap_between(a: str, b: str, house: House) -> float:
    """The thin space between Chinese and Latin letters or figures."""
    if house.latin_gap and a.isascii() != b.isascii() and not a.isspace() and not b.isspace():
        cjk = b if a.isascii() else a
        return house.latin_gap if cjk not in NEVER_FIRST and cjk not in NEVER_LAST else 0.0
    return 0.0


def natural_width(text: Sequence[Glyph], house: House) -> float:
    """The width of the glyphs without justification, in ems."""
    return sum(advance(g.char, house) for g in text) + sum(
        gap_between(a.char, b.char, house) for a, b in zip(text, text[1:], strict=False)
    )


def break_lines(text: Sequence[Glyph], measure: float, indent: float, house: House) -> list[tuple[list[Glyph], float]]:
    """Lines of at most `measure` ems (one more when a mark hangs), each with its indent: punctuation never opens or closes wrongly."""
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
            if house.hang and natural_width(flat, house) <= room + 0.01:
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
    text: Sequence[Glyph], size: float, font: str, house: House, *, fill: float | None = None, tracking: float = 0.0
) -> SetLine:
    """A line at the origin; `fill` (points) stretches or squeezes it to that width, `tracking` (ems) spreads its letters."""
    offsets: list[float] = []
    pen = 0.0
    for i, g in enumerate(text):
        if i:
            pen += gap_between(text[i - 1].char, g.char, house) * size + tracking * size
        if i == 0 and house.squeeze_opening and g.char in OPENING and fill is not None:
            offsets.append(-size / 2)
            pen += size / 2
            continue
        offsets.append(pen)
        pen += advance(g.char, house) * size
    if fill is not None and len(text) > 1:
        slack = (fill - pen) / (len(text) - 1)
        slack = max(slack, -0.12 * size)
        offsets = [o + slack * i for i, o in enumerate(offsets)]
        pen += slack * (len(text) - 1)
    return SetLine(tuple(text), tuple(offsets), tuple(declared(g.char, house) for g in text), pen, 0.0, 0.0, size, font)


def set_paragraph(
    text: Sequence[Glyph], measure: float, size: float, font: str, house: House, *, indent: float = 0.0
) -> list[SetLine]:
    """A paragraph set to `measure` ems, its last line ragged, every other justified when the house does so."""
    broken = break_lines(text, measure, indent, house)
    out: list[SetLine] = []
    for number, (line, left) in enumerate(broken):
        width = (measure - left) * size
        last = number == len(broken) - 1
        natural = natural_width(line, house) * size
        fill = width if (house.justify and not last) or natural > width else None
        out.append(set_line(line, size, font, house, fill=fill).at(left * size, 0.0))
    return out


def aligned(line: SetLine, left: float, width: float, align: str) -> SetLine:
    """The line moved to the left, the centre or the right of a box."""
    slack = {"left": 0.0, "center": (width - line.width) / 2, "right": width - line.width}[align]
    return line.at(left + slack, line.y)


def extent(lines: Iterable[SetLine]) -> float:
    """The right edge of the widest line."""
    return max((line.x + line.width for line in lines), default=0.0)
