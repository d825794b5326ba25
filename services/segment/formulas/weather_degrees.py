"""Finds the lowest and the highest temperature in a weather item, with their signs.

    temperature := bound | both | range
    bound       := ("最高气温" | "最低气温") span            最低气温零下7℃, 最高26～28℃
    both        := "最高" ("、" | "/" …) "最低气温" degree degree
    range       := "气温"? degree joint degree              -10~-2℃, 26/18℃, 十八到二十六度
    span        := degree (joint degree)?
    degree      := sign? number unit?

The reader skips an expression that has two possible readings: 零下2到8度, 5--2℃, 气温18℃ (lowest? highest? now?).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from services.segment.formulas.weather_words import Token

COLDEST, HOTTEST = -60, 60
WIDEST = 50
"""Most degrees between the lowest and the highest of an expression. A larger difference is a misreading."""
OPENINGS = frozenset(("high", "low", "temperature", "sign", "number", "dash", "vague"))
_JOINTS = frozenset(("join", "slash", "dash"))


@dataclass(frozen=True, slots=True)
class Temperature:
    """The temperatures of an expression that ends before token `end`. If not `sure`, it has neither bound."""

    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Degree:
    """A temperature: its value, its sign as printed, whether it has a printed unit, and the position after it."""

    value: Decimal
    sign: str
    unit: bool
    end: int


@dataclass(frozen=True, slots=True)
class _Span:
    """One or two temperatures, in printed order. `sure` means that they can be read in only one way."""

    degrees: tuple[_Degree, ...]
    end: int
    sure: bool

    @property
    def unit(self) -> bool:
        return any(degree.unit for degree in self.degrees)


def temperature_at(tokens: Sequence[Token], at: int) -> Temperature | None:
    """Return the temperature expression that begins at token `at`, or None if there is none (a bare number)."""
    if tokens[at].kind == "vague":
        return Temperature(at + 1, sure=False)
    keyed = tokens[at].kind == "temperature"
    position = _skip(tokens, at + 1) if keyed else at
    if _kind(tokens, position) in {"high", "low"}:
        return _bounds(tokens, position)
    return _range(tokens, at, position)


def _range(tokens: Sequence[Token], at: int, position: int) -> Temperature | None:
    """Read two degrees that start at `position`.

    If `at` differs from `position`, the word for temperature is at `at`, before the degrees.
    """
    keyed = position > at
    span = _span(tokens, position)
    if span is None:
        return Temperature(at + 1, sure=False) if keyed else None
    if not span.unit and not keyed:
        return None
    if len(span.degrees) == 1 or not span.sure or not _stands_apart(tokens, at):
        return Temperature(span.end, sure=False)
    return _checked(span.end, *sorted(degree.value for degree in span.degrees))


def _bounds(tokens: Sequence[Token], at: int) -> Temperature:
    """Read the degrees after 最高 or 最低, or after both."""
    first = tokens[at].kind
    position = _skip(tokens, at + 1)
    if _kind(tokens, position) in _JOINTS | {"pause"}:
        position += 1
    second = _kind(tokens, position)
    if second in {"high", "low"} and second != first:
        span = _span(tokens, _skip(tokens, position + 1))
        if span is None or not span.sure or len(span.degrees) == 1:
            return Temperature(span.end if span else position + 1, sure=False)
        values = {kind: degree.value for kind, degree in zip((first, second), span.degrees, strict=True)}
        return _checked(span.end, values["low"], values["high"])
    span = _span(tokens, _skip(tokens, at + 1))
    if span is None or not span.sure or not (span.unit or "温" in tokens[at].text or len(tokens[at].text) > 1):
        return Temperature(span.end if span else at + 1, sure=False)
    values_of = sorted(degree.value for degree in span.degrees)
    if first == "low":
        return _checked(span.end, values_of[0], None)
    return _checked(span.end, None, values_of[-1])


def _checked(end: int, low: Decimal | None, high: Decimal | None) -> Temperature:
    plausible = all(COLDEST <= value <= HOTTEST for value in (low, high) if value is not None)
    if low is not None and high is not None:
        plausible = plausible and low <= high <= low + WIDEST
    return Temperature(end, low, high) if plausible else Temperature(end, sure=False)


def _span(tokens: Sequence[Token], at: int) -> _Span | None:
    """Read a single degree, or two degrees with a joint between them."""
    first = _degree(tokens, at)
    if first is None:
        return None
    joint = _skip(tokens, first.end)
    kind = _kind(tokens, joint)
    second = None
    sure = True
    if kind in _JOINTS:
        second = _degree(tokens, _skip(tokens, joint + 1))
        if second is None and kind != "dash":
            sure = kind == "slash"
        if second is not None and kind == "dash" and len(tokens[joint].text) > 1:
            second, sure = _double_dash(tokens[joint].text, first, second)
    elif first.unit and joint > first.end:
        second = _degree(tokens, joint)  # 18℃ 26℃
        second = second if second is not None and second.unit and second.sign == "" else None
    if second is None:
        return _Span((first,), first.end, sure and _ends_well(tokens, first.end))
    if first.sign == "零下" and not first.unit and not second.sign:
        sure = False  # 零下2到8度: either 2 to 8 below zero, or from 2 below to 8 above
    end = second.end
    if _kind(tokens, _skip(tokens, end)) in _JOINTS and _degree(tokens, _skip(tokens, end) + 1) is not None:
        sure = False  # a third number
    return _Span((first, second), end, sure and _ends_well(tokens, end))


def _double_dash(dash: str, first: _Degree, second: _Degree) -> tuple[_Degree, bool]:
    """Read two dashes between numbers as a long dash, or as a joint and a minus. Not sure if both readings fit."""
    minus = _Degree(-second.value, "-", second.unit, second.end)
    if dash in {"——", "––"} or second.sign:
        return second, True
    if first.sign in {"-", "−"}:
        return minus, True
    if dash[1] == "−" or dash[0] != dash[1]:
        return minus, True
    return second, abs(first.value + second.value) > WIDEST - 10


def _degree(tokens: Sequence[Token], at: int) -> _Degree | None:
    """Read a sign, a number and a unit. A single dash before the number is a minus sign."""
    sign = ""
    if _kind(tokens, at) == "degree" and tokens[at].text == "摄氏":
        at += 1
    if _kind(tokens, at) == "sign" or (_kind(tokens, at) == "dash" and len(tokens[at].text) == 1):
        sign = {"负": "零下"}.get(tokens[at].text, tokens[at].text)
        at += 1
        if _kind(tokens, at) == "blank" and sign in {"零下", "零上"}:
            at += 1
    if _kind(tokens, at) != "number":
        return None
    number = tokens[at].number
    assert number is not None, tokens[at]
    at += 1
    unit = _skip(tokens, at)
    has_unit = _kind(tokens, unit) == "degree"
    end = unit + 1 if has_unit else at
    if _kind(tokens, end) == "about":
        end += 1
    return _Degree(number if sign in {"", "零上"} else -number, sign, has_unit, end)


def _stands_apart(tokens: Sequence[Token], at: int) -> bool:
    """Return whether no digit, letter or unreadable character before token `at` may belong to its number."""
    if not at:
        return True
    before = tokens[at - 1]
    if before.kind == "blank" and at > 1 and tokens[at - 2].kind == "number":
        return False
    if tokens[at].kind == "dash":
        return before.kind in {"blank", "pause", "stop", "temperature", "day", "title"}
    if before.kind == "text":
        return _is_han(before.text[-1])
    if before.kind == "stop":
        return not before.text.endswith("?")
    return before.kind not in {"number", "degree", "dash", "slash", "join", "sign"}


def _ends_well(tokens: Sequence[Token], end: int) -> bool:
    """Return whether nothing after an expression contradicts it.

    Contradictions are 26℃以上, 26□℃, and a number that runs into the next.
    """
    kind = _kind(tokens, end)
    if kind in {"open", "number", "degree", "vague", "sign"}:
        return False
    return kind != "text" or _is_han(tokens[end].text[0])


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _kind(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].kind if 0 <= at < len(tokens) else ""


def _skip(tokens: Sequence[Token], at: int) -> int:
    """Return the position of the first token from `at` on that is not a blank."""
    while _kind(tokens, at) == "blank":
        at += 1
    return at
