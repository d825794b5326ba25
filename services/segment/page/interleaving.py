"""Detects pages whose columns were read across.

The lines of several stories then alternate, or two stories share a line with wide blanks between them.
`pdftotext -layout` gives such text, and so does an OCR that reads row by row. No line is lost, but segmentation cannot
put the stories together again, so the results of such a page carry a flag.
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
"""A page is interleaved if it has this many lines with two texts side by side, and this share of its full lines.

The pages of the benchmark have a share of 0.004 at most.
"""
MANY = 20
FEW = 8
"""Numbers of line pairs that are enough to compare two shares.

The first share is how often a line continues further down. The second is how often it continues in the next line.
"""
CLEARLY_MANY = 0.05
CLEARLY_FEW = 0.3
"""Least difference between the two shares, with many pairs and with few.

The pages of the benchmark have -0.11 at most. The same pages, interleaved, have 0.13 at least.
"""
USUALLY: Final = 0.42
"""Share of the full lines that end inside a word, and whose word continues in the next line.

Of 90 pages of the benchmark 88 have this share at least. The same pages with two, three or four columns interleaved
have 0.36 at most. A page with a higher share is therefore not compared further, which would take a fifth of the time of
segmentation's last step.
"""

_FULL: Final = 8
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TEXT: Final = "\u3400-\u9fff，。、；："
_SIDE_BY_SIDE: Final = re.compile(f"(?<=[{_TEXT}]{{6}})(?:[ \t]{{3,}}|\u3000{{3,}})(?=[{_TEXT}“”《》（）\\d]{{6}})")


def is_interleaved(page: Page) -> bool:
    """Tell whether the page's columns were read across, judging by where its lines continue."""
    return _side_by_side(page) or _alternating(page)


def _side_by_side(page: Page) -> bool:
    full = [row.text for row in page.rows if len(row.plain) >= _FULL]
    found = sum(_SIDE_BY_SIDE.search(text) is not None for text in full)
    return found >= LEAST_LINES and found >= LEAST_SHARE * len(full)


def _alternating(page: Page) -> bool:
    """Tell whether words cut at the end of a line continue further down or nowhere, and not in the next line."""
    if len(page) <= FEW:
        return False
    count, going_on = _share_going_on(page, 1)
    if count >= MANY and going_on >= USUALLY:
        return False
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
    """Return how many full lines could continue `lag` lines further down, and the share where a word does continue."""
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
