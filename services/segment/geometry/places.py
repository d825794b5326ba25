"""The places of a page's rows and of what is drawn beside them, in units of the page's own body type.

Files measure in points, pixels or tenths of a millimetre. So every length is divided by the size of the body type, and
no later module knows the file's unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.geometry import Geometry
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.page.rows import Row

LEAST_KNOWN = 0.9  # a page where a smaller share of the characters has a place is read as text alone
MOST_COVERED = 0.1  # a page where a larger share of the rows is printed over another row has wrong places
FEWEST = 8  # fewer rows say too little about a page
_COVERED = 0.5  # two rows are printed over each other if they share more than this part of the smaller one


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the rows of a page are printed. The unit is the size of the body type; y grows downwards.

    Attributes:
        left, top, right, bottom: (rows,) edges of each row. A row without a place has the place of the row before it.
        size: (rows,) type size of each row, where body type is 1.
        width, height: size of the page.
        images, rules, frames: (n x 4) left, top, right, bottom of what is drawn.
    """

    left: Floats
    top: Floats
    right: Floats
    bottom: Floats
    size: Floats
    width: float
    height: float
    images: Floats
    rules: Floats
    frames: Floats

    def __len__(self) -> int:
        return len(self.left)

    def taken(self, rows: Ints) -> Places:
        """Return the places of these rows, in this order."""
        return Places(
            self.left[rows],
            self.top[rows],
            self.right[rows],
            self.bottom[rows],
            self.size[rows],
            self.width,
            self.height,
            self.images,
            self.rules,
            self.frames,
        )


def places_of(rows: Sequence[Row], geometry: Geometry | None) -> Places | None:
    """Return the places of `rows`, or None if the geometry is missing, says too little or cannot be right."""
    if geometry is None or geometry.lines is None or geometry.size is None or len(rows) < FEWEST:
        return None
    lines = geometry.lines
    boxes = np.full((len(rows), 5), np.nan)
    for k, row in enumerate(rows):
        found = [p for n in row.lines if n <= len(lines) and (p := lines[n - 1]) is not None and p[2] > 0 and p[3] > 0]
        if found:
            x, y, w, h, size = np.array(found).T
            boxes[k] = (x.min(), y.min(), (x + w).max(), (y + h).max(), np.median(np.where(size > 0, size, h)))
    known = ~np.isnan(boxes[:, 0])
    characters = np.array([len(row.plain) for row in rows], float)
    if characters[known].sum() < LEAST_KNOWN * characters.sum():
        return None
    unit = _body_size(boxes[known, 4], characters[known])
    boxes = _filled(boxes, known) / unit
    left, top, right, bottom, size = boxes.T
    if _covered(boxes[known]) > MOST_COVERED:
        return None
    drawn = {
        kind: _edges((a.box for a in geometry.boxes if a.kind == kind), unit) for kind in ("image", "rule", "frame")
    }
    width = max(geometry.size[0] / unit, float(right.max()))
    height = max(geometry.size[1] / unit, float(bottom.max()))
    return Places(left, top, right, bottom, size, width, height, drawn["image"], drawn["rule"], drawn["frame"])


def _body_size(sizes: Floats, characters: Floats) -> float:
    """Return the type size of the middle character, when all characters are ordered by size."""
    order = np.argsort(sizes, kind="stable")
    total = np.cumsum(characters[order])
    return float(sizes[order][np.searchsorted(total, total[-1] / 2)])


def _filled(boxes: Floats, known: Flags) -> Floats:
    """Give each row without a place the place of the row before it, or of the first row that has one."""
    index = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
    index[index < 0] = int(np.flatnonzero(known)[0])
    return boxes[index]


def _covered(boxes: Floats) -> float:
    """Return the share of rows (rows x left, top, right, bottom, size) that are printed over another row."""
    left, top, right, bottom = boxes[:, :4].T
    shared = np.maximum(overlap(left, right, left, right), 0) * np.maximum(overlap(top, bottom, top, bottom), 0)
    area = (right - left) * (bottom - top)
    part = shared / np.maximum(np.minimum(area[:, None], area[None, :]), 1e-9)
    np.fill_diagonal(part, 0)
    return float((part.max(axis=1) > _COVERED).mean())


def _edges(boxes: Iterable[tuple[float, float, float, float]], unit: float) -> Floats:
    found = np.array([(x, y, x + w, y + h) for x, y, w, h in boxes], float).reshape(-1, 4)
    return found / unit


def overlap(low: Floats, high: Floats, other_low: Floats, other_high: Floats) -> Floats:
    """Return the length (things x others) that each pair of intervals shares; the gap between them if negative."""
    return np.minimum(high[:, None], other_high[None, :]) - np.maximum(low[:, None], other_low[None, :])
