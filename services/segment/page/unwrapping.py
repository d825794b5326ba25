"""Joins wrapped lines into running text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from services.text.spacing import is_torn

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLANKS = re.compile(r"[\s\u3000\xa0\u200b\ufeff\x00-\x1f]+")
_WORD = r"A-Za-z0-9@#$%&+/.,:;!?'\"()\-"
_STRAY = re.compile(f"(?<![{_WORD}]) | (?![{_WORD}])")
_APART_DIGITS = re.compile(r"(?<![A-Za-z0-9])\d(?: \d){2,}(?![A-Za-z0-9])")
_DIGITS = re.compile(r"(?<=\d) (?=\d)")


def tidy(text: str) -> str:
    """Return a printed line that keeps blanks only between Latin words or numbers."""
    text = _BLANKS.sub(" ", text).strip()
    if " " not in text:
        return text
    text = _STRAY.sub("", text)
    return _APART_DIGITS.sub(lambda m: m.group().replace(" ", ""), text)


def join_lines(lines: Iterable[str]) -> str:
    """Join the lines of a paragraph into running text.

    A break inside Chinese text or inside a number leaves nothing. A break between Latin words becomes a space, unless
    the line ends in a hyphen.
    """
    joined = ""
    for line in lines:
        piece = tidy(line)
        if not piece:
            continue
        if joined and joined[-1].isascii() and piece[0].isascii() and joined[-1].isalpha() and piece[0].isalnum():
            joined += " "
        joined += piece
    return joined


def join_heading(lines: Iterable[str]) -> str:
    """Join the lines of a headline. A printed pause becomes one space. Letters set apart are closed up."""
    pieces = []
    for line in lines:
        words = _BLANKS.sub(" ", line).strip().split(" ")
        spread = len(words) >= 3 and sum(len(w) for w in words) <= 1.6 * len(words)  # noqa: PLR2004
        pieces.append("".join(words) if spread else _close(words))
    return join_lines(pieces) if len(pieces) > 1 and all(" " not in p for p in pieces) else " ".join(pieces).strip()


def _close(words: list[str]) -> str:
    """Join the words of a headline line, with a space only where a pause separates phrases."""
    text = words[0]
    for left, right in pairwise(words):
        pause = len(left) > 2 and len(right) > 2 and left[-1] not in "“‘《（·—：" and right[0] not in "”’》），。：、·—"  # noqa: PLR2004
        text += (" " if pause and not is_torn(left, right) else "") + right
    return text
