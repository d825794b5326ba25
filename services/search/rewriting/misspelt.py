"""Correct the name of a person or place that no dictionary has: 章荣英 is 章蓉英 if the archive has that name.

The archive says which names there are. The request finds articles with the unknown word, but with any character that
sounds or looks alike in one place. The texts of those articles then say which character it is.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from services.search.rewriting.slips import HAN_RUN, LONGEST_TEXT, alike
from services.text.normal import normalise
from services.text.words import is_word, words

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST, LONGEST = 3, 4
"""Characters of an unknown word that may be a name with one wrong character; two characters are too often chance."""
MOST: Final = 2
"""Corrections of a text that are tried."""


def unknown_word(text: str) -> str | None:
    """Return the first characters of `text` that are in no word and may be a misspelt name; None if there are none."""
    plain = normalise(text).text
    if len(plain) > LONGEST_TEXT:
        return None
    for run in HAN_RUN.finditer(plain):
        strange = ""
        for word in (*words(run[0]), ""):
            if word and (len(word) == 1 or not is_word(word)):
                strange += word
            elif SHORTEST <= len(strange) <= LONGEST:
                return strange
            else:
                strange = ""
    return None


def spelled_otherwise(word: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each place in `word`, the characters that may stand there instead."""
    return tuple(map(alike, word))


def corrected_names(text: str, word: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return `text` with `word` as the archive spells it, the most frequent spelling first.

    Args:
        text: what was typed.
        word: its `unknown_word`.
        texts: texts of articles that may have the name.
    """
    candidates = {
        word[:at] + other + word[at + 1 :]: None
        for at, others in enumerate(spelled_otherwise(word))
        for other in others
    }
    counts: Counter[str] = Counter()
    for printed in texts:
        plain = normalise(printed).text
        for start in range(len(plain) - len(word) + 1):
            part = plain[start : start + len(word)]
            if part in candidates:
                counts[part] += 1
    plain = normalise(text).text
    return tuple(plain.replace(word, name) for name, _ in counts.most_common(MOST))
