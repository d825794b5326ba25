"""How names of people are written. Bylines, credits and the facet of people all use this definition.

A name in Chinese characters may hold any Han character, including the extensions, compatibility ideographs and 〇
(章〇一, 沈𬭚). Names of people from minorities and from abroad have a dot between their parts (阿依努尔·买买提).
The words of a Latin name begin with a capital.
"""

from __future__ import annotations

import re

from services.text.glyphs import HOLE
from services.text.tokens import HAN

HAN_CHARACTER = f"[{HAN}{HOLE}]"
"""A pattern for a character of a Chinese name.

A character that cannot be read matches too; its article is flagged.
"""
DOTS = "·•‧・∙⋅"
"""Dots between the parts of a name."""
LONGEST_UNDOTTED = 4
NAME = re.compile(f"{HAN_CHARACTER}{{2,{LONGEST_UNDOTTED}}}|{HAN_CHARACTER}+(?:[{DOTS}]{HAN_CHARACTER}+)+")
"""A full name in Chinese characters, for `fullmatch`."""
_PART = "[A-Z][A-Za-z'’]*[a-z][A-Za-z'’]*(?:-[A-Z][a-z]+)*"
LATIN = rf"(?:(?:[A-Z]\. ?)*{_PART}(?: (?:[A-Z]\.|(?:van|von|de|der|da|bin|al)(?= )|{_PART})){{0,3}})"
"""A pattern for a name in Latin letters: capitalised words, at least one of them with a small letter.

CCTV is not a name.
"""
LATIN_NAME = re.compile(rf"(?<![A-Za-z@._]){LATIN}(?![A-Za-z@_])")


def is_name(text: str) -> bool:
    """Return whether `text` is written like a name.

    Its surname and the words around it tell whether it really is a name.
    """
    return bool(NAME.fullmatch(text) or LATIN_NAME.fullmatch(text))
