"""Collect the evidence for every pair on a page: which headline, caption or byline goes with which body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.layout.pair_places import pair_features, place_columns, places_of, row_counts
from services.segment.layout.pair_table import FULL_MOST, FULL_NAMES
from services.segment.page.shared_words import phrases, shared_words
from services.segment.roles import BYLINE, CAPTION, FURNITURE, HEADING, JUMP, LABEL, is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.page.page import Page
    from services.segment.page.shared_words import Phrases


_LEAD_CHARACTERS = 160
_SURE = 0.35  # a body that shares at least this part of a headline's words is taken for the headline's body
_REPORTER_CHARACTERS = 60  # the first characters of a body, where a reporter may be named


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of a page and their text, read once for all pieces that are compared with them.

    Attributes:
        rows: row indexes of each body.
        texts: the `plain` text of each body.
        words, phrases: the two- and four-character n-grams of each body.
        leads, tails: the words in the first and in the last 160 characters of each body.
    """

    rows: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]
    words: Phrases
    phrases: Phrases
    leads: Phrases
    tails: Phrases


def bodies_of(page: Page, rows: Sequence[tuple[int, ...]]) -> Bodies:
    """Read the bodies made of `rows`."""
    texts = tuple(page.text_of(b) for b in rows)
    return Bodies(
        tuple(rows),
        texts,
        phrases(texts, 2),
        phrases(texts, 4),
        phrases([t[:_LEAD_CHARACTERS] for t in texts], 2),
        phrases([t[-_LEAD_CHARACTERS:] for t in texts], 2),
    )


def _ranks(matrix: Floats) -> Floats:
    """Return the rank of each value in its row: 0 is the largest, and equal values share the better rank."""
    ranks: Floats = (matrix[:, None, :] > matrix[:, :, None]).sum(axis=2).astype(float)
    return ranks


def _margin(matrix: Floats) -> Floats:
    """Return each value minus the largest other value of its row."""
    if matrix.shape[1] == 1:
        return matrix.copy()
    top = np.sort(matrix, axis=1)
    largest, second = top[:, -1:], top[:, -2:-1]
    return matrix - np.where(matrix == largest, second, largest)


def full_pairs(
    page: Page, features: Features, roles: Ints, pieces: Sequence[Sequence[int]], bodies: Bodies
) -> Features:
    """Return the evidence for each pair (pieces x bodies x `FULL_NAMES`), without features if there are no pairs.

    Args:
        page: the page.
        features: the features of its rows.
        roles: (rows,) the class each row is taken for.
        pieces: the rows of each headline block, caption or byline, ascending.
        bodies: the bodies that the pieces are compared with.
    """
    count, total = len(pieces), len(bodies.rows)
    if not count or not total:
        return Features((), np.zeros((count, total, 0)))
    piece_texts = [page.text_of(p) for p in pieces]
    out = _words(piece_texts, bodies)
    ends, body_ends = places_of(pieces), places_of(bodies.rows)
    counts = row_counts(page, features, roles, is_flow(roles))
    out |= place_columns(counts, ends, body_ends, FULL_MOST)
    nearest_after = np.searchsorted(body_ends.first, ends.last, side="right")  # first body that starts after the piece
    nearest_before = np.searchsorted(body_ends.last, ends.first) - 1
    out |= _ranks_between(count, total, nearest_after, nearest_before)
    out |= _neighbours(out["share"], nearest_after, nearest_before)
    role = roles.tolist()
    for name, of_piece in {
        "piece_rows": [len(p) for p in pieces],
        "piece_length": [min(len(t), FULL_MOST["piece_length"]) for t in piece_texts],
        "piece_after": nearest_after,
        "piece_credit": features.column("photo_end")[ends.last],
        "piece_jump_above": [_jump_above(role, p) for p in pieces],
        "piece_in_flow": nearest_before >= nearest_after,
    }.items():
        out[name] = np.asarray(of_piece, float)[:, None]
    for name, of_body in {
        "body_headed": [_headed(role, b) for b in bodies.rows],
        "body_rows": [min(len(b), FULL_MOST["body_rows"]) for b in bodies.rows],
        "body_reporter": ["记者" in t[:_REPORTER_CHARACTERS] for t in bodies.texts],
        "body_jump_above": [_jump_above(role, b) for b in bodies.rows],
        "body_rank": np.arange(total),
        "bodies": np.full(total, total),
        "pieces": np.full(total, count),
    }.items():
        out[name] = np.asarray(of_body, float)[None, :]
    return pair_features(out, FULL_NAMES, (count, total))


