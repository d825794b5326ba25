"""Clean a page's raw lines once, for all later steps, and keep the numbers of the raw lines.

An extractor damages text in two ways. It disguises characters (radicals, invisible characters, bold drawn twice, blanks
between characters); this module corrects them. It loses characters (glyphs without a code, bytes that were not a
character); they become `HOLE`, and the line says how many of its characters could not be read. A line is a line of the
page's text, split at line feeds. Cleaning never moves a line (docs/decisions/0010-clean-text.md).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from services.text.doubling import MOST_TIMES, is_again, printed_once
from services.text.glyphs import (
    FOLDS,
    HOLE,
    INVISIBLE,
    INVISIBLES,
    KINDS_OF_FOLD,
    PRIVATE,
    RADICAL,
    SURROGATES,
    SYMBOLS,
)
from services.text.normal import simplified, traditional
from services.text.spacing import closed_up, is_spread, mended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CODE, PRIVATE_USE, REPLACEMENT = "glyph-codes", "private-use", "replacement-characters"
HIDDEN, DOUBLED, AGAIN, SPREAD = "invisible-characters", "doubled", "repeated-lines", "spread"

REMEMBERED: Final = 32
LEAST_SPREAD_LINES: Final = 3
FULL_LINE: Final = 6
"""Fewest visible characters of a line that counts when deciding whether the page is spread."""
LONGEST: Final = 2000
"""Most characters of a line that is searched for doubling and blanks. No printed line has more."""

_CODE: Final = re.compile(r"\(\s*cid\s*:\s*\d+\s*\)", re.IGNORECASE)
_LOST: Final = re.compile(f"[{HOLE}{SURROGATES}]")
_PRIVATE: Final = re.compile(f"[{PRIVATE}]")
_SYMBOL: Final = re.compile(rf"^[{SYMBOLS}]+\s*|(?<=\s)[{SYMBOLS}]+")
_BULLET: Final = re.compile(
    rf"^(?:[{PRIVATE}]{{1,2}}(?![{PRIVATE}])\s*|{_CODE.pattern}\s+)|(?<=\s)[{SYMBOLS}]+", re.IGNORECASE
)
_ORNAMENT: Final = re.compile(rf"(?<=[。！？…”’）\s])[{PRIVATE}]+(?=\s|$)")
_SUSPECT: Final = re.compile(f"[{HOLE}{SURROGATES}{PRIVATE}{INVISIBLE}]")
_AGAIN: Final = re.compile(r"(\S)\s*\1")
_ENDS: Final = tuple("。！？…”’）)】》")


@dataclass(frozen=True, slots=True)
class CleanLine:
    """A line as later steps see it.

    Attributes:
        numbers: numbers of the raw lines it was made from, 1-based; several if a line was printed over itself.
        text: the cleaned text, with its indent.
        unread: how many characters could not be read.
        kinds: the kinds of damage found, sorted.
    """

    numbers: tuple[int, ...]
    text: str
    unread: int = 0
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with the text of a page or an issue.

    Attributes:
        unread: characters that could not be read.
        lines: lines in which something was corrected or could not be read.
        kinds: each kind of damage with the number of lines that have it, sorted.
    """

    unread: int = 0
    lines: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


NO_DAMAGE: Final = Damage()


@lru_cache(maxsize=REMEMBERED)
def clean_page(text: str) -> tuple[CleanLine, ...]:
    """Return the cleaned lines of a page in order, blank lines included; the same text gives the same lines."""
    lines = [CleanLine((number,), raw) for number, raw in enumerate(text.split("\n"), 1)]
    suspects = {character for character in set(text) if _is_suspect(character)}
    if suspects or _CODE.search(text):
        folds = _folds_for(text, {character for character in suspects if ord(character) in FOLDS})
        before = ""
        for place, line in enumerate(lines):
            if not suspects.isdisjoint(line.text) or "(" in line.text:
                lines[place] = _readable(line.numbers[0], line.text, before, folds)
            before = lines[place].text
    return tuple(_merged(_closed(_undoubled(lines))))


def damage_of(lines: Iterable[CleanLine]) -> Damage:
    """Return what was wrong with `lines` together."""
    kinds: Counter[str] = Counter()
    unread = damaged = 0
    for line in lines:
        unread += line.unread
        damaged += len(line.numbers) if line.kinds else 0
        kinds.update(line.kinds)
    return Damage(unread, damaged, tuple(sorted(kinds.items())))


@lru_cache(maxsize=2**16)
def _is_suspect(character: str) -> bool:
    return ord(character) in FOLDS or _SUSPECT.match(character) is not None


def _folds_for(text: str, folded: set[str]) -> Mapping[int, str]:
    """Return what to read for the characters `folded` of `text`.

    On a page in simplified characters ⼾ is 户, elsewhere 戶.
    """
    if not folded:
        return {}
    others = "".join(sorted(set(text) - folded))
    is_simplified = simplified(others) == others and traditional(others) != others
    folds = {ord(one): FOLDS[ord(one)] for one in folded}
    if is_simplified:
        radicals = [one for one in folded if one in KINDS_OF_FOLD[RADICAL]]
        folds |= {ord(one): simplified(folds[ord(one)]).replace("靑", "青") for one in radicals}
    return folds


