"""One page in arrays: its rows, their characters, and where else on the page their words occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rjieba

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from services.segment.rows import Row

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

HAN, DIGIT, LATIN, PAUSE, STOP, OPENING, CLOSING, DASH, OTHER = range(9)
_CLASS_OF = np.full(0x10000, OTHER, np.int8)
_CLASS_OF[0x4E00:0xA000] = HAN
_CLASS_OF[0x3400:0x4DC0] = HAN
_CLASS_OF[0x30:0x3A] = DIGIT
_CLASS_OF[0x41:0x5B] = LATIN
_CLASS_OF[0x61:0x7B] = LATIN
for _characters, _class in (
    ("，、；：,;:", PAUSE),
    ("。！？!?…", STOP),
    ("“‘（《〈「『(【［[", OPENING),
    ("”’）》〉」』)】］]", CLOSING),
    ("—─－-·", DASH),
):
    for _c in _characters:
        _CLASS_OF[ord(_c)] = _class


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and what is computed from their characters once.

    Attributes:
        number: page number.
        rows: the rows in extracted order.
        codes: code points of all rows' `plain`, end to end.
        classes: character class of each code.
        start: first position of each row in `codes`, plus the total at the end.
        torn: for each row, whether the break before it cuts a dictionary word.
        gram: identifier of the bigram starting at each position (-1 where it is not two words' characters).
        gram_row: row of each bigram.
        weight: weight of each bigram identifier, large when few rows hold it (integers).
    """

    number: int
    rows: tuple[Row, ...]
    codes: Ints
    classes: npt.NDArray[np.int8]
    start: Ints
    torn: npt.NDArray[np.bool_]
    gram: Ints
    gram_row: Ints
    weight: Ints

    def __len__(self) -> int:
        return len(self.rows)


def character_classes(codes: Ints) -> npt.NDArray[np.int8]:
    """The class (HAN, DIGIT, ...) of each code point."""
    found: npt.NDArray[np.int8] = _CLASS_OF[np.where(codes < 0x10000, codes, 0xFFFF)]  # noqa: PLR2004
    return found


def _torn_words(rows: Sequence[Row], start: Ints) -> npt.NDArray[np.bool_]:
    joined = "".join(row.plain for row in rows)
    lengths = np.fromiter((len(w) for w in rjieba.cut(joined)), np.int64)
    ends = np.zeros(start[-1] + 1, np.bool_)
    ends[0] = True
    ends[np.cumsum(lengths)] = True
    torn: npt.NDArray[np.bool_] = ~ends[start[:-1]]
    return torn


def read_page(number: int, rows: Sequence[Row]) -> Page:
    """Compute the arrays of one page; linear in its characters."""
    plains = [row.plain for row in rows]
    start = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(p) for p in plains], out=start[1:])
    joined = "".join(plains)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    classes = character_classes(codes)
    word = (classes == HAN) | (classes == DIGIT) | (classes == LATIN)
    row_of = np.repeat(np.arange(len(rows)), np.diff(start))
    pairs = (codes[:-1] << 21) | codes[1:]
    usable = word[:-1] & word[1:] & ((classes[:-1] == HAN) | (classes[1:] == HAN))
    gram = np.full(max(len(codes) - 1, 0), -1, np.int64)
    unique, inverse = np.unique(pairs[usable], return_inverse=True)
    gram[usable] = inverse
    gram_row = row_of[:-1] if len(codes) else row_of
    # A stable sort keeps occurrences in row order, so a repeat inside a row is adjacent.
    order = np.argsort(gram, kind="stable")
    order = order[gram[order] >= 0]
    g, r = gram[order], gram_row[order]
    fresh = np.ones(len(g), np.bool_)
    fresh[1:] = (g[1:] != g[:-1]) | (r[1:] != r[:-1])
    held = np.bincount(g[fresh], minlength=len(unique))
    weight = 1000 // np.maximum(held, 1)
    return Page(number, tuple(rows), codes, classes, start, _torn_words(rows, start), gram, gram_row, weight)
