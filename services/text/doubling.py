"""Undo bold type that was drawn by printing each character two to four times (青青峦峦), or a line over itself.

Chinese has words with doubled characters (谢谢, 高高兴兴, 爷爷奶奶). Words in the dictionary stay as they are.
"""

from __future__ import annotations

import re
from functools import partial
from operator import eq
from typing import Final

from services.text.patterns import when_used
from services.text.words import is_word, words

MOST_TIMES: Final = 4
LEAST_UNITS: Final = 3
"""Fewest repeated characters that are damage.

Two repeated characters (沈沈柏柏) may be a word or a name.
"""
LEAST_AGAIN: Final = 6
"""Fewest characters of a repeated phrase that is damage.

People say shorter phrases twice (加油加油).
"""

_RUNS: Final = {
    times: re.compile(rf"(?:(\S)[ \u3000\xa0]*(?:\1[ \u3000\xa0]*){{{times - 1}}}){{2,}}")
    for times in range(2, MOST_TIMES + 1)
}
_SAID: Final = tuple("！!，,。、；;？?…”’）)")
_HAN: Final = when_used(r"[\u3400-\u9fff]")


def printed_once(line: str, *, beside: bool = False) -> str:
    """Return the line with each repeated character once; `line` itself if no character is repeated.

    If all characters of a line are repeated, the line is corrected if it has at least three of them. With `beside`,
    which says that a neighbouring line is repeated too, a single character is enough. Inside a line, a run of three or
    more repeated characters is corrected.
    """
    bare = "".join(line.split())
    if sum(map(eq, bare, bare[1:])) < (1 if beside else LEAST_UNITS):
        return _said_once(line, bare)
    for times in range(MOST_TIMES, 1, -1):
        units = _units(bare, times)
        if units is not None and (beside or _is_damage(units, times)):
            return _thinned(line, times)
    for times in range(MOST_TIMES, 1, -1):
        line = _RUNS[times].sub(partial(_run, times), line)
    return _said_once(line, bare)


def _units(bare: str, times: int) -> str | None:
    """Return each character once if `bare` has every character exactly `times` times in a row; otherwise None."""
    if not bare or len(bare) % times:
        return None
    units = bare[::times]
    return units if all(bare[i::times] == units for i in range(1, times)) else None


def _is_damage(units: str, times: int) -> bool:
    """Tell whether units drawn `times` times are damage, and not words with doubled characters."""
    letters = {unit for unit in units if unit.isalpha()}
    han = [letter for letter in letters if _HAN().match(letter)]
    if len(units) < LEAST_UNITS or len(set(units)) < 2:  # noqa: PLR2004  # one character again and again is laughter
        return False
    if not han:
        return bool(letters) and len(units) >= 2 * LEAST_UNITS
    if len(letters) < 2:  # noqa: PLR2004
        return len(set(units)) > LEAST_UNITS
    return times > 2 or not _are_words("".join(unit for unit in units if _HAN().match(unit)))  # noqa: PLR2004


def _are_words(units: str) -> bool:
    """Tell whether `units`, with each character doubled, are words of the dictionary: 高高兴兴, 爷爷奶奶.

    If a word is a single doubled character (谢谢), the units must not form words of several characters: 谢谢大大家家 is
    damage, because 谢大家 holds the word 大家. 爷爷奶奶 is a word of the dictionary, whatever 爷奶 forms.
    """
    at, singles = 0, 0
    while at < len(units):
        pair = units[at : at + 2]
        if len(pair) == 2 and is_word(pair[0] * 2 + pair[1] * 2):  # noqa: PLR2004
            at += 2
        elif is_word(units[at] * 2):
            at += 1
            singles += 1
        else:
            return False
    return not singles or all(len(word) == 1 for word in words(units))


def _run(times: int, found: re.Match[str]) -> str:
    run = found.group()
    bare = "".join(run.split())
    units = _units(bare, times)
    return _thinned(run, times) if units is not None and _is_damage(units, times) else run


def _thinned(line: str, times: int) -> str:
    """Return the line with the first of every `times` characters.

    Blanks between the copies of a character are removed; other blanks stay.
    """
    kept: list[str] = []
    seen = 0
    for character in line:
        if character.isspace():
            if seen % times == 0:
                kept.append(character)
            continue
        if seen % times == 0:
            kept.append(character)
        seen += 1
    return "".join(kept)


def _said_once(line: str, bare: str) -> str:
    """Return the line with its text once if its text is printed twice, side by side; otherwise `line` itself."""
    half = bare[: len(bare) // 2]
    if half * 2 != bare or half.endswith(_SAID) or len(_HAN().findall(half)) < LEAST_AGAIN:
        return line
    seen = 0
    for at, character in enumerate(line):
        seen += not character.isspace()
        if seen == len(half):
            return line[: at + 1]
    return line


def is_again(line: str, before: str) -> bool:
    """Tell whether a line repeats the line before: the same text, too long to be a table's cell."""
    bare = "".join(line.split())
    return bare == "".join(before.split()) and len(_HAN().findall(bare)) >= LEAST_AGAIN
