"""The evidence that a caption, a byline or another small piece belongs to an article whose frames are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.geometry.drawn import pictures_of
from services.segment.geometry.places import overlap
from services.segment.matching.matches import NONE
from services.segment.page.shared_words import phrases, shared_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.geometry.nodes import Nodes
    from services.segment.geometry.placed_page import PlacedPage
    from services.segment.geometry.places import Places

_MOST = 60.0
_NO_PICTURE = 1.5  # a picture that is farther away than this is not the caption's


def attachment_features(page: PlacedPage, pieces: Nodes, parts: Nodes, owner: Ints, articles: Nodes) -> Features:
    """Return the evidence for each pair (pieces x articles x features).

    Args:
        page: the page.
        pieces: the captions, or the bylines.
        parts: the frames and headline blocks of all articles.
        owner: (parts,) the article of each part.
        articles: all rows of each article as one piece.
    """
    opinion, places, near = page.opinion, page.places, page.near
    count, total = len(pieces), len(articles)
    if not count or not total:
        return Features((), np.zeros((count, total, 0)))
    across = overlap(pieces.left, pieces.right, parts.left, parts.right)
    level = overlap(pieces.top, pieces.bottom, parts.top, parts.bottom)
    away = np.maximum(-across, 0) + np.maximum(-level, 0)
    stacked = across > 0
    under = np.where(stacked & (level < 1), np.maximum(pieces.top[:, None] - parts.bottom[None, :], 0), np.inf)
    over = np.where(stacked & (level < 1), np.maximum(parts.top[None, :] - pieces.bottom[:, None], 0), np.inf)
    under[(pieces.top[:, None] + pieces.bottom[:, None]) < (parts.top + parts.bottom)[None, :]] = np.inf
    over[(pieces.top[:, None] + pieces.bottom[:, None]) > (parts.top + parts.bottom)[None, :]] = np.inf
    aside = np.where(level > 0, np.maximum(-across, 0), np.inf)
    out: dict[str, Floats] = {}
    for name, distance in (("away", away), ("under", under), ("over", over), ("aside", aside)):
        nearest = np.full((count, total), np.inf)
        np.minimum.at(nearest.T, owner, distance.T)
        out[name] = np.minimum(nearest, _MOST)
        out[f"{name}_rank"] = _rank(nearest)
    out |= _inside(pieces, articles, "box")
    pictures = _with_picture(places, pieces)
    for name, edges in zip(("left", "top", "right", "bottom"), pictures.T, strict=True):
        out[f"picture_{name}"] = np.clip(np.abs(edges - getattr(pieces, name)), 0, _MOST)[:, None]
    out |= _around(pictures, parts, owner, total)
    for name, which in (("above", near.above[pieces.first]), ("below", near.below[pieces.last])):
        holder = _holder(which, articles)
        out[f"{name}_own"] = (holder[:, None] == np.arange(total)[None, :]).astype(float)
        out[f"{name}_none"] = (holder == NONE).astype(float)[:, None]
        out[f"{name}_role"] = np.where(which >= 0, opinion.roles[which], -1).astype(float)[:, None]
    out["above_gap"], out["below_gap"] = near.gap_above[pieces.first][:, None], near.gap_below[pieces.last][:, None]
    own = np.array([_first_known(opinion.body[list(r)]) for r in pieces.rows])
    theirs = [opinion.body[list(r)] for r in articles.rows]
    out["told"] = np.array([[float((t == o).mean()) if o >= 0 else -1.0 for t in theirs] for o in own])
    first, last = pieces.low[:, None], pieces.high[:, None]
    out["order_behind"] = np.clip(first - articles.high[None, :], -60, 60).astype(float)
    out["order_before"] = np.clip(articles.low[None, :] - last, -60, 60).astype(float)
    out["same_frame"] = ((pieces.held[:, None] == articles.held[None, :]) & (pieces.held >= 0)[:, None]).astype(float)
    texts = [opinion.page.text_of(r) for r in pieces.rows]
    share, weight = shared_words(phrases(texts, 2), phrases([opinion.page.text_of(r) for r in articles.rows], 2))
    out["share"], out["weight"], out["share_rank"] = share, weight, _rank(-share)
    out["length"] = np.array([min(len(t), 80) for t in texts], float)[:, None]
    out["articles"] = np.full((1, 1), float(total))
    out["rows"] = np.array([min(len(r), 30) for r in articles.rows], float)[None, :]
    values = np.array([np.broadcast_to(column, (count, total)) for column in out.values()], float)
    return Features(tuple(out), values.transpose(1, 2, 0))


def _rank(cost: Floats) -> Floats:
    order = np.argsort(np.argsort(cost, axis=1, kind="stable"), axis=1, kind="stable")
    return np.where(np.isinf(cost), 10.0, np.minimum(order, 9).astype(float))


def _inside(pieces: Nodes, articles: Nodes, name: str) -> dict[str, Floats]:
    """Return how much of each piece lies in the box around each article, and the box's share of that."""
    across = np.maximum(overlap(pieces.left, pieces.right, articles.left, articles.right), 0)
    level = np.maximum(overlap(pieces.top, pieces.bottom, articles.top, articles.bottom), 0)
    area = (pieces.right - pieces.left) * (pieces.bottom - pieces.top)
    return {name: across * level / np.maximum(area, 0.01)[:, None]}


