"""The evidence that one piece of a page follows another in the same article.

A column frame follows another frame, or it is the first under a headline. Every piece that comes before is compared
with every piece that may follow, by where they are printed and by what the text says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.geometry.drawn import rules_of
from services.segment.geometry.opinion import opinion_columns
from services.segment.geometry.places import overlap
from services.segment.roles import BYLINE, CAPTION, HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.geometry.nodes import Nodes
    from services.segment.geometry.placed_page import PlacedPage

_MOST = 60.0
_SLACK = 1.5  # boxes of pieces next to each other overlap by up to this much
_SAME = 0.01
_UNDER = 0.4  # a piece is under another if they share at least this part of the narrower one's width


def link_features(page: PlacedPage, before: Nodes, behind: Nodes, heads: Nodes) -> Features:
    """Return the evidence for each pair (pieces before x pieces behind x features).

    Args:
        page: the page.
        before: frames, or headline blocks.
        behind: the frames and long captions that may follow them.
        heads: the headline blocks of the page.
    """
    if not len(before) or not len(behind):
        return Features((), np.zeros((len(before), len(behind), 0)))
    out = _boxes(before, behind)
    across, level = out["across"], out["level"]
    wide = np.minimum((before.right - before.left)[:, None], (behind.right - behind.left)[None, :])
    stacked = across > _UNDER * np.maximum(wide, 0.1)
    out["stacked"] = stacked.astype(float)
    lower = stacked & (out["down"] > -_SLACK)
    out["under_rank"] = _rank(np.where(lower, out["down"], np.inf))
    out["over_rank"] = _rank(np.where(lower, out["down"], np.inf).T).T
    right = np.where((out["aside"] > -_SLACK) & (level > 0), out["aside"] + 0.2 * np.abs(out["tops"]), np.inf)
    out["next_rank"] = _rank(right)
    out["next_back_rank"] = _rank(right.T).T
    way = np.abs(out["aside"]) + np.abs(out["tops"])
    out["way_rank"], out["way_back_rank"] = _rank(way), _rank(way.T).T
    out["place_rank"] = _rank(np.where(lower, behind.left[None, :] + 0.3 * behind.top[None, :], np.inf))
    out |= _headings(before, behind, heads)
    out |= _between(page, before, behind)
    out |= _ends(page, before, behind)
    out |= opinion_columns(page.opinion, before, behind)
    out["pieces_before"], out["pieces_behind"] = np.full((1, 1), len(before)), np.full((1, 1), len(behind))
    shape = (len(before), len(behind))
    values = np.array([np.broadcast_to(column, shape) for column in out.values()], float)
    return Features(tuple(out), values.transpose(1, 2, 0))


def _boxes(before: Nodes, behind: Nodes) -> dict[str, Floats]:
    """Compare the boxes of each pair."""
    a, b = before, behind
    wide_a, wide_b = (a.right - a.left)[:, None], (b.right - b.left)[None, :]

    def change(one: Floats, two: Floats) -> Floats:
        return np.clip(two[None, :] - one[:, None], -_MOST, _MOST)

    return {
        "lefts": change(a.left, b.left),
        "rights": change(a.right, b.right),
        "tops": change(a.top, b.top),
        "bottoms": change(a.bottom, b.bottom),
        "down": change(a.bottom, b.top),
        "up": change(a.top, b.bottom),
        "aside": change(a.right, b.left),
        "back": change(a.left, b.right),
        "across": np.clip(overlap(a.left, a.right, b.left, b.right), -_MOST, _MOST),
        "level": np.clip(overlap(a.top, a.bottom, b.top, b.bottom), -_MOST, _MOST),
        "wide_ratio": np.clip(wide_b / np.maximum(wide_a, 0.1), 0, 9),
        "wide_change": np.clip(wide_b - wide_a, -_MOST, _MOST),
        "wide_before": np.minimum(wide_a, _MOST),
        "wide_behind": np.minimum(wide_b, _MOST),
        "high_before": np.minimum(a.bottom - a.top, _MOST)[:, None],
        "high_behind": np.minimum(b.bottom - b.top, _MOST)[None, :],
        "size_change": np.clip(change(a.size, b.size), -9, 9),
        "largest_before": np.minimum(a.largest, 12.0)[:, None],
        "largest_behind": np.minimum(b.largest, 12.0)[None, :],
        "same_frame": (a.held[:, None] == b.held[None, :]).astype(float),
        "framed_before": (a.held >= 0).astype(float)[:, None],
        "framed_behind": (b.held >= 0).astype(float)[None, :],
    }


def _rank(cost: Floats) -> Floats:
    """Return the rank of each column in its row, from 0, at most 9; 10 where the cost is infinite."""
    order = np.argsort(np.argsort(cost, axis=1, kind="stable"), axis=1, kind="stable")
    return np.where(np.isinf(cost), 10.0, np.minimum(order, 9).astype(float))


def heading_above(nodes: Nodes, heads: Nodes) -> tuple[Ints, Floats]:
    """Return the nearest headline block above each piece, -1 where there is none, and the white space to it."""
    if not len(heads) or not len(nodes):
        return np.full(len(nodes), -1), np.full(len(nodes), _MOST)
    across = overlap(nodes.left, nodes.right, heads.left, heads.right)
    gap = nodes.top[:, None] - heads.bottom[None, :]
    cost = np.where((across > 0) & (gap > -1), gap, np.inf)
    found = cost.argmin(axis=1)
    least = cost[np.arange(len(nodes)), found]
    return np.where(np.isinf(least), -1, found), np.clip(least, -1, _MOST)


def _headings(before: Nodes, behind: Nodes, heads: Nodes) -> dict[str, Floats]:
    """Compare the headline blocks above the two pieces of each pair."""
    over_a, gap_a = heading_above(before, heads)
    over_b, gap_b = heading_above(behind, heads)
    a, b = over_a[:, None], over_b[None, :]
    out = {
        "same_heading": ((a == b) & (a >= 0)).astype(float) + 2.0 * ((a < 0) & (b < 0)),
        "heading_gap_before": gap_a[:, None],
        "heading_gap_behind": gap_b[None, :],
        "heading_change": np.clip(gap_b[None, :] - gap_a[:, None], -_MOST, _MOST),
    }
    if not len(heads):
        none = np.zeros((1, 1))
        return out | {
            "heading_spans": none,
            "heading_size_before": none,
            "heading_size_behind": none,
            "heading_between": none,
        }
    spans = np.minimum(heads.right[a], before.right[:, None] + 0 * b) - np.maximum(heads.left[a], before.left[:, None])
    over = np.minimum(heads.right[a], behind.right[None, :]) - np.maximum(heads.left[a], behind.left[None, :])
    out["heading_spans"] = np.where(a >= 0, np.clip(np.minimum(spans, over), -_MOST, _MOST), -_MOST)
    out["heading_size_before"] = np.where(a >= 0, heads.largest[a], 0.0)
    out["heading_size_behind"] = np.where(b >= 0, heads.largest[b], 0.0)
    # Headline blocks above the second piece that are lower than the top of the first: a story starts there.
    above = (overlap(behind.left, behind.right, heads.left, heads.right) > 0) & (
        heads.bottom[None, :] < behind.top[:, None] + 1
    )
    lower = heads.top[None, :] > before.top[:, None] - 1
    out["heading_between"] = np.minimum(lower.astype(float) @ above.T.astype(float), 5)
    return out


def _between(page: PlacedPage, before: Nodes, behind: Nodes) -> dict[str, Floats]:
    """Count what is printed in the box between the centres of the two pieces of each pair."""
    ax, bx = (before.left + before.right)[:, None] / 2, (behind.left + behind.right)[None, :] / 2
    ay, by = before.bottom[:, None] - 0.3, behind.top[None, :] + 0.3
    shape = np.broadcast_shapes(ax.shape, bx.shape)
    x0, x1 = np.broadcast_to(np.minimum(ax, bx), shape), np.broadcast_to(np.maximum(ax, bx), shape)
    # Between columns, look along the tops of the two; in a column, look from the end of one to the top of the other.
    y0 = np.where(ay < by, ay, np.maximum(before.top[:, None], behind.top[None, :]))
    y1 = np.where(ay < by, by, np.minimum(before.bottom[:, None], behind.bottom[None, :]))
    out: dict[str, Floats] = {}
    places, roles = page.places, page.opinion.roles
    rows = np.stack((places.left, places.top, places.right, places.bottom), axis=1)
    for name, which in (
        ("heading", roles == HEADING),
        ("byline", roles == BYLINE),
        ("caption", roles == CAPTION),
        ("any", roles >= 0),
    ):
        out[f"{name}_rows_between"] = _count((x0, y0, x1, y1), rows[which], before, behind)
    rules = rules_of(places)
    upright = (rules[:, 3] - rules[:, 1]) > (rules[:, 2] - rules[:, 0])
    out["rules_between"] = _count((x0, y0, x1, y1), rules[~upright], before, behind)
    out["upright_rules_between"] = _count((x0, y0, x1, y1), rules[upright], before, behind)
    return out


def _count(area: Sequence[Floats], boxes: Floats, before: Nodes, behind: Nodes) -> Floats:
    """Return how many boxes (n x 4) reach into the area of each pair, at most 20, without those of the pair itself."""
    x0, y0, x1, y1 = (edge[:, :, None] for edge in area)
    left, top, right, bottom = boxes.T
    inside = (right > x0) & (left < x1) & (bottom > y0) & (top < y1)
    for nodes, axis in ((before, 1), (behind, 0)):
        own = (
            (left >= nodes.left[:, None] - _SAME)
            & (right <= nodes.right[:, None] + _SAME)
            & (top >= nodes.top[:, None] - _SAME)
            & (bottom <= nodes.bottom[:, None] + _SAME)
        )
        inside &= ~np.expand_dims(own, axis)
    count: Floats = np.minimum(inside.sum(axis=2), 20).astype(float)
    return count


def _ends(page: PlacedPage, before: Nodes, behind: Nodes) -> dict[str, Floats]:
    """Describe how the first piece of each pair ends and how the second starts."""
    places, near, opinion = page.places, page.near, page.opinion
    last, first = before.last, behind.first
    above, below = near.above[first], near.below[last]
    roles, told = opinion.roles, opinion.features.column
    out = {
        "ends_short": np.clip(before.right - places.right[last], 0, 30)[:, None],
        "starts_indented": np.clip(places.left[first] - behind.left, 0, 10)[None, :],
        "starts_row_short": np.clip(behind.right - places.right[first], 0, 30)[None, :],
        "above_role": np.where(above >= 0, roles[above], -1)[None, :],
        "above_gap": near.gap_above[first][None, :],
        "above_size": np.where(above >= 0, places.size[above], 0.0)[None, :],
        "below_role": np.where(below >= 0, roles[below], -1)[:, None],
        "below_gap": near.gap_below[last][:, None],
        "below_size": np.where(below >= 0, places.size[below], 0.0)[:, None],
        "rows_before": np.array([min(len(r), 60) for r in before.rows])[:, None],
        "rows_behind": np.array([min(len(r), 60) for r in behind.rows])[None, :],
        "first_role": roles[first][None, :],
        "last_role": roles[last][:, None],
        "above_is": ((above[None, :] == last[:, None]) & (above >= 0)[None, :]).astype(float),
    }
    for name in ("ends_sentence", "ends_comma", "last_class", "reporter_start"):
        out[f"last_{name}"] = told(name)[last][:, None]
    for name in ("lead", "indented", "first_class", "caption_start", "bullet", "photo_word"):
        if name in opinion.features.names:
            out[f"first_{name}"] = told(name)[first][None, :]
    out["glued"] = opinion.page.glued[last].astype(float)[:, None]
    return out
