"""Numbers as newspapers print them, in Arabic digits or Chinese numerals: 1,200, 288.48亿, 三百零五, 一万五千."""

from __future__ import annotations

import re
from decimal import Decimal

from services.text.numerals import value

POWERS = {"万": 10**4, "亿": 10**8, "万亿": 10**12}
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)(?:万亿|万|亿)?"
    r"|[一二两三四五六七八九十百千万亿零〇]+(?:点[零〇一二三四五六七八九]+)?"
)
"""A regular expression, without capturing groups, for a number in normalised text."""
_ARABIC = re.compile(r"([\d.]+)(万亿|万|亿)?")


def amount(printed: str) -> Decimal | None:
    """Return the value of what NUMBER found; None if a run of Chinese numerals is not a number (三五, 千万)."""
    match = _ARABIC.fullmatch(printed.replace(",", ""))
    if match is None:
        if len(printed) > 1 and not set(printed) & set("十百千万亿点"):
            return None
        return value(printed)
    return Decimal(match[1]) * POWERS.get(match[2], 1)