def _with_picture(places: Places, pieces: Nodes) -> Floats:
    """Return the box around each piece and the picture next to it (pieces x left, top, right, bottom)."""
    own = np.stack((pieces.left, pieces.top, pieces.right, pieces.bottom), axis=1)
    pictures = pictures_of(places)
    if not len(pictures):
        return own
    x0, y0, x1, y1 = pictures.T
    across = np.maximum(-overlap(pieces.left, pieces.right, x0, x1), 0)
    level = np.maximum(-overlap(pieces.top, pieces.bottom, y0, y1), 0)
    away = across + level
    found = away.argmin(axis=1)
    close = away[np.arange(len(own)), found] < _NO_PICTURE
    nearest = pictures[found]
    both = np.concatenate((np.minimum(own, nearest)[:, :2], np.maximum(own, nearest)[:, 2:]), axis=1)
    return np.where(close[:, None], both, own)


def _around(boxes: Floats, parts: Nodes, owner: Ints, total: int) -> dict[str, Floats]:
    """Return how long an edge the box of each piece and its picture shares with the parts of each article."""
    x0, y0, x1, y1 = boxes.T
    across, level = overlap(x0, x1, parts.left, parts.right), overlap(y0, y1, parts.top, parts.bottom)
    away = np.maximum(-across, 0) + np.maximum(-level, 0)
    touch = np.where(away < 3, np.maximum(across, 0) + np.maximum(level, 0), 0.0)  # noqa: PLR2004 - a gutter
    edge, nearest = np.zeros((len(boxes), total)), np.full((len(boxes), total), np.inf)
    np.add.at(edge.T, owner, touch.T)
    np.minimum.at(nearest.T, owner, away.T)
    share = edge / np.maximum(edge.sum(axis=1, keepdims=True), 0.01)
    return {
        "edge": np.minimum(edge, 99),
        "edge_share": share,
        "picture_away": np.minimum(nearest, _MOST),
        "picture_rank": _rank(nearest),
    }


def _holder(rows: Ints, articles: Nodes) -> Ints:
    """Return the article that holds each row, or `NONE`."""
    of_row = {row: k for k, held in enumerate(articles.rows) for row in held}
    return np.array([of_row.get(int(row), NONE) for row in rows], np.int64)


def _first_known(values: Ints) -> int:
    known = values[values >= 0]
    return int(known[0]) if len(known) else NONE


def best_owner(odds: Floats, least: Sequence[float] | float) -> list[int]:
    """Return the likeliest article of each piece, or `NONE` where its log-odds are not above `least`."""
    if not odds.shape[1]:
        return [NONE] * len(odds)
    limits = np.broadcast_to(np.asarray(least, float), (len(odds),))
    return [int(row.argmax()) if row.max() > limit else NONE for row, limit in zip(odds, limits, strict=True)]
