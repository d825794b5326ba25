"""Words that pieces of a page share, counted as character n-grams weighted by how few pieces hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.page import DIGIT, HAN, LATIN, character_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

_LIMIT = 20_000  # characters of one piece that are looked at


def grams(texts: Sequence[str], size: int) -> tuple[Ints, Ints]:
    """(piece, n-gram) for every n-gram of letters and digits, repeats included."""
    clipped = [t[:_LIMIT] for t in texts]
    joined = "\n".join(clipped)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    classes = character_classes(codes)
    word = (classes == HAN) | (classes == DIGIT) | (classes == LATIN)
    if len(codes) < size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    count = len(codes) - size + 1
    gram = np.zeros(count, np.int64)
    usable = np.ones(count, np.bool_)
    for k in range(size):
        gram = gram * 1_114_117 + codes[k : k + count]
        usable &= word[k : k + count]
    piece = np.repeat(np.arange(len(clipped)), [len(t) + 1 for t in clipped])[: len(codes)][:count]
    return piece[usable], gram[usable]


def shared_words(left: Sequence[str], right: Sequence[str], size: int = 2) -> tuple[Floats, Floats]:
    """How much of each left text's vocabulary each right text holds.

    Returns:
        share (left x right) of the weighted distinct n-grams of a left text that occur in a right text, 0..1, and the
        weight itself (left x right) with a rare n-gram counting 1.
    """
    if not left or not right:
        empty = np.zeros((len(left), len(right)))
        return empty, empty
    piece, gram = grams([*left, *right], size)
    _, gram = np.unique(gram, return_inverse=True)
    kinds = int(gram.max()) + 1 if len(gram) else 1
    pairs = np.unique(piece * kinds + gram)
    piece, gram = pairs // kinds, pairs % kinds
    of_right = piece >= len(left)
    held = np.bincount(gram[of_right], minlength=kinds)
    weight = 2520 // np.clip(held, 1, 10)  # 1/df in integers: sums are exact
    own = np.bincount(piece[~of_right], weights=weight[gram[~of_right]], minlength=len(left)).reshape(-1, 1)
    by_gram = np.argsort(gram[of_right], kind="stable")
    place, held_by = gram[of_right][by_gram], piece[of_right][by_gram] - len(left)
    first = np.searchsorted(place, gram[~of_right])
    count = held[gram[~of_right]]
    # Every pair of a left and a right text that hold an n-gram, one after another.
    row = np.repeat(piece[~of_right], count)
    inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    column = held_by[np.repeat(first, count) + inner]
    shared = np.repeat(weight[gram[~of_right]], count)
    common = np.bincount(row * len(right) + column, weights=shared, minlength=len(left) * len(right))
    common = common.reshape(len(left), len(right))
    return common / np.maximum(own, 1.0), common / 2520.0
