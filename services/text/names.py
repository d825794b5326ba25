"""What names of people are written with: the one definition, for bylines, credits and the facet of people.

A name in Chinese characters may hold any Han character: the extensions, compatibility ideographs and 〇 (章〇一, 沈𬭚).
Names of minorities and of foreigners join their parts with a dot (阿依努尔·买买提). Latin names begin in capitals.
"""

from __future__ import annotations

import re

from services.text.glyphs import HOLE
from services.text.tokens import HAN

HAN_CHARACTER = f"[{HAN}{HOLE}]"
"""A pattern for one character of a Chinese name; one that cannot be read is one too, and its article is flagged."""
DOTS = "·•‧・∙⋅"
"""What stands between the parts of one name."""
LONGEST_UNDOTTED = 4
NAME = re.compile(f"{HAN_CHARACTER}{{2,{LONGEST_UNDOTTED}}}|{HAN_CHARACTER}+(?:[{DOTS}]{HAN_CHARACTER}+)+")
"""A whole name in Chinese characters, for `fullmatch`."""
_PART = "[A-Z][A-Za-z'’]*[a-z][A-Za-z'’]*(?:-[A-Z][a-z]+)*"
LATIN = rf"(?:(?:[A-Z]\. ?)*{_PART}(?: (?:[A-Z]\.|(?:van|von|de|der|da|bin|al)(?= )|{_PART})){{0,3}})"
"""A pattern for a name in Latin letters: capitalised words of which one has a small letter (CCTV is none)."""
LATIN_NAME = re.compile(rf"(?<![A-Za-z@._]){LATIN}(?![A-Za-z@_])")


def is_name(text: str) -> bool:
    """Return whether `text` is written as a name is; whether it is one, its surname and its company tell."""
    return bool(NAME.fullmatch(text) or LATIN_NAME.fullmatch(text))