def _readable(number: int, raw: str, before: str, folds: Mapping[int, str]) -> CleanLine:
    """Return a line whose every character is a printed character or a hole."""
    kinds = {kind for kind, table in KINDS_OF_FOLD.items() if any(character in table for character in raw)}
    text = INVISIBLES.sub("", raw)
    if text != raw:
        kinds.add(HIDDEN)
    text = text.translate(folds)
    unread = 0
    for kind, pattern in ((CODE, _CODE), (REPLACEMENT, _LOST), (PRIVATE_USE, _PRIVATE)):
        found = len(pattern.findall(text))
        if found:
            unread += found
            kinds.add(kind)
    if unread:
        text = _with_holes(text, fresh=not before.strip() or before.rstrip().endswith(_ENDS))
    return CleanLine((number,), text, unread, tuple(sorted(kinds)))


def _with_holes(text: str, *, fresh: bool) -> str:
    """Return `text` with a hole for each unreadable character, without characters that can only be bullets.

    `fresh` says that the line begins something new. Then unreadable characters before its first character are a bullet.
    """
    rest = text.lstrip()
    indent = text[: len(text) - len(rest)]
    bare = _ORNAMENT.sub("", (_BULLET if fresh else _SYMBOL).sub("", rest))
    return indent + _PRIVATE.sub(HOLE, _LOST.sub(HOLE, _CODE.sub(HOLE, bare if bare.strip() else rest)))


def _undoubled(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """Return the lines with each bold character once.

    A short line next to a line with doubled characters is corrected too.
    """
    found: list[CleanLine] = []
    doubtful: list[int] = []
    for place, line in enumerate(lines):
        if len(line.text) > LONGEST or (_AGAIN.search(line.text) is None and len(line.text) < FULL_LINE * 2):
            found.append(line)
            continue
        once = printed_once(line.text)
        if once != line.text:
            found.append(_with(line, once, DOUBLED))
        else:
            found.append(line)
            doubtful.append(place)
    if len(doubtful) == len(lines) or not any(DOUBLED in line.kinds for line in found):
        return found
    for place in doubtful:
        if any(DOUBLED in found[near].kinds for near in _beside(lines, place)):
            once = printed_once(lines[place].text, beside=True)
            if once != lines[place].text:
                found[place] = _with(lines[place], once, DOUBLED)
    return found


def _beside(lines: Sequence[CleanLine], place: int) -> list[int]:
    """Return the places of the lines before and after the line at `place`, skipping blank lines."""
    near = []
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(lines) and not lines[at].text.strip():
            at += step
        if 0 <= at < len(lines):
            near.append(at)
    return near


def _closed(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """Return the lines without blanks inside their words and numbers.

    If most lines of a page are spread, all blanks between characters are removed from its spread lines. A spread line
    on any other page is a headline set wide: only the blanks inside its numbers are removed.
    """
    full = [line for line in lines if sum(map(len, line.text.split())) >= FULL_LINE]
    spread = sum(is_spread(line.text) for line in full)
    everywhere = spread >= LEAST_SPREAD_LINES and spread * 2 > len(full)
    found = []
    for line in lines:
        inside = " " in line.text.strip() or "\xa0" in line.text or "\u3000" in line.text.strip()
        if len(line.text) > LONGEST or not (inside or everywhere):
            found.append(line)
            continue
        text = closed_up(line.text) if everywhere and is_spread(line.text) else mended(line.text)
        found.append(_with(line, text, SPREAD) if text != line.text else line)
    return found


def _merged(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """Return the lines, with each line that was printed over the line before merged into that line.

    Bold is drawn at most `MOST_TIMES` times. A line that is repeated more often belongs to a table or a pattern, and
    its copies stay separate.
    """
    found: list[CleanLine] = []
    for line in lines:
        if found and line.text.strip() and is_again(line.text, found[-1].text):
            one = found[-1]
            kinds = tuple(sorted({*one.kinds, *line.kinds, AGAIN}))
            found[-1] = replace(one, numbers=one.numbers + line.numbers, unread=one.unread + line.unread, kinds=kinds)
        else:
            found.append(line)
    if all(len(line.numbers) <= MOST_TIMES for line in found):
        return found
    often = {number for line in found if len(line.numbers) > MOST_TIMES for number in line.numbers}
    apart = [line for line in found if len(line.numbers) <= MOST_TIMES]
    apart += [line for line in lines if line.numbers[0] in often]
    return sorted(apart, key=lambda line: line.numbers)


def _with(line: CleanLine, text: str, kind: str) -> CleanLine:
    return replace(line, text=text, kinds=tuple(sorted({*line.kinds, kind})))
