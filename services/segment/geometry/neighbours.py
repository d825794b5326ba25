"""What is printed next to each row of a page: the nearest row above, below, to the left and to the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.geometry.places import overlap

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.geometry.places import Places

FAR = 60.0  # distance to the nearest row in a direction in which there is none
_ASIDE = 0.25  # rows are above each other if they share at least this part of the narrower one's width
_LEVEL = 0.5  # rows are beside each other if they share at least this part of the lower one's height
_SLACK = 0.35  # boxes of neighbouring lines overlap by up to this much


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest rows around each row.

    Attributes:
        above, below, before, after: (rows,) the nearest row in each direction, -1 where there is none.
        gap_above, gap_below, gap_before, gap_after: (rows,) the white space to it, at most `FAR`.
    """

    above: Ints
    below: Ints
    before: Ints
    after: Ints
    gap_above: Floats
    gap_below: Floats
    gap_before: Floats
    gap_after: Floats


def neighbours_of(places: Places) -> Neighbours:
    """Find the nearest rows around each row, in time quadratic in the rows."""
    left, top, right, bottom = places.left, places.top, places.right, places.bottom
    wide, high = right - left, bottom - top
    across = overlap(left, right, left, right) / np.maximum(np.minimum(wide[:, None], wide[None, :]), 1e-6)
    level = overlap(top, bottom, top, bottom) / np.maximum(np.minimum(high[:, None], high[None, :]), 1e-6)
    middle, centre = (top + bottom) / 2, (left + right) / 2
    slack = _SLACK * np.minimum(places.size[:, None], places.size[None, :])
    under = top[None, :] - bottom[:, None]  # [i, j]: white space from i down to j
    right_of = left[None, :] - right[:, None]
    stacked = (across > _ASIDE) & (middle[None, :] > middle[:, None]) & (under > -slack)
    beside = (level > _LEVEL) & (centre[None, :] > centre[:, None]) & (right_of > -slack)
    below, gap_below = _nearest(under, stacked)
    above, gap_above = _nearest(under.T, stacked.T)
    after, gap_after = _nearest(right_of, beside)
    before, gap_before = _nearest(right_of.T, beside.T)
    return Neighbours(above, below, before, after, gap_above, gap_below, gap_before, gap_after)


def _nearest(distance: Floats, possible: Flags) -> tuple[Ints, Floats]:
    """Return the nearest possible thing of each row (rows x things), and its distance."""
    measured = np.where(possible, distance, np.inf)
    found = measured.argmin(axis=1)
    least = measured[np.arange(len(measured)), found]
    none = np.isinf(least)
    return np.where(none, -1, found), np.where(none, FAR, np.clip(least, -1.0, FAR))
