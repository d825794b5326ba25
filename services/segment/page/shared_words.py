"""Measures which words the pieces of a page share.

The module counts character n-grams. An n-gram weighs more when fewer pieces contain it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.page.page import DIGIT, HAN, LATIN, character_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints


_LIMIT = 20_000  # characters of a piece that are read
_PORTION = 1 << 22  # pairs of texts with the same n-gram that are counted together
_SIEVE = (1 << 16) - 1
_UNIT = 2520  # weight of an n-gram that a single text contains; _UNIT/df is an integer, so sums are exact


@dataclass(frozen=True, slots=True)
class Phrases:
    """The n-grams of letters and digits of several texts.

    Attributes:
        texts: how many texts there are.
        size: characters of an n-gram.
        text: index of the text of each n-gram, ascending.
        gram: the n-grams as numbers, repeats included.
    """

    texts: int
    size: int
    text: Ints
    gram: Ints


def phrases(texts: Sequence[str], size: int) -> Phrases:
    """Return every n-gram of letters and digits of the texts."""
    clipped = [t[:_LIMIT] for t in texts]
    joined = "\n".join(clipped)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    if len(codes) < size:
        return Phrases(len(texts), size, np.zeros(0, np.int64), np.zeros(0, np.int64))
    classes = character_classes(codes)
    word = (classes == HAN) | (classes == DIGIT) | (classes == LATIN)
    count = len(codes) - size + 1
    gram = np.zeros(count, np.int64)
    usable = np.ones(count, np.bool_)
    for k in range(size):
        gram *= 1_114_117
        gram += codes[k : k + count]
        usable &= word[k : k + count]
    text = np.repeat(np.arange(len(clipped)), [len(t) + 1 for t in clipped])[:count]
    return Phrases(len(texts), size, text[usable], gram[usable])


def distinct(values: Ints) -> Ints:
    """Return the distinct values of an array with one dimension, ascending."""
    ordered = np.sort(values)
    if not len(ordered):
        return ordered
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def among(known: Ints, gram: Ints) -> tuple[Ints, Ints]:
    """Find the known n-grams among others.

    Args:
        known: distinct n-grams, ascending.
        gram: any n-grams.

    Returns:
        The places in `gram` of the known n-grams, ascending, and the place of each of them in `known`.
    """
    if not len(known):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    sieve = np.zeros(_SIEVE + 1, np.bool_)
    sieve[known & _SIEVE] = True
    place = np.flatnonzero(sieve[gram & _SIEVE])
    found = gram[place]
    at = np.minimum(np.searchsorted(known, found), len(known) - 1)
    hit = known[at] == found
    return place[hit], at[hit]


def shared_words(left: Phrases, right: Phrases) -> tuple[Floats, Floats]:
    """Measure how much of the vocabulary of each left text each right text contains.

    Returns:
        Two arrays (left x right). The first holds the share, 0..1, of the weighted distinct n-grams of a left text that
        occur in a right text. The second holds their weight, where a rare n-gram counts 1.
    """
    lefts, rights = left.texts, right.texts
    if not lefts or not rights or not len(left.gram):
        empty = np.zeros((lefts, rights))
        return empty, empty
    known = distinct(left.gram)
    pairs = distinct(np.searchsorted(known, left.gram) * lefts + left.text)
    gram, owner = pairs // lefts, pairs % lefts
    place, at = among(known, right.gram)
    held_pairs = distinct(at * rights + right.text[place])
    held_gram, holder = held_pairs // rights, held_pairs % rights
    held = np.bincount(held_gram, minlength=len(known))
    weight = _UNIT // np.clip(held, 1, 10)
    own = np.bincount(owner, weights=weight[gram], minlength=lefts).reshape(-1, 1)
    first = np.cumsum(held) - held
    count = held[gram]
    common = np.zeros(lefts * rights)
    # List every pair of a left and a right text that contain the same n-gram, in portions that fit into memory.
    portion = np.cumsum(count) // _PORTION
    for part in np.split(np.arange(len(gram)), np.flatnonzero(portion[1:] != portion[:-1]) + 1):
        times, of_gram = count[part], gram[part]
        inner = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        column = holder[np.repeat(first[of_gram], times) + inner]
        cell = np.repeat(owner[part] * rights, times) + column
        common += np.bincount(cell, weights=np.repeat(weight[of_gram], times), minlength=lefts * rights)
    matrix = common.reshape(lefts, rights)
    return matrix / np.maximum(own, 1.0), matrix / float(_UNIT)
