"""Alignment: which glyphs stand on which extracted line, read off the shadow of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.pages.pdf import KEPT, SHADOW_COUNT, SHADOW_FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.typeset import Glyph


class AlignmentError(Exception):
    """The shadow was not extracted as the page was, so the truth would be a guess."""


def is_blank(text: str) -> bool:
    """Nothing but whitespace (as the bench's format defines it)."""
    return not text.strip().strip("\u3000\u00a0\u200b\ufeff\f ")


def visible(text: str) -> list[str]:
    """The characters that can be told from the layout's own blanks."""
    return [ch for ch in text if not ch.isspace() and ch not in KEPT and ch not in "\u200b\ufeff"]


def align(text: str, shadow: str, drawn: Sequence[Glyph]) -> list[list[Glyph]]:
    """For each line of `text` (split at newlines) the drawn glyphs on it, in the order extracted.

    Raises:
        AlignmentError: lines or characters of the two extractions differ, or a drawn glyph is missing or doubled.
    """
    lines, ghosts = text.split("\n"), shadow.split("\n")
    if len(lines) != len(ghosts):
        raise AlignmentError(f"{len(lines)} lines were extracted from the page but {len(ghosts)} from its shadow")
    out: list[list[Glyph]] = []
    seen = 0
    for number, (line, ghost) in enumerate(zip(lines, ghosts, strict=True), 1):
        serials = [ord(ch) - SHADOW_FIRST for ch in visible(ghost)]
        shown = visible(line)
        if len(serials) != len(shown):
            raise AlignmentError(f"line {number} has {len(shown)} characters but its shadow {len(serials)}")
        found: list[Glyph] = []
        for serial, ch in zip(serials, shown, strict=True):
            if not 0 <= serial < min(len(drawn), SHADOW_COUNT) or drawn[serial].char != ch:
                raise AlignmentError(f"line {number}: {ch!r} is not the glyph its shadow names")
            found.append(drawn[serial])
        if not found and not is_blank(line):
            raise AlignmentError(f"line {number} ({line.strip()[:20]!r}) holds nothing that was drawn")
        seen += len(found)
        out.append(found)
    expected = len(visible("".join(g.char for g in drawn)))
    if seen != expected:
        raise AlignmentError(f"{seen} of {expected} drawn characters were extracted")
    return out
