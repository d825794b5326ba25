"""Other spellings of numerals in names: 36计 is printed 三十六计, 九一八 may be typed 918, 九零后 is 90后 or 九〇后.

The index writes numbers in a single spelling, but it does not change a number that is part of a word or name. So search
looks for a numeral in a name in each of its spellings.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from services.text.numerals import value

DIGITS: Final = "零一二三四五六七八九"
RUN: Final = re.compile(r"\d+|[零〇○一二三四五六七八九十百]+")
LONGEST: Final = 3
"""Number of digits; a longer number is a count or a year, which the index spells in a single way."""
BARE: Final = 3
"""A number by itself may be a name (918, 359) if it has at least this many digits."""
MOST: Final = 6


def spellings(text: str, *, bare: bool) -> tuple[str, ...]:
    """Return the other spellings of `text`, a unit of a query.

    Args:
        text: the unit in the spelling of the index.
        bare: whether the unit is all that was typed; then a number of one or two digits can only be a count.
    """
    runs = list(RUN.finditer(text))
    if not runs or (bare and runs[0].span() == (0, len(text)) and len(_digits(text)) < BARE):
        return ()
    choices = []
    at = 0
    for run in runs:
        choices += [(text[at : run.start()],), (run[0], *_spelled(run[0]))]
        at = run.end()
    found = dict.fromkeys("".join(parts) for parts in product(*choices, (text[at:],)))
    found.pop(text, None)
    return tuple(other for other in found if len(other) > 1)[:MOST]


def _spelled(run: str) -> tuple[str, ...]:
    if run.isdecimal():
        if len(run) > LONGEST:
            return ()
        one_by_one = "".join(DIGITS[int(digit)] for digit in run)
        cardinal = (_cardinal(int(run)),) if len(run) > 1 and run[0] != "0" and len(run) < LONGEST else ()
        return (*cardinal, one_by_one, *_zeros(one_by_one))
    number = value(run)
    return (*(() if number is None else (_digits(run),)), *_zeros(run))


def _digits(run: str) -> str:
    """Return a numeral in Arabic digits; digits that are read one by one keep their zeros: 零零 is 00."""
    if run.isdecimal():
        return run
    plain = run.replace("〇", "零").replace("○", "零")
    if all(character in DIGITS for character in plain):
        return "".join(str(DIGITS.index(character)) for character in plain)
    number = value(run)
    return run if number is None else f"{number:f}"


def _zeros(numeral: str) -> tuple[str, ...]:
    plain = numeral.replace("〇", "零").replace("○", "零")
    return tuple(other for other in (plain, plain.replace("零", "〇")) if other != numeral)


def _cardinal(number: int) -> str:
    """Return a number from 10 to 99 in Chinese, as it is spoken."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")
