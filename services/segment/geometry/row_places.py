"""Features of each row that say what it is by where it is printed, beside what its text says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.geometry.drawn import drawn_columns
from services.segment.geometry.neighbours import FAR
from services.segment.roles import CLASSES

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.geometry.neighbours import Neighbours
    from services.segment.geometry.places import Places

_ALIGNED = 0.35  # edges that differ by less are in line
_ALIKE = 0.06  # type sizes that differ by less than this part are the same
_MOST_SIZE = 12.0
_TOLD = (
    "width",
    "length",
    "gap",
    "ends_sentence",
    "ends_comma",
    "ends_colon",
    "dash_start",
    "reporter_start",
    "photo_end",
    "photo_word",
    "caption_start",
    "jump_only",
    "lead",
    "bracketed",
    "vertical",
    "spaced",
    "colon",
    "share_digit",
    "share_han",
    "furniture_like",
    "words_elsewhere",
    "phrase_any",
    "torn",
    "indented",
    "bullet",
    "numbered",
    "recurs",
    "stops",
    "first_class",
    "last_class",
)
"""Features of the text that are read together with the places."""


def row_places(evidence: Evidence, places: Places, near: Neighbours) -> Features:
    """Return the features of each row (rows x features).

    Args:
        evidence: what the text alone says.
        places: where the rows are printed.
        near: which rows are next to each other.
    """
    told = evidence.features
    out: dict[str, Floats] = {name: told.column(name) for name in _TOLD if name in told.names}
    wide, high = places.right - places.left, places.bottom - places.top
    count = np.array([len(row.plain) for row in evidence.page.rows], float)
    size = np.minimum(places.size, _MOST_SIZE)
    out |= {
        "size": size,
        "size_rank": _larger(places.size, count),
        "wide": wide,
        "high": np.minimum(high, 40.0),
        "upright": (high > 1.5 * wide).astype(float),
        "pitch": wide / np.maximum(count, 1) / np.maximum(places.size, 0.1),
        "from_top": places.top / places.height,
        "from_bottom": 1 - places.bottom / places.height,
        "from_left": places.left / places.width,
        "from_right": 1 - places.right / places.width,
        "of_width": wide / places.width,
        "same_left": _in_line(places.left, places.size),
        "same_right": _in_line(places.right, places.size),
        "same_size": _in_line_size(places.size),
    }
    around = {
        "above": (near.above, near.gap_above),
        "below": (near.below, near.gap_below),
        "before": (near.before, near.gap_before),
        "after": (near.after, near.gap_after),
    }
    centre = (places.left + places.right) / 2
    for name, (which, gap) in around.items():
        there = which >= 0
        out[f"{name}_gap"] = np.minimum(gap, 15.0)
        out[f"{name}_size"] = np.where(there, places.size[which] / np.maximum(places.size, 0.1), 0.0)
        out[f"{name}_left"] = _change(places.left, which, there)
        out[f"{name}_right"] = _change(places.right, which, there)
        out[f"{name}_centre"] = _change(centre, which, there)
        for number, role in enumerate(CLASSES):
            out[f"{name}_{role}"] = np.where(there, evidence.probabilities[which, number], -0.1)
    for name in ("above", "below"):
        which = around[name][0]
        second = np.where(which >= 0, which[which], -1)
        there = second >= 0
        out[f"{name}_two_size"] = np.where(there, places.size[second] / np.maximum(places.size, 0.1), 0.0)
        out[f"{name}_two_left"] = _change(places.left, second, there)
        out[f"{name}_two_right"] = _change(places.right, second, there)
    out |= drawn_columns(places)
    for number, role in enumerate(CLASSES):
        out[f"told_{role}"] = evidence.probabilities[:, number]
    return Features.of(out)


def _change(edge: Floats, which: Ints, there: Flags) -> Floats:
    return np.where(there, np.clip(edge[which] - edge, -FAR, FAR), -99.0)


def _larger(size: Floats, count: Floats) -> Floats:
    """Return for each row the share of the page's characters that are in clearly larger type."""
    larger = size[None, :] > size[:, None] * (1 + _ALIKE)
    share: Floats = (larger * count[None, :]).sum(axis=1) / max(count.sum(), 1.0)
    return share


def _in_line(edge: Floats, size: Floats) -> Floats:
    """Return how many other rows of about the same size have this edge, at most 30."""
    alike = np.abs(size[:, None] - size[None, :]) < _ALIKE * size[:, None]
    others: Floats = np.minimum(
        ((np.abs(edge[:, None] - edge[None, :]) < _ALIGNED) & alike).sum(axis=1) - 1, 30
    ).astype(float)
    return others


def _in_line_size(size: Floats) -> Floats:
    """Return the share of rows with about the same type size."""
    alike: Floats = (np.abs(size[:, None] - size[None, :]) < _ALIKE * size[:, None]).mean(axis=1)
    return alike
