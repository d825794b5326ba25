"""Find the area that an article covers on a page.

The area consists of boxes around the article's lines. Boxes are joined if nothing else is between them.
"""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schemas.geometry import Box, PlacedLine

PADDING: Final = 0.45
"""How far a box reaches beyond its lines, in median line heights of the article."""
REACH: Final = 2.2
"""Largest gap between two lines of a column that share a box, in line heights.

It is wide enough for a blank line between paragraphs.
"""
SAME_COLUMN: Final = 0.5
"""Smallest share of the narrower line that must be above or below the other line."""
LARGER: Final = 1.4
"""Largest ratio between the type sizes of two neighbouring lines in a column."""
BRIDGE: Final = 6.0
"""Largest gap between two boxes that are joined, in median line heights.

It is wide enough for a gutter, or for the white space around a headline.
"""


def outline(lines: Sequence[PlacedLine], others: Sequence[PlacedLine] = ()) -> tuple[Box, ...]:
    """Return boxes that together cover an article: the boxes of its lines in order, then the bridges between them.

    Args:
        lines: the article's placed lines on a page, in the order of the text.
        others: the page's other placed lines. No bridge overlaps them.
    """
    if not lines:
        return ()
    unit = median(min(width, height) for _, _, width, height, _ in lines)
    covered = [_grown(box, PADDING * unit) for box in _columns(lines, others)]
    for _ in range(2):  # the second pass joins bridges: a gutter below the white space around a headline
        joined = {bridge for one, other in combinations(covered, 2) if (bridge := _bridge(one, other, BRIDGE * unit))}
        covered += sorted(bridge for bridge in joined if not any(_overlap(bridge, other[:4]) for other in others))
    return tuple(dict.fromkeys(_rounded(covered)))


def _columns(lines: Sequence[PlacedLine], others: Sequence[PlacedLine]) -> Iterator[Box]:
    """Yield a box for each run of lines in the same column.

    If that box would overlap lines of another article, each line of the run gets a box of its own.
    """
    runs: list[list[PlacedLine]] = []
    around: list[Box] = []
    for line in lines:
        if runs and _continues(around[-1], runs[-1][-1], line):
            runs[-1].append(line)
            around[-1] = _around((around[-1], line[:4]))
        else:
            runs.append([line])
            around.append(line[:4])
    for run, box in zip(runs, around, strict=True):
        if len(run) > 1 and any(_overlap(box, other[:4]) for other in others):
            yield from (line[:4] for line in run)
        else:
            yield box


def _continues(column: Box, last: PlacedLine, line: PlacedLine) -> bool:
    """Return whether a line continues a column.

    It does if it is in the column's width, close to its box, and in type of about the same size as its last line.
    """
    x, y, width, height, size = line
    shared = min(column[0] + column[2], x + width) - max(column[0], x)
    gap = max(y - (column[1] + column[3]), column[1] - (y + height))
    alike = max(size, last[4]) <= LARGER * min(size, last[4])
    return alike and shared >= SAME_COLUMN * min(column[2], width) and gap <= REACH * max(size, min(width, height))


def _bridge(one: Box, other: Box, longest: float) -> Box | None:
    """Return the gap between two boxes side by side or one above the other; None if there is none or it is too long."""
    left, right = max(one[0], other[0]), min(one[0] + one[2], other[0] + other[2])
    top, bottom = max(one[1], other[1]), min(one[1] + one[3], other[1] + other[3])
    if bottom > top and 0 < left - right <= longest:
        return (right, top, left - right, bottom - top)
    if right > left and 0 < top - bottom <= longest:
        return (left, bottom, right - left, top - bottom)
    return None


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def _around(boxes: Iterable[Box]) -> Box:
    every = list(boxes)
    left, top = min(box[0] for box in every), min(box[1] for box in every)
    return (
        left,
        top,
        max(box[0] + box[2] for box in every) - left,
        max(box[1] + box[3] for box in every) - top,
    )


def _grown(box: Box, pad: float) -> Box:
    x, y, width, height = box
    return (x - pad, y - pad, width + 2 * pad, height + 2 * pad)


def _rounded(boxes: Iterable[Box]) -> Iterator[Box]:
    for x, y, width, height in boxes:
        yield (round(x, 2), round(y, 2), round(width, 2), round(height, 2))
