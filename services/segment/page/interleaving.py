"""Columns read across: lines of several stories that alternate, or stand side by side with wide blanks between.

`pdftotext -layout` and an OCR that reads row by row give such text. No line is lost, but no story can be put together
from it, so that whatever is made of the page must say so.
"""

from __future__ import annotations

import re
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from services.segment.page.torn_words import torn_across

if TYPE_CHECKING:
    from services.segment.page.page import Page

MOST_COLUMNS: Final = 5
LEAST_LINES: Final = 4
LEAST_SHARE: Final = 0.15
"""Lines, and share of the page's full lines, with two texts side by side; the benchmark's pages have 0.004 at most."""
MANY = 20
FEW = 8
"""Pairs of lines from which it counts how much more often a line goes on further down than in the next line."""
CLEARLY_MANY = 0.05
CLEARLY_FEW = 0.3
"""By how much: the benchmark's pages have -0.11 at most, the same pages interleaved 0.13 at least."""
USUALLY: Final = 0.42
"""Share of the full lines that end inside a word: nearly all of the benchmark's pages have more."""

_FULL: Final = 8
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TEXT: Final = "\u3400-\u9fff，。、；："
_SIDE_BY_SIDE: Final = re.compile(f"(?<=[{_TEXT}]{{6}})(?:[ \t]{{3,}}|\u3000{{3,}})(?=[{_TEXT}“”《》（）\\d]{{6}})")


def is_interleaved(page: Page) -> bool:
    """Tell whether the page's columns are read across, by how its lines go on in one another."""
    return _side_by_side(page) or _alternating(page)


def _side_by_side(page: Page) -> bool:
    full = [row.text for row in page.rows if len(row.plain) >= _FULL]
    found = sum(_SIDE_BY_SIDE.search(text) is not None for text in full)
    return found >= LEAST_LINES and found >= LEAST_SHARE * len(full)


def _alternating(page: Page) -> bool:
    """Tell whether words cut at the end of a line go on not in the next line but further down, or nowhere."""
    if len(page) <= FEW:
        return False
    count, going_on = _share_going_on(page, 1)
    if count >= MANY and going_on < USUALLY - 1 / sqrt(count):
        return True
    for lag in range(2, MOST_COLUMNS + 1):
        other, further = _share_going_on(page, lag)
        fewest = min(count, other)
        clearly = CLEARLY_MANY if fewest >= MANY else CLEARLY_FEW
        if fewest >= FEW and further - going_on >= clearly:
            return True
    return False


def _share_going_on(page: Page, lag: int) -> tuple[int, float]:
    """Return how many full lines could go on `lag` lines further down, and in what share of them a word does."""
    plains = [row.plain for row in page.rows]
    above = np.array(
        [
            row
            for row in range(len(plains) - lag)
            if len(plains[row]) >= _FULL and _HAN.match(plains[row][-1]) and _HAN.match(plains[row + lag][0])
        ],
        np.int64,
    )
    return len(above), float(torn_across(page, above, above + lag).mean()) if len(above) else 0.0
