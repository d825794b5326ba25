"""Divide a page into what is never divided again: column frames of running text, and headline blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import NOTHING, Features
from services.segment.geometry.drawn import inside_of, rules_of
from services.segment.geometry.places import overlap
from services.segment.page.torn_words import torn_across
from services.segment.roles import BODY, HEADING, is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.geometry.neighbours import Neighbours
    from services.segment.geometry.places import Places

    Groups = tuple[tuple[int, ...], ...]

_PITCH = 1.9  # rows of running text that are farther apart, in line pitches, are in two frames
_ROOM = 3.4  # the same beside a subhead
_ALIKE = 0.1  # type sizes of a frame differ by at most this part
_SHIFT = 3.3  # the left edge of a row may differ by this much: an indent, and some slack
_OVERHANG = 2.2  # a row may reach over the right edge of the rows above it by this much
_SURE = 0.0  # log-odds of the text's own cut, beyond which a frame is divided there
_COVERS = 0.4  # a rule divides a column if it covers at least this part of its width
_REACH = 2.6  # heading rows that are farther apart, in sizes of the larger type, are never in one block


def line_pitch(places: Places, near: Neighbours, roles: Ints) -> float:
    """Return the usual distance from a line of running text to the next, 1.35 where there is none."""
    here = np.flatnonzero((roles == BODY) & (near.below >= 0))
    here = here[roles[near.below[here]] == BODY]
    if not len(here):
        return 1.35
    return float(np.clip(np.median(places.top[near.below[here]] - places.top[here]), 0.8, 3.0))


def ruled(places: Places, rows: Ints, others: Ints) -> Flags:
    """Tell for each pair of rows, the second below the first, whether a rule divides them: (pairs,)."""
    rules = rules_of(places)
    if not len(rules) or not len(rows):
        return np.zeros(len(rows), np.bool_)
    x0, y0, x1, y1 = rules.T
    left, right = (
        np.maximum(places.left[rows], places.left[others]),
        np.minimum(places.right[rows], places.right[others]),
    )
    wide = np.maximum(right - left, 0.1)
    covers = overlap(left, right, x0, x1) > _COVERS * wide[:, None]
    middle = (y0 + y1) / 2
    between = (middle > places.bottom[rows][:, None] - 0.5) & (middle < places.top[others][:, None] + 0.5)
    flat = (x1 - x0) > (y1 - y0)
    found: Flags = (covers & between & flat).any(axis=1)
    return found


def column_frames(evidence: Evidence, places: Places, near: Neighbours, cut_before: Floats) -> Groups:
    """Return the column frames: rows of running text under each other, each from its top to its bottom.

    A frame ends where another kind of row, a rule, other type, another column or much white space follows, and where
    the text alone is sure that a new article begins.

    Args:
        evidence: what is known of the page.
        places: where the rows are printed.
        near: which rows are next to each other.
        cut_before: (rows,) log-odds of the text that a new article starts at each row; -inf where it cannot tell.
    """
    roles = evidence.roles
    flow = is_flow(roles)
    pitch = line_pitch(places, near, roles)
    below = near.below
    rows = np.flatnonzero(flow & (below >= 0))
    others = below[rows]
    joined = flow[others] & (near.above[others] == rows)
    plain = (roles[rows] == BODY) & (roles[others] == BODY)
    joined &= places.top[others] - places.top[rows] < np.where(plain, _PITCH, _ROOM) * pitch
    change = np.abs(places.size[rows] - places.size[others])
    joined &= ~plain | (change < _ALIKE * np.maximum(places.size[rows], places.size[others]))
    joined &= ~ruled(places, rows, others)
    joined &= ~evidence.page.glued[rows]
    joined &= (others != rows + 1) | (cut_before[others] <= _SURE)
    follows = dict(zip(rows[joined].tolist(), others[joined].tolist(), strict=True))
    starts = sorted(set(np.flatnonzero(flow).tolist()) - set(follows.values()))
    found = [frame for start in starts for frame in _parted(places, roles, _chain(follows, start))]
    return tuple(sorted(tuple(frame) for frame in found))


def _chain(follows: dict[int, int], start: int) -> list[int]:
    found = [start]
    while found[-1] in follows:
        found.append(follows[found[-1]])
    return found


def _parted(places: Places, roles: Ints, chain: Sequence[int]) -> list[list[int]]:
    """Divide a chain where the rows move to another column, or become wider than the column."""
    parts: list[list[int]] = [[]]
    low = high = 0.0
    for row in chain:
        part = parts[-1]
        body = roles[row] == BODY
        if part and body and low < high:
            outside = places.left[row] < low - _SHIFT or places.left[row] > low + _SHIFT
            if outside or (len(part) > 1 and places.right[row] > high + _OVERHANG):
                parts.append([])
                low = high = 0.0
        parts[-1].append(row)
        if body:
            low = min(low, places.left[row]) if low < high else places.left[row]
            high = max(high, places.right[row])
    return parts


def heading_pairs(evidence: Evidence, places: Places, near: Neighbours, apart: Floats) -> tuple[Ints, Ints, Features]:
    """Return pairs of heading rows near each other, and the evidence that they head the same article.

    Args:
        evidence: what is known of the page.
        places: where the rows are printed.
        near: which rows are next to each other.
        apart: (rows,) probability, by the text, that a heading row heads another article than the one before it.

    Returns:
        The first and the second row of each pair, ascending, and (pairs x features).
    """
    rows = np.flatnonzero(evidence.roles == HEADING)
    one, two = (rows[k] for k in np.triu_indices(len(rows), 1))
    across = _shared(places.left, places.right, one, two)
    level = _shared(places.top, places.bottom, one, two)
    larger = np.maximum(places.size[one], places.size[two])
    close = ((across > 0) & (-level <= _REACH * larger)) | ((level > 0) & (-across <= _REACH * larger))
    one, two = one[close], two[close]
    across, level, larger = across[close], level[close], larger[close]
    if not len(one):
        return one, two, NOTHING
    smaller = np.minimum(places.size[one], places.size[two])
    wide = places.right - places.left
    high = places.bottom - places.top
    upper = np.where(places.top[one] <= places.top[two], one, two)
    lower = np.where(upper == one, two, one)
    held = inside_of(places, places.left, places.top, places.right, places.bottom)
    told = evidence.features.column
    out: dict[str, Floats] = {
        "size_ratio": smaller / larger,
        "upper_size": places.size[upper],
        "lower_size": places.size[lower],
        "across": np.clip(across, -20, 60),
        "level": np.clip(level, -20, 60),
        "across_part": across / np.maximum(np.minimum(wide[one], wide[two]), 0.1),
        "level_part": level / np.maximum(np.minimum(high[one], high[two]), 0.1),
        "gap": np.maximum(-level, 0) / larger,
        "aside": np.maximum(-across, 0) / larger,
        "left_change": np.clip(places.left[lower] - places.left[upper], -40, 40),
        "right_change": np.clip(places.right[lower] - places.right[upper], -40, 40),
        "centre_change": np.abs(places.left[one] + places.right[one] - places.left[two] - places.right[two]) / 2,
        "upper_wide": wide[upper],
        "lower_wide": wide[lower],
        "adjacent": (near.below[upper] == lower).astype(float) + 2.0 * (near.above[lower] == upper),
        "beside": ((near.after[one] == two) | (near.before[one] == two)).astype(float),
        "ruled": ruled(places, upper, lower).astype(float),
        "same_frame": (held[one] == held[two]).astype(float) + (held[one] >= 0),
        "rows": np.clip(two - one, 0, 30).astype(float),
        "order": np.sign(lower - upper).astype(float),
        "apart": np.where(two == one + 1, apart[two], -1.0),
        "upright": (high[one] > 1.5 * wide[one]).astype(float) + (high[two] > 1.5 * wide[two]),
        "torn": torn_across(evidence.page, upper, lower),
        "upper_heading": evidence.probabilities[upper, HEADING],
        "lower_heading": evidence.probabilities[lower, HEADING],
        "upper_below_gap": near.gap_below[upper],
        "lower_above_gap": near.gap_above[lower],
        "lower_below_gap": near.gap_below[lower],
    }
    for name in ("dash_start", "ends_comma", "ends_colon", "spaced", "length"):
        out |= {f"upper_{name}": told(name)[upper], f"lower_{name}": told(name)[lower]}
    return one, two, Features.of(out)


def _shared(low: Floats, high: Floats, one: Ints, two: Ints) -> Floats:
    return np.minimum(high[one], high[two]) - np.maximum(low[one], low[two])


def headline_blocks(rows: Sequence[int], one: Ints, two: Ints, odds: Floats) -> Groups:
    """Return the blocks that heading `rows` form when every pair with positive log-odds is in one block."""
    block = {row: row for row in rows}

    def first(row: int) -> int:
        while block[row] != row:
            row = block[row]
        return row

    for a, b, said in zip(one.tolist(), two.tolist(), odds.tolist(), strict=True):
        if said > 0:
            low, high = sorted((first(a), first(b)))
            block[high] = low
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(first(row), []).append(row)
    return tuple(tuple(found[k]) for k in sorted(found))
