"""Finds words and numbers that a break between two rows cuts; the rows may be adjacent or apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rjieba

from services.segment.page.page import DIGIT

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints
    from services.segment.page.page import Page

_REACH = 6


def torn_across(page: Page, above: Ints, below: Ints) -> Floats:
    """Return 1 where a word or number at the end of row `above[k]` continues in row `below[k]`, else 0: (pairs,)."""
    result = np.where(below == above + 1, page.torn[below], False).astype(float)
    last, first = page.classes[page.start[above + 1] - 1], page.classes[page.start[below]]
    result[(last == DIGIT) & (first == DIGIT)] = 1.0
    apart = np.flatnonzero(below != above + 1)
    if len(apart):
        result[apart] = np.maximum(
            result[apart], torn_texts([(page.rows[above[k]].plain, page.rows[below[k]].plain) for k in apart])
        )
    return result


def torn_texts(pairs: list[tuple[str, str]]) -> Floats:
    """Return 1 for each pair of texts whose seam lies inside a dictionary word, else 0: (pairs,)."""
    pieces, seams, length = [], [], 0
    for left, right in pairs:
        tail, head = left[-_REACH:], right[:_REACH]
        seams.append(length + len(tail))
        pieces.append(f"{tail}{head}\n")
        length += len(pieces[-1])
    ends = np.zeros(length + 1, np.bool_)
    ends[np.cumsum(np.fromiter((len(w) for w in rjieba.cut("".join(pieces))), np.int64))] = True
    return (~ends[np.array(seams, np.int64)]).astype(float)
