"""Chinese words, from jieba's dictionary: where they begin and end, and what they are made of."""

from __future__ import annotations

from functools import cache, lru_cache

from rjieba import Jieba

NAME_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "i", "l", "t", "m"})
"""Tags of the dictionary whose words are never taken apart: people, places, idioms, fixed phrases, times, numerals."""
DIVISIONS = frozenset("省市区县旗州盟镇乡村")
"""Endings of names of places that may be left off: 广东 finds 广东省."""
LONG_WORD = 3


def words(text: str) -> list[str]:
    """Return the words of `text` in order, nothing left out; unknown names are joined as the model guesses them."""
    found: list[str] = _dictionary().cut(text)
    return found


def is_word(text: str) -> bool:
    """Return whether the dictionary has `text` as a word."""
    known: bool = _dictionary().has_word(text)
    return known


def boundaries(text: str) -> frozenset[int]:
    """Return the offsets in `text` at which a word begins or ends, 0 and the length included.

    Only words of the dictionary hold their characters together: an unknown name has a boundary at each character, so
    that it is found whichever way its neighbours pull at it. Long words are opened at their seams (走私案 is 走私 and 案,
    北京市 is 北京 and 市) but names and idioms are not: 印度尼西亚 is not about 印度.
    """
    offsets = {0}
    position = 0
    for word in _dictionary().cut(text, hmm=False):
        if len(word) >= LONG_WORD:
            offsets.update(position + seam for seam in seams(word))
        position += len(word)
        offsets.add(position)
    return frozenset(offsets)


@lru_cache(maxsize=2**17)
def seams(word: str) -> tuple[int, ...]:
    """Return the offsets within one word of the dictionary at which it can be taken apart into shorter words."""
    tags = [tag for _, tag in _dictionary().tag(word, hmm=False)]
    if len(tags) != 1:
        return ()
    if tags[0] in NAME_TAGS:
        divisible = tags[0] == "ns" and word[-1] in DIVISIONS and is_word(word[:-1])
        return (len(word) - 1,) if divisible else ()
    last = len(word) - (1 if len(word) == LONG_WORD else 2)
    for seam in range(last, 1, -1):
        head, tail = word[:seam], word[seam:]
        if is_word(head) and (len(tail) == 1 or is_word(tail)):
            return (*seams(head), seam, *(seam + further for further in seams(tail)))
    return ()


@cache
def _dictionary() -> Jieba:
    return Jieba()
