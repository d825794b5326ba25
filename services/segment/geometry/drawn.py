"""What is drawn beside each row: pictures, rules and frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.geometry.places import overlap

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints
    from services.segment.geometry.places import Places

_NEVER = 30.0  # distance to a drawn thing where there is none
_MARGIN = 0.6  # a row inside a frame may reach over its edge by this much
_THICK = 0.5  # a rule or frame that is lower than this, or narrower, is a line
_EMPTY = 2  # a frame with fewer rows inside is the place of a picture


def inside_of(places: Places, left: Floats, top: Floats, right: Floats, bottom: Floats) -> Ints:
    """Return the smallest frame around each box, as a number of `places.frames`, -1 where there is none: (boxes,)."""
    frames = places.frames
    if not len(frames):
        return np.full(len(left), -1)
    x0, y0, x1, y1 = frames.T
    within = (
        (left[:, None] > x0 - _MARGIN)
        & (top[:, None] > y0 - _MARGIN)
        & (right[:, None] < x1 + _MARGIN)
        & (bottom[:, None] < y1 + _MARGIN)
    )
    area = np.where(within, ((x1 - x0) * (y1 - y0))[None, :], np.inf)
    found = area.argmin(axis=1)
    return np.where(within.any(axis=1), found, -1)


def pictures_of(places: Places) -> Floats:
    """Return the pictures of a page (n x 4): its images, and its frames without rows inside."""
    images, frames = places.images, places.frames
    if not len(frames):
        return images
    held = inside_of(places, places.left, places.top, places.right, places.bottom)
    count = np.bincount(held[held >= 0], minlength=len(frames))
    thick = np.minimum(frames[:, 2] - frames[:, 0], frames[:, 3] - frames[:, 1]) > 2 * _THICK
    return np.concatenate((images, frames[(count < _EMPTY) & thick]))


def rules_of(places: Places) -> Floats:
    """Return the rules of a page (n x 4), and its frames that are as thin as a rule."""
    frames = places.frames
    if not len(frames):
        return places.rules
    thin = np.minimum(frames[:, 2] - frames[:, 0], frames[:, 3] - frames[:, 1]) <= _THICK
    return np.concatenate((places.rules, frames[thin]))


def drawn_columns(places: Places) -> dict[str, Floats]:
    """Return the columns (rows,) that say what is drawn beside each row."""
    left, top, right, bottom = places.left, places.top, places.right, places.bottom
    held = inside_of(places, left, top, right, bottom)
    frames = places.frames
    area = np.zeros(len(places))
    rows = np.zeros(len(places))
    if len(frames):
        share = (frames[:, 2] - frames[:, 0]) * (frames[:, 3] - frames[:, 1]) / (places.width * places.height)
        count = np.bincount(held[held >= 0], minlength=len(frames))
        area = np.where(held >= 0, share[held], 0.0)
        rows = np.where(held >= 0, np.minimum(count[held], 60), 0).astype(float)
    out = {"frame_area": area, "frame_rows": rows}
    pictures = pictures_of(places)
    rules = rules_of(places)
    flat = rules[(rules[:, 2] - rules[:, 0]) > (rules[:, 3] - rules[:, 1])] if len(rules) else rules
    for name, boxes in (("picture", pictures), ("rule", flat)):
        out |= {f"{name}_{side}": gap for side, gap in _gaps(places, boxes).items()}
    within = np.zeros(len(places))
    if len(pictures):
        x, y = (left + right) / 2, (top + bottom) / 2
        x0, y0, x1, y1 = pictures.T
        on = (x[:, None] > x0) & (x[:, None] < x1) & (y[:, None] > y0) & (y[:, None] < y1)
        within = on.any(axis=1).astype(float)
    out["picture_under"] = within
    return out


def _gaps(places: Places, boxes: Floats) -> dict[str, Floats]:
    """Return the white space from each row to the nearest box above it, below it and at its sides: (rows,) each."""
    if not len(boxes):
        return {side: np.full(len(places), _NEVER) for side in ("above", "below", "aside")}
    left, top, right, bottom = places.left, places.top, places.right, places.bottom
    x0, y0, x1, y1 = boxes.T
    across = overlap(left, right, x0, x1) > 0
    level = overlap(top, bottom, y0, y1) > 0
    above, below = top[:, None] - y1[None, :], y0[None, :] - bottom[:, None]
    aside = np.maximum(left[:, None] - x1[None, :], x0[None, :] - right[:, None])
    found = {"above": (above, across), "below": (below, across), "aside": (aside, level)}
    return {
        side: np.where(possible & (gap > -1), np.clip(gap, 0, _NEVER), _NEVER).min(axis=1)
        for side, (gap, possible) in found.items()
    }