def _words(piece_texts: Sequence[str], bodies: Bodies) -> dict[str, Floats]:
    """Measure what each piece shares with each body, and its lead over the best other piece and best other body."""
    words = phrases(piece_texts, 2)
    share, weight = shared_words(words, bodies.words)
    long_share, _ = shared_words(phrases(piece_texts, 4), bodies.phrases)
    lead_share, _ = shared_words(words, bodies.leads)
    tail_share, _ = shared_words(words, bodies.tails)
    measured = {"share": share, "weight": weight, "phrase": long_share, "lead": lead_share, "tail": tail_share}
    out: dict[str, Floats] = {}
    for name, matrix in measured.items():
        out[name] = matrix
        out[f"{name}_margin"] = _margin(matrix)
        out[f"{name}_margin_body"] = _margin(matrix.T).T
    out["share_rank"], out["share_rank_body"] = _ranks(share), _ranks(share.T).T
    out["lead_rank"] = _ranks(lead_share)
    return out


def _ranks_between(count: int, total: int, nearest_after: Ints, nearest_before: Ints) -> dict[str, Floats]:
    """Measure how far apart a piece and a body are, counted in bodies and in pieces."""
    rank, body_rank = np.arange(count)[:, None], np.arange(total)[None, :]
    return {
        "bodies_ahead": _clipped(body_rank - nearest_after[:, None], "bodies_ahead"),
        "bodies_behind": _clipped(nearest_before[:, None] - body_rank, "bodies_behind"),
        "place_gap": np.abs((rank + 0.5) / count - (body_rank + 0.5) / total),
        "rank_gap": _clipped(rank - body_rank, "rank_gap"),
        "rank_gap_end": _clipped((count - rank) - (total - body_rank), "rank_gap_end"),
    }


def _neighbours(share: Floats, nearest_after: Ints, nearest_before: Ints) -> dict[str, Floats]:
    """Measure what the likeliest bodies of all pieces, by shared words, say about each pair."""
    total = share.shape[1]
    best = share.argmax(axis=1)
    sure = share.max(axis=1) >= _SURE
    body_rank = np.arange(total)[None, :]
    before, behind = np.concatenate(([-1], best[:-1])), np.concatenate((best[1:], [total]))
    return {
        "style_next": np.full((1, 1), _style(best[sure] == nearest_after[sure])),
        "style_previous": np.full((1, 1), _style(best[sure] == nearest_before[sure])),
        "after_neighbour": _clipped(body_rank - before[:, None], "after_neighbour"),
        "before_neighbour": _clipped(behind[:, None] - body_rank, "before_neighbour"),
    }


def _clipped(values: Ints, name: str) -> Floats:
    most = FULL_MOST[name]
    return np.clip(values, -most, most).astype(float)


def _style(hits: Flags) -> float:
    """Return the share of hits, with half a hit added, so that a page without a sure headline gets one half."""
    return float(np.count_nonzero(hits) + 0.5) / (len(hits) + 1)


def _jump_above(roles: Sequence[int], rows: Sequence[int]) -> float:
    """Return 1 when a jump line is directly above, with only heading, label or byline rows between."""
    at = rows[0] - 1
    while at >= 0 and roles[at] in {HEADING, LABEL, BYLINE}:
        at -= 1
    return float(at >= 0 and roles[at] == JUMP)


def _headed(roles: Sequence[int], body: Sequence[int]) -> float:
    """Return 0 for no headline next to the body, 1 for a headline above, 2 for a headline below, 3 for both."""
    found = 0.0
    at = body[0] - 1
    while at >= 0 and roles[at] in {BYLINE, LABEL, CAPTION, FURNITURE}:
        at -= 1
    found += 1.0 if at >= 0 and roles[at] == HEADING else 0.0
    at = body[-1] + 1
    while at < len(roles) and roles[at] in {BYLINE, LABEL, CAPTION, JUMP, FURNITURE}:
        at += 1
    return found + (2.0 if at < len(roles) and roles[at] == HEADING else 0.0)
