"""Numbers with their units: their value, sign and range, and whether they are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from services.tag.facets.amounts import NUMBER, amount, power
from services.tag.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

Exactness = Literal["about", "over", "under"]

RATES = frozenset(words("rates"))
COUNTERS = frozenset(words("counters"))
_UNITS = "|".join(map(re.escape, sorted({*words("measures"), *RATES, *COUNTERS}, key=lambda unit: (-len(unit), unit))))
_SIGN = "(?:(?<![0-9a-z%年月日号至到~—–-])[-−]|负|零下)"
_JOINT = "(?:[-~—–]{1,2}|至|到)"
_PRINTED = re.compile(
    r"(?<![\d.a-z第一二三四五六七八九十百千万亿几数])"
    rf"(?:(?P<low_sign>{_SIGN})?(?:百分之)?(?P<low>{NUMBER})(?P<low_unit>{_UNITS})?{_JOINT})?(?P<sign>[-−]|负|零下)?"
    rf"(?:百分之(?P<minus>负)?(?P<hundredths>{NUMBER})"
    rf"|(?P<number>{NUMBER})(?:[多余](?P<power>万亿|[万亿]))?(?P<more>[多余])?(?P<unit>{_UNITS}))"
)
_POWER_BEHIND = re.compile("[百千万亿]+$")
_FROM = ("从", "由", "自")
_BEFORE: tuple[tuple[Exactness, re.Pattern[str]], ...] = (
    ("under", re.compile("(?:不足|不到|低于|少于|不超过|不多于|至多|最多)$")),
    ("over", re.compile("(?:超过|超|逾|突破|高于|多于|不少于|不低于|至少)了?$")),
    ("about", re.compile("(?:约|近|接近|约合|大概|约为)$")),
)
_BEHIND: tuple[tuple[Exactness, re.Pattern[str]], ...] = (
    ("about", re.compile("左右|上下")),
    ("over", re.compile("以上|开外")),
    ("under", re.compile("以下|以内")),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, `start` to `end` of the normalised text; the numerals begin at `digits`.

    Attributes:
        start: where it begins, including its sign.
        digits: the position of its first numeral.
        end: the position after its unit.
        value: the value in this unit; the lower end of a range.
        upper: the upper end of a range.
        unit: the unit in the vocabulary; % for 百分之.
        exactness: None if nothing says that the number is not exact.
    """

    start: int
    digits: int
    end: int
    value: Decimal
    upper: Decimal | None
    unit: str
    exactness: Exactness | None


def quantities_in(text: str) -> Iterator[Quantity]:
    """Yield the quantities of normalised `text` in order, except non-numbers and ambiguous numbers."""
    for match in _PRINTED.finditer(text):
        main = "hundredths" if match["hundredths"] else "number"
        value = amount(match[main])
        if value is None:
            continue
        value *= power(match["power"] or "")
        unit = match["unit"] or "%"
        begin = match.start("sign") if match["sign"] else match.start(main)
        begin -= len("百分之") if match["hundredths"] and not match["minus"] else 0
        begin -= len("百分之负") if match["minus"] else 0
        minus = bool(match["sign"] or match["minus"])
        if match["low_sign"] == "零下" and not match["low_unit"] and not minus:
            continue  # 零下六到七度: 6 to 7 below, or from 6 below to 7 above?
        upper = None
        low = _lower(match, value, unit) if match["low"] else None
        if match["low"] and match["sign"] and low is not None and not _is_sign(text, match.start("sign")):
            minus = False
        signed = -value if minus else value
        start = begin
        if low is not None and text.endswith(_FROM, 0, match.start()):
            yield Quantity(match.start(), match.start("low"), match.end("low_unit"), low, None, unit, None)
        elif low is not None and low < signed:
            start, upper, signed = match.start(), signed, low
        digits = match.start("low") if upper is not None else match.start(main)
        yield Quantity(start, digits, match.end(), signed, upper, unit, _exactness(text, start, match))


def _is_sign(text: str, position: int) -> bool:
    return text[position] in "负零" or text[position - 1] in "~至到"


def _lower(match: re.Match[str], upper: Decimal, unit: str) -> Decimal | None:
    """Return the lower end of a range in the unit and power of its upper end; None if it is not a range."""
    low = amount(match["low"])
    if low is None or (match["low_unit"] and match["low_unit"] != unit):
        return None
    shared = _POWER_BEHIND.search(match["number"] or "")
    if shared and not match["low_unit"] and not _POWER_BEHIND.search(match["low"]) and low * power(shared[0]) <= upper:
        low *= power(shared[0])
    if match["power"]:
        low *= power(match["power"])
    return -low if match["low_sign"] else low


def _exactness(text: str, start: int, match: re.Match[str]) -> Exactness | None:
    if match["more"] or match["power"]:
        return "over"
    before = text[max(start - 4, 0) : start]
    said = next((name for name, pattern in _BEFORE if pattern.search(before)), None)
    return said or next((name for name, pattern in _BEHIND if pattern.match(text, match.end())), None)
