"""Find Chinese words with jieba's dictionary: where they begin and end, and what they consist of."""

from __future__ import annotations

from functools import cache, lru_cache

import rjieba
from rjieba import Jieba

PERSON_TAGS = frozenset({"nr", "nrt", "nrfg"})
PLACE_TAG = "ns"
NUMERAL_TAG = "m"
DIVISIONS = frozenset("省市区县旗州盟镇乡村")
"""Last characters of place names that a reader may leave out: 广东 finds 广东省."""
REGIONS = frozenset(
    {"自治州", "自治县", "自治旗", "自治区", "行政区", "特别行政区", "特区", "地区", "人民共和国", "共和国", "合众国"}
    | {"半岛", "高原", "盆地", "平原", "群岛", "海峡", "口岸", "机场", "港口"}
)
PREFIXES = frozenset("总副大小新老高反非各全党")
"""Characters that can precede a word without changing what it is about: 委员长 finds 副委员长."""
PAIR = 2
LONG_WORD = 3


def words(text: str) -> list[str]:
    """Return the words of `text` in order, without leaving anything out.

    The model guesses which characters form unknown names.
    """
    found: list[str] = _dictionary().cut(text)
    return found


def is_word(text: str) -> bool:
    """Return whether `text` is a word of the dictionary."""
    known: bool = _dictionary().has_word(text)
    return known


def boundaries(text: str) -> frozenset[int]:
    """Return the offsets in `text` at which a word of the dictionary begins or ends, 0 and the length included.

    Each character of an unknown name counts as a word, so there is a boundary at each.
    """
    offsets = [0]
    for word in _dictionary().cut(text, hmm=False):
        offsets.append(offsets[-1] + len(word))
    return frozenset(offsets)


@lru_cache(maxsize=2**17)
def seams(word: str) -> tuple[int, ...]:
    """Return the offsets at which a word of the dictionary can be split into shorter words.

    Words split at every seam (走私案 is 走私 and 案, 北京市 is 北京 and 市). Names do not: 印度尼西亚 does not contain
    the word 印度.
    """
    found = tag(word)
    if found is None or found in PERSON_TAGS or found == NUMERAL_TAG:
        return ()
    if found == PLACE_TAG:
        return next(
            (_place_seams(word, seam) for seam in range(2, len(word)) if _is_region(word[:seam], word[seam:])), ()
        )
    opened: set[int] = set()
    for seam in range(1, len(word)):
        head, tail = word[:seam], word[seam:]
        if _apart(head, tail):
            opened.update((seam, *seams(head), *(seam + inner for inner in seams(tail))))
    return tuple(sorted(opened))


@lru_cache(maxsize=2**17)
def tag(word: str) -> str | None:
    """Return the part of speech that the dictionary gives `word` (jieba's tags: n, v, ns …), or None."""
    tagged = _dictionary().tag(word, hmm=False)
    return tagged[0][1] if len(tagged) == 1 else None


@lru_cache(maxsize=2**17)
def is_plain_pair(word: str) -> bool:
    """Return whether `word` is an ordinary word of two characters that keep their meaning in it.

    品茶 is about 茶. Names of places (盐城) and people, idioms and adverbs are not about their characters.
    """
    found = tag(word) if len(word) == PAIR and is_word(word) else None
    return found is not None and found[0] in "nv" and found not in PERSON_TAGS | {PLACE_TAG, "nt"}


def _is_region(head: str, tail: str) -> bool:
    return tail in REGIONS or (tail in DIVISIONS and is_word(head))


def _place_seams(word: str, region: int) -> tuple[int, ...]:
    """Return the seams of the name before a region, and the seam before the region: 甘南|藏族|自治州."""
    if is_word(word[:region]):
        return (region,)
    return tuple(sorted(boundaries(word[:region]) - {0}))


def _apart(head: str, tail: str) -> bool:
    if len(head) == 1:
        return is_word(tail) and (len(tail) + 1 == LONG_WORD or head in PREFIXES)
    if len(tail) == 1:
        return is_word(head) and len(head) + 1 == LONG_WORD
    return is_word(head) and (is_word(tail) or _is_compound(tail))


def _is_compound(text: str) -> bool:
    return all(len(part) >= PAIR for part in _dictionary().cut(text, hmm=False))


@cache
def _dictionary() -> Jieba:
    """Return the dictionary that the package has already loaded; a second one would take 0.1 s and as much memory."""
    loaded: Jieba = vars(rjieba).get("_DEFAULT_JIEBA") or Jieba()
    return loaded
