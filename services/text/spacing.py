"""Remove blanks that an extractor put between characters (1 8 ℃, 记 者), but keep printed pauses."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from services.text.words import boundaries, is_word

LEAST_CHARACTERS: Final = 4
MOST_SPREAD: Final = 0.9
"""Smallest share of characters that are alone between blanks in a spread line."""

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ufffd\U00020000-\U0003ffff"
_BLANK: Final = "[ \\t\xa0\u2000-\u200a\u202f\u205f]"
_GAP: Final = re.compile(r"(?<=\S)\s+(?=\S)")
_ALONE: Final = re.compile(rf"(?<!\S)\S(?:{_BLANK}\S(?!\S)){{2,}}")
_ROW_OF_DIGITS: Final = re.compile(rf"(?<![A-Za-z0-9.])\d(?:{_BLANK}\d){{2,}}(?=[年月日])")
_ASCII_GAP: Final = re.compile(rf"(?<=[\w.%+-]){_BLANK}(?=[\w.%+-])", re.ASCII)
_CREDITED: Final = "|".join(
    f"{_BLANK}?".join(word)
    for word in ("记者", "通讯员", "特派员", "实习生", "评论员", "摄影", "摄影报道", "编辑", "责编", "作者", "校对")
)
_CREDIT: Final = re.compile(f"(?<![{_HAN}])(?:{_CREDITED})(?![{_HAN}])")
"""Words for people in a credit, with blanks between their characters."""
_DAY: Final = re.compile(rf"(?<!\d)1{_BLANK}[0-2](?=月)|(?<=月)[123]{_BLANK}\d(?={_BLANK}?日)")
_ANY_HAN: Final = re.compile(f"[{_HAN}]")


def is_spread(line: str) -> bool:
    """Tell whether nearly every character of a line is alone between blanks (今 日 天 气)."""
    words = line.split()
    alone = sum(len(word) == 1 for word in words)
    return (
        alone >= LEAST_CHARACTERS and alone >= MOST_SPREAD * sum(map(len, words)) and _ANY_HAN.search(line) is not None
    )


def closed_up(line: str) -> str:
    """Return a spread line without the blanks between its characters.

    The extractor put in gaps of the most frequent width. A wider gap was a printed pause and becomes a single blank.
    The blank is ideographic if the gap holds an ideographic blank. An indent stays.
    """
    indent = line[: len(line) - len(line.lstrip())]
    gaps = Counter(len(gap) for gap in _GAP.findall(line))
    usual = max(gaps, key=lambda size: (gaps[size], -size), default=0)

    def pause(gap: re.Match[str]) -> str:
        wide = len(gap.group()) > usual
        return ("\u3000" if "\u3000" in gap.group() else " ") if wide else ""

    if "\u3000" in indent:
        indent = "\u3000" * indent.count("\u3000")
    return indent + _GAP.sub(pause, line[len(line) - len(line.lstrip()) :]).rstrip()


def mended(line: str) -> str:
    """Return a line without the blanks inside its words and numbers, such as 1 0 月 1 2 日 or 记 者 沈柏舟."""
    line = _ROW_OF_DIGITS.sub(lambda digits: "".join(digits.group().split()), line)
    line = _ALONE.sub(_numbers_closed, line)
    line = _DAY.sub(lambda day: re.sub(r"\s", "", day.group()), line)
    return line if is_spread(line) else _CREDIT.sub(lambda credit: "".join(credit.group().split()), line)


def is_torn(left: str, right: str) -> bool:
    """Tell whether the blank between two texts is inside a word of two characters, such as 首次出 口欧洲."""
    return is_word(left[-1:] + right[:1]) and len(left) not in boundaries(left + right)


def _numbers_closed(run: re.Match[str]) -> str:
    return _ASCII_GAP.sub("", run.group()) if _ANY_HAN.search(run.group()) else run.group()
