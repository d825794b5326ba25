"""Give numbers, years and dates the same spelling: 305项 finds 三百零五项, and 2023-08-04 finds 二〇二三年八月四日.

The text must be normalised first. These are rewritten:

- years and other numbers given digit by digit: 一九九〇年, 二○二三年 to 1990年, 2023年
- numerals with powers of ten: 三百零五 to 305; 一万五千, 1.5万, 1万5千 and 15,000 all to 15000
- a single digit before a measure word: 五项 to 5项, but not the 一 of 统一个人 or 一带一路
- 百分之五点二 to 5.2%
- 2023-08-04, 2023/8/4 and 2023.8.4 to 2023年8月4日; 08月04日 to 8月4日; 1-9月 and 1—9月 to 1至9月

Only the shape of a date is checked. A run that is not a number (三五, 十二五, 千万) stays as printed.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

from services.text.words import boundaries

if TYPE_CHECKING:
    from services.text.normal import Normalised

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
MEASURES = frozenset(
    "月日号年时点秒周天岁届次项个名位人家户口只头匹条件部艘架辆台座栋间所处篇本册份张幅枚元块吨斤克米里亩级倍章款期批代世轮场"
    "层省市县种类套季万亿多余"
)
"""Measure characters: a single Chinese digit before one of them is a count."""
MEASURE_WORDS = (
    *("季度", "周年", "周岁", "月份", "个月", "人次", "世纪", "年代", "小时", "分钟", "公里", "千米", "公斤", "千克"),
    *("海里", "英里", "公顷", "平方", "立方", "平方米", "立方米", "平方公里", "年级"),
    *("美元", "港元", "欧元", "日元", "卢布", "英镑"),
)
ORDINAL = "第"
LEAST_YEAR_DIGITS = 3

NUMERAL = re.compile(
    r"(?P<percent>百分之)?(?P<numeral>[零〇○一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"
)
ARABIC = re.compile(r"(?<![\d.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)(?P<power>万亿|[万亿])?")
MIXED = re.compile(r"(?<![\d.])(?:\d+(?:\.\d+)?[亿万千百])(?:\d+[万千百十])+(?![\d.])")
PIECE = re.compile(r"(\d+(?:\.\d+)?)([亿万千百十])")
DATE = re.compile(
    r"(?<![\d.])(?P<year>[12]\d{3})([-/.])(?P<month>0?[1-9]|1[0-2])\2(?P<day>3[01]|[12]\d|0?[1-9])(?![\d.])"
)
PADDED = re.compile(r"(?<!\d)0(?=[1-9][月日时])")
RANGE = re.compile(r"(?<=\d)[-‐‑–—―~〜∼]{1,2}(?=\d)|(?<=[\d月日])到(?=\d)")


def with_arabic_numerals(text: Normalised) -> Normalised:
    """Return normalised `text` with numbers, years and dates rewritten; positions in the original are kept."""
    text = text.rewritten(_dates(text.text))
    text = text.rewritten([(match.start(), match.end(), "至") for match in RANGE.finditer(text.text)])
    text = text.rewritten(_chinese(text.text))
    text = text.rewritten(_mixed(text.text))
    text = text.rewritten(_arabic(text.text))
    return text.rewritten([(match.start(), match.end(), "") for match in PADDED.finditer(text.text)])


def value(numeral: str) -> Decimal | None:
    """Return the value of a Chinese numeral such as 三百零五, 一万五千, 五点二 or 一九九〇; None for anything else."""
    whole, _, fraction = numeral.partition("点")
    if all(character in DIGITS and character != "两" for character in whole):
        integer: int | None = int("".join(str(DIGITS[character]) for character in whole))
    else:
        integer = _cardinal(whole)
    if integer is None:
        return None
    digits = "".join(str(DIGITS[character]) for character in fraction)
    return Decimal(f"{integer}.{digits}") if digits else Decimal(integer)


def _cardinal(numeral: str) -> int | None:
    total = section = 0
    digit: int | None = None
    last_ten = 10**4
    last_myriad = 10**9
    for character in numeral:
        if character in DIGITS:
            if digit:
                return None
            digit = DIGITS[character]
        elif character in TENS:
            ten = TENS[character]
            if ten >= last_ten or (digit is None and (ten != TENS["十"] or section or total)):
                return None
            section += (1 if digit is None else digit) * ten
            digit, last_ten = None, ten
        else:
            myriad = MYRIADS[character]
            amount = section + (digit or 0)
            if not amount and not (total and character == "亿"):
                return None
            if myriad > last_myriad:
                return None
            total = total * myriad if not amount else total + amount * myriad
            section, digit, last_ten, last_myriad = 0, None, 10**4, myriad
    return total + section + (digit or 0)


def _dates(text: str) -> list[tuple[int, int, str]]:
    return [
        (match.start(), match.end(), f"{match['year']}年{int(match['month'])}月{int(match['day'])}日")
        for match in DATE.finditer(text)
    ]


def _chinese(text: str) -> list[tuple[int, int, str]]:
    matches = list(NUMERAL.finditer(text))
    if not matches:
        return []
    edges = boundaries(text)
    edits = []
    for match in matches:
        numeral = match["numeral"]
        start, end = match.span()
        following = text[end : end + 1]
        counted = (following in MEASURES and (numeral != "一" or end + 1 in edges)) or (
            text.startswith(MEASURE_WORDS, end)
        )
        starts = start in edges or (text[start - 1 : start] == ORDINAL and start - 1 in edges)
        if not starts or not (end in edges or counted):
            continue
        one_by_one = all(character in DIGITS and character != "两" for character in numeral)
        if match["percent"] is None:
            if len(numeral) == 1 and following not in MEASURES:
                continue
            if numeral[0] not in DIGITS and numeral[0] != "十":
                continue
            if one_by_one and 1 < len(numeral) < LEAST_YEAR_DIGITS and following != "年":
                continue
        number = value(numeral)
        if number is None or (numeral == "十" and following not in MEASURES):
            continue
        digits = "".join(str(DIGITS[character]) for character in numeral) if one_by_one else f"{number:f}"
        edits.append((start, end, digits + ("%" if match["percent"] else "")))
    return edits


def _mixed(text: str) -> list[tuple[int, int, str]]:
    """Return edits for numbers of figures and falling powers of ten: 1万2千 becomes 12000."""
    edits = []
    for match in MIXED.finditer(text):
        pieces = [(Decimal(digits), (TENS | MYRIADS)[power]) for digits, power in PIECE.findall(match[0])]
        falling = all(one > other for (_, one), (_, other) in pairwise(pieces))
        total = sum((digits * power for digits, power in pieces), Decimal(0))
        if falling and total == total.to_integral_value():
            edits.append((match.start(), match.end(), f"{total:.0f}"))
    return edits


def _arabic(text: str) -> list[tuple[int, int, str]]:
    edits = []
    edges: frozenset[int] | None = None
    for match in ARABIC.finditer(text):
        digits, power = match["number"].replace(",", ""), match["power"]
        end = match.end("number")
        if power:
            edges = edges if edges is not None else boundaries(text)
            if (
                match.end() in edges
                or text[match.end() : match.end() + 1] in MEASURES
                or text.startswith(MEASURE_WORDS, match.end())
            ):
                try:
                    product = Decimal(digits) * 10 ** (4 * power.count("万") + 8 * power.count("亿"))
                except InvalidOperation:
                    product = None
                if product is not None and product == product.to_integral_value():
                    digits, end = f"{product:.0f}", match.end()
        if digits != text[match.start() : end]:
            edits.append((match.start(), end, digits))
    return edits
