"""Bold that a page draws by printing each character two to four times (青青峦峦), and lines printed over themselves.

Chinese doubles characters by itself (谢谢, 高高兴兴, 爷爷奶奶): what the dictionary has as a word is left as it is.
"""

from __future__ import annotations

import re
from functools import partial
from operator import eq
from typing import Final

from services.text.words import is_word, words

MOST_TIMES: Final = 4
LEAST_UNITS: Final = 3
"""Characters drawn again and again from which this is damage: two (沈沈柏柏) may be a word or a name."""
LEAST_AGAIN: Final = 6
"""Characters of a phrase printed twice from which this is damage: shorter ones are said twice (加油加油)."""
LETTER: Final = r"[^\W\d_]"

_RUNS: Final = {
    times: re.compile(rf"(?:(\S)[ \u3000\xa0]*(?:\1[ \u3000\xa0]*){{{times - 1}}}){{2,}}")
    for times in range(2, MOST_TIMES + 1)
}
_SAID: Final = tuple("！!，,。、；;？?…”’）)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def printed_once(line: str, *, beside: bool = False) -> str:
    """Return the line with every character that was drawn several times drawn once; `line` itself where none was.

    A whole line is put right from three characters on; with `beside`, which says that a line next to it was drawn so
    too, from one on. Inside a line, a run of three or more is put right.
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
    """Return each character once if `bare` has every one exactly `times` times in a row."""
    if not bare or len(bare) % times:
        return None
    units = bare[::times]
    return units if all(bare[i::times] == units for i in range(1, times)) else None


def _is_damage(units: str, times: int) -> bool:
    """Tell whether units drawn `times` times are damage, and no words that are printed so."""
    letters = {unit for unit in units if unit.isalpha()}
    han = [letter for letter in letters if _HAN.match(letter)]
    if len(units) < LEAST_UNITS or len(set(units)) < 2:  # noqa: PLR2004  # one character again and again is laughter
        return False
    if not han:
        return bool(letters) and len(units) >= 2 * LEAST_UNITS
    if len(letters) < 2:  # noqa: PLR2004
        return len(set(units)) > LEAST_UNITS
    return times > 2 or not _are_words("".join(unit for unit in units if _HAN.match(unit)))  # noqa: PLR2004


def _are_words(units: str) -> bool:
    """Tell whether Chinese characters doubled are words as the dictionary has them: 高高兴兴, 爷爷奶奶.

    Where only single characters are doubled in it, what they make undoubled must be no words: 谢谢大家, but not 爷奶.
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
    """Return the line with one of each `times` characters; of blanks between them, those around the first stay."""
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
    """Return a line whose whole text is printed twice, one beside the other, with it once."""
    half = bare[: len(bare) // 2]
    if half * 2 != bare or half.endswith(_SAID) or len(_HAN.findall(half)) < LEAST_AGAIN:
        return line
    seen = 0
    for at, character in enumerate(line):
        seen += not character.isspace()
        if seen == len(half):
            return line[: at + 1]
    return line


def is_again(line: str, before: str) -> bool:
    """Tell whether a line is the line before printed once more: the same text, long enough not to be a table's cell."""
    bare = "".join(line.split())
    return bare == "".join(before.split()) and len(_HAN.findall(bare)) >= LEAST_AGAIN
