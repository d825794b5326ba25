"""Alignment: find which glyphs are on which extracted line, by means of the page's shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from training.pages.typesetting.pdf import KEPT, SHADOW_FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.typesetting.typeset import Glyph

INVISIBLE: Final = KEPT | frozenset("\u200b\ufeff")


class AlignmentError(Exception):
    """The shadow was not extracted in the same way as the page, so the truth would be a guess."""


def visible(text: str) -> list[str]:
    """Return the characters that differ from the layout's own blanks."""
    return [ch for ch in text if not ch.isspace() and ch not in INVISIBLE]


def align(text: str, shadow: str, drawn: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return for each line of `text` (split at newlines) the drawn glyphs on it, in extracted order.

    The shadow gives the order in which the glyphs were read. The page gives the line breaks, which may depend on the
    characters. Every character must equal the character of the glyph at its position.

    Raises:
        AlignmentError: the two extractions differ in length or in a character, or a drawn glyph is missing.
    """
    serials = [ord(ch) - SHADOW_FIRST for ch in visible(shadow)]
    lines = [visible(line) for line in text.split("\n")]
    expected = sum(len(visible(g.char)) for g in drawn)
    shown = sum(map(len, lines))
    if not shown == len(serials) == len(set(serials)) == expected:
        raise AlignmentError(f"of {expected} characters drawn the page shows {shown}, its shadow {len(set(serials))}")
    turn = iter(serials)
    out: list[list[Glyph]] = []
    for number, line in enumerate(lines, 1):
        found: list[Glyph] = []
        for ch in line:
            serial = next(turn)
            if not 0 <= serial < len(drawn) or drawn[serial].char != ch:
                raise AlignmentError(f"line {number}: {ch!r} is not the glyph its shadow names")
            found.append(drawn[serial])
        out.append(found)
    return out
