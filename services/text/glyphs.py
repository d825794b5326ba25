"""Tables of the characters that extractors give instead of the printed ones, and of invisible characters.

`HOLE` (U+FFFD) always marks a character that was printed and cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from services.text.radicals import EQUIVALENTS

HOLE: Final = "\N{REPLACEMENT CHARACTER}"

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\x80-\x84\x86-\x9f\U000e0000-\U000e0fff"
)
"""For a character class: soft hyphen, joiners, direction marks, variation selectors, tags, byte order mark, controls.

U+0085 is left out, because it is a line end. Blanks of any width are left out.
"""

PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
"""For a character class: private-use code points. Each font gives them its own meaning."""

SYMBOLS: Final = "\uf020-\uf0ff"
"""For a character class: the code points of bullets and arrows in symbol fonts (Wingdings, Symbol).

They are never letters or ideographs.
"""

SURROGATES: Final = "\ud800-\udfff"

_VERTICAL: Final = dict(
    zip(
        "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︴︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈﹉﹊﹋﹌﹍﹎﹏",
        "，、。：；！？〖〗…‥—–＿＿（）｛｝〔〕【】《》〈〉「」『』［］‾‾‾‾＿＿＿",
        strict=True,
    )
)
"""Vertical presentation forms (U+FE10 to FE19, FE30 to FE4F) -> the same sign in horizontal lines.

NFKC would give an ASCII sign for some of them (a comma for U+FE10). The sesame marks U+FE45 and FE46 have no other
form.
"""
_HALF_WIDTH: Final = dict(zip("｡｢｣､･", "。「」、・", strict=True))


def _compatibility_ideographs() -> dict[str, str]:
    blocks = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
    folded = {chr(code): unicodedata.normalize("NFKC", chr(code)) for block in blocks for code in block}
    return {one: other for one, other in folded.items() if one != other and unicodedata.category(one) == "Lo"}


RADICAL, COMPATIBILITY, VERTICAL = "radicals", "compatibility-ideographs", "vertical-forms"
KINDS_OF_FOLD: Final = {RADICAL: EQUIVALENTS, COMPATIBILITY: _compatibility_ideographs(), VERTICAL: _VERTICAL}
"""Kind of damage -> character -> the printed character. Each entry replaces one character by one."""

FOLDS: Final = {ord(one): other for table in (*KINDS_OF_FOLD.values(), _HALF_WIDTH) for one, other in table.items()}
"""All replacements of `KINDS_OF_FOLD` and of half-width punctuation, for `str.translate`."""

INVISIBLES: Final = re.compile(f"[{INVISIBLE}]+")
