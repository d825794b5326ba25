"""Numbers as newspapers print them, in Arabic digits or Chinese numerals.

1,200; 288.48亿; 1.2万亿; 3千; 1亿2000万; 三百零五; 一万五千; 一点二亿.
"""

from __future__ import annotations

import re
from decimal import Decimal

from services.text.numerals import value

POWERS = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)"
_UNIT_AHEAD = "(?![米克瓦卡帕伏赫])"
_POWER = rf"(?:[百千]?万亿|[十百千]?[万亿]|百(?!分)|千{_UNIT_AHEAD})"
_NUMERALS = "[一二两三四五六七八九十百千万亿零〇]+(?:点[零〇一二三四五六七八九]+[百千]?(?:万亿|[万亿])?)?"
NUMBER = rf"(?:(?:{_DIGITS}{_POWER})+|{_DIGITS}|{_NUMERALS})"
"""A regular expression, without capturing groups, for a number in normalised text."""
_PIECE = re.compile(rf"([\d.]+)({_POWER})?")
_SPOKEN = re.compile("(.+点[零〇一二三四五六七八九]+)([百千]?(?:万亿|[万亿]))")


def power(printed: str) -> int:
    """Return the value of a power of ten as printed, such as 千万 or 万亿; 1 if there is none."""
    product = 1
    for sign in re.findall("万亿|[十百千万亿]", printed):
        product *= POWERS.get(sign, 10)
    return product


def amount(printed: str) -> Decimal | None:
    """Return the value of a match of NUMBER; None if it is not a number (三五, 千万, 3万5亿)."""
    bare = printed.replace(",", "")
    if not bare[0].isdecimal():
        return _spoken(bare)
    total, last = Decimal(0), None
    for digits, said in _PIECE.findall(bare):
        size = power(said)
        part = Decimal(digits) * size
        if last is not None and (size >= last or part >= last):
            return None
        total, last = total + part, size
    return total


def _spoken(numeral: str) -> Decimal | None:
    """Return the value of Chinese numerals, including a power of ten after their fraction: 一点二亿."""
    spoken = _SPOKEN.fullmatch(numeral)
    if spoken:
        number = value(spoken[1])
        return None if number is None else number * power(spoken[2])
    if len(numeral) > 1 and not set(numeral) & set("十百千万亿点"):
        return None
    return value(numeral)
