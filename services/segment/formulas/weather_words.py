"""Splits a weather item into words, before the other modules interpret them.

Every number of an item is in exactly one token. Some numbers are not temperatures: a date, an hour, millimetres, a wind
force, a change of temperature. The token of such a number also contains its unit, so the temperature grammar never sees
the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.segment.formulas.weather_lexicon import LEXEMES
from services.text.normal import normalise
from services.text.numerals import value
from services.text.patterns import when_used

if TYPE_CHECKING:
    from services.segment.formulas.weather_lexicon import Kind
    from services.text.normal import Normalised

_LEXER = when_used("|".join(f"(?P<t{k}>{pattern})" for k, (_, pattern) in enumerate(LEXEMES)))
_RINGS = str.maketrans({"˚": "°", "º": "°", "∘": "°"})
_SAID = frozenset(("aqi", "pm25", "air", "humidity", "uv"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a weather item, from `start` to `end` in the normalised text.

    Attributes:
        kind: the kind of word.
        start: position of its first character.
        end: position after its last character.
        text: the normalised text.
        number: the value, if the word is a number.
        said: the value of humidity, ultraviolet light or the air, without the words before it.
    """

    kind: Kind
    start: int
    end: int
    text: str
    number: Decimal | None = None
    said: str = ""


def normalised(text: str) -> Normalised:
    """Return the item in the spelling that the lexicon reads, with a map back to the printed text."""
    return normalise(text.translate(_RINGS))


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words of normalised `text` in order. Together they cover the whole text."""
    found: list[Token] = []
    for match in _LEXER().finditer(text):
        kind = LEXEMES[int(str(match.lastgroup)[1:])][0]
        number = value_of(match[0]) if kind == "number" else None
        if kind == "number" and number is None:
            kind = "text"
        if kind == "text" and found and found[-1].kind == "text":
            before = found.pop()
            found.append(Token("text", before.start, match.end(), before.text + match[0]))
            continue
        said = str(match[f"{kind}_value"] or "").strip() if kind in _SAID else ""
        found.append(Token(kind, *match.span(), match[0], number, said))
    return tuple(found)


def value_of(printed: str) -> Decimal | None:
    """Return the value of a number in digits or Chinese numerals, or None if it is not a number (一二)."""
    if printed[0].isdecimal():
        return Decimal(printed)
    if len(printed) > 1 and "十" not in printed and "点" not in printed:
        return None
    return value(printed)
