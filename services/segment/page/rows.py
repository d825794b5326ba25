"""Turns the text of a page into visual rows, and rejoins what an extractor tore apart.

This module repairs two kinds of damage before any model reads the page. A headline set vertically comes out with a
single character on every line. Some extractors end a line at every punctuation mark. A row keeps the numbers of the
lines it was made from.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import opencc

from services.text.cleaning import clean_page
from services.text.glyphs import INVISIBLES

MAX_ROW_CHARACTERS = 600  # the middle of a longer row does not help to find its role
_NARROW = re.compile("[\x00-\xb6\xb8-\xd6\xd8-\u10ff]")  # all characters below the Hangul letters except · and ×
_FULLWIDTH = {0: 0xFFFD} | {0xFF10 + i: 0x30 + i for i in range(10)}
_FULLWIDTH |= {0xFF21 + i: 0x41 + i for i in range(26)} | {0xFF41 + i: 0x61 + i for i in range(26)}
_FULLWIDTH |= {ord(a): ord(b) for a, b in zip("﹐﹑﹒﹔﹕﹖﹗", "，、。；：？！", strict=True)}
_OPENING = "“‘（《〈【［「『(["
_CLOSING = "”’）》〉】］」』)],，。、；：！？"
_PAUSE_ENDS = "，、：；,;:“‘（《〈「『(—"
_FRESH = re.compile("[（(▶►▷→>＞»◀◄<＜]*\\s*(?:上接|下转|[转接]\\S{1,4}版)|[●■○◆▲【]|本报|记者|新华社|通讯员")
_LIKELY_SHATTERED = 0.06
_FEW = 20  # fewest lines that can show that a page was cut at punctuation
_ROW = 13  # two pieces that are narrower than this together were a single row
_FULL = 8  # narrower lines do not show the width of the column
_SPACED_WORDS = 4
_LOCAL = 14
_SLACK = 1.3


@dataclass(frozen=True, slots=True)
class Row:
    """A visual row.

    Attributes:
        page: page number.
        lines: numbers of the extracted lines it was made from, from 1, ascending.
        text: the characters as printed. The lines are concatenated, and the outer blanks are removed.
        plain: `text` without blanks, in simplified script, with half-width digits and letters. Features read this text.
        width: printed width in full-width characters.
        gap: blank lines before it (0 to 9).
        indented: the row starts with a paragraph indent.
        vertical: every line of the row had a single character.
        spaced: blanks separated its characters.
    """

    page: int
    lines: tuple[int, ...]
    text: str
    plain: str
    width: float
    gap: int
    indented: bool
    vertical: bool
    spaced: bool


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def squeeze(text: str) -> str:
    """Remove every blank character, including the ideographic space, and every invisible character."""
    bare = "".join(text.split())
    return bare if bare.isascii() else INVISIBLES.sub("", bare)


def printed_width(text: str) -> float:
    """Return the width of `text` in full-width characters. ASCII and other narrow characters count half."""
    return len(text) - len(_NARROW.findall(text)) / 2


def normalise(texts: list[str]) -> list[str]:
    """Return the `plain` form of each text: simplified script, half-width digits and letters, no blanks."""
    if not texts:
        return []
    squeezed = [squeeze(t) for t in texts]
    half = MAX_ROW_CHARACTERS // 2
    shortened = [t if len(t) <= MAX_ROW_CHARACTERS else t[:half] + t[-half:] for t in squeezed]
    joined = "\n".join(shortened).translate(_FULLWIDTH)
    readable = joined.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is not a character
    simplified = _to_simplified().convert(readable).split("\n")
    return simplified if len(simplified) == len(texts) else readable.split("\n")


@dataclass(frozen=True, slots=True)
class _Line:
    numbers: tuple[int, ...]
    text: str
    bare: str
    width: float
    gap: int


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    gap = 0
    for line in clean_page(text):
        bare = squeeze(line.text)
        if not bare:
            gap += len(line.numbers)
            continue
        if "\f" in line.text and found:
            gap += 1
        found.append(_Line(line.numbers, line.text, bare, printed_width(bare), min(gap, 9)))
        gap = 0
    return found


def _vertical_run(lines: list[_Line], start: int) -> int:
    """Return how many lines from `start` form a vertical run, or 1 when there is none."""
    end = start
    while end < len(lines) and len(lines[end].bare) == 1 and not lines[end].bare.isascii():
        gap = lines[end].gap
        if end > start and (gap > 1 or (end - start > 1 and gap != lines[start + 1].gap)):
            break
        end += 1
    return max(end - start, 1)


def _is_shattered(lines: list[_Line]) -> bool:
    if len(lines) < _FEW:
        return False
    short = sum(
        1
        for a, b in pairwise(lines)
        if b.gap == 0
        and a.bare[-1] in "，、；"
        and a.width + min(b.width, 4) < _ROW
        and not b.text.startswith("\u3000")
    )
    return short > _LIKELY_SHATTERED * len(lines)


def _column(lines: list[_Line], at: int) -> float:
    """Return the most common width of full rows near `at`. It estimates the width of the column."""
    near = Counter(round(x.width) for x in lines[max(0, at - _LOCAL) : at + _LOCAL] if x.width >= _FULL)
    return float(max(near, key=lambda w: (near[w], w))) if near else 0.0


def _torn(left: str, right: str) -> bool:
    return left[-1] in _PAUSE_ENDS or left[-1] in "。！？”’）》…" or right[0] in _OPENING or right[0] in _CLOSING


def _shattered_run(lines: list[_Line], start: int) -> int:
    """Return how many lines from `start` were a single row before the extractor cut it at punctuation; 1 if uncut."""
    column = _column(lines, start)
    total, best = lines[start].width, 1
    if not column or total > column - _SLACK:
        return 1
    firm = True
    for count in range(2, 14):
        at = start + count - 1
        if at >= len(lines) or lines[at].gap or not _torn(lines[at - 1].bare, lines[at].bare):
            break
        ends = lines[at - 1].bare[-1]
        if lines[at].text.startswith("\u3000") or _FRESH.match(lines[at].bare):
            break
        total += lines[at].width
        if total > column + _SLACK:
            break
        firm = firm and (ends in _PAUSE_ENDS or lines[at].bare[0] in _CLOSING)
        full = total >= column - _SLACK
        paragraph_start = (
            best == 1 and at == start + 1 and ends in "。！？…）”’" and lines[at].width >= column - 2 - _SLACK
        )
        if (full and not paragraph_start) or firm:
            best = count
    return best


def rows_of(page: int, text: str) -> list[Row]:
    """Read the raw text of a page into rows. Every non-blank line is in exactly one row, in order."""
    lines = _lines(text)
    shattered = _is_shattered(lines)
    groups: list[tuple[list[_Line], bool]] = []
    at = 0
    while at < len(lines):
        count = _vertical_run(lines, at)
        vertical = count > 1
        if not vertical and shattered:
            count = _shattered_run(lines, at)
        groups.append((lines[at : at + count], vertical))
        at += count
    texts = ["".join(x.text.strip(" \t\r\f\u3000\xa0") for x in g) for g, _ in groups]
    plains = normalise(texts)
    rows = []
    for (group, vertical), joined, plain in zip(groups, texts, plains, strict=True):
        first = group[0].text.lstrip("\r\f")
        words = joined.split()
        spaced = len(words) >= _SPACED_WORDS and sum(len(w) for w in words) <= 1.6 * len(words)
        rows.append(
            Row(
                page=page,
                lines=tuple(number for x in group for number in x.numbers),
                text=joined,
                plain=plain or "\ufffd",
                width=sum(x.width for x in group),
                gap=group[0].gap,
                indented=first.startswith(("\u3000", "  ")),
                vertical=vertical,
                spaced=spaced,
            )
        )
    return rows
