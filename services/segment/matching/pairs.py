"""Which headline, caption or byline goes with which body: evidence for every pair on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.fast_pairs import stacked
from services.segment.page.shared_words import phrases, shared_words
from services.segment.roles import BODY, BYLINE, CAPTION, FURNITURE, HEADING, JUMP, LABEL, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from services.segment.page.page import Page
    from services.segment.page.shared_words import Phrases

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_LEAD_CHARACTERS = 160
_SURE = 0.35  # share of a headline's words from which its body is taken for granted
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of a page and what is printed in them, read once for all that is held against them.

    Attributes:
        rows: row indexes of each body.
        texts: their `plain` texts.
        words, phrases: their two- and four-character n-grams.
        leads, tails: the words of their first and last characters.
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
    """Rank of each value in its row, 0 the largest, ties sharing the better rank."""
    ranks: Floats = (matrix[:, None, :] > matrix[:, :, None]).sum(axis=2).astype(float)
    return ranks


def _margin(matrix: Floats) -> Floats:
    """Each value less the largest other value of its row."""
    if matrix.shape[1] == 1:
        return matrix.copy()
    top = np.sort(matrix, axis=1)
    largest, second = top[:, -1:], top[:, -2:-1]
    return matrix - np.where(matrix == largest, second, largest)


def pair_features(  # noqa: PLR0913, PLR0917, PLR0915 - one name for each kind of evidence
    page: Page,
    names: Sequence[str],
    values: Floats,
    roles: Ints,
    pieces: Sequence[Sequence[int]],
    bodies: Bodies,
) -> tuple[list[str], Floats]:
    """Evidence for each (piece, body) pair: names and values (pieces x bodies x features)."""
    count, total = len(pieces), len(bodies.rows)
    if not count or not total:
        return [], np.zeros((count, total, 0))
    column = {name: i for i, name in enumerate(names)}
    piece_texts = [page.text_of(p) for p in pieces]
    own_words = phrases(piece_texts, 2)
    out: dict[str, Floats] = {}
    share, weight = shared_words(own_words, bodies.words)
    long_share, _ = shared_words(phrases(piece_texts, 4), bodies.phrases)
    lead_share, _ = shared_words(own_words, bodies.leads)
    tail_share, _ = shared_words(own_words, bodies.tails)
    for label, matrix in (
        ("share", share),
        ("weight", weight),
        ("phrase", long_share),
        ("lead", lead_share),
        ("tail", tail_share),
    ):
        out[label] = matrix
        out[f"{label}_margin"] = _margin(matrix)
        out[f"{label}_margin_body"] = _margin(matrix.T).T
    out["share_rank"] = _ranks(share)
    out["share_rank_body"] = _ranks(share.T).T
    out["lead_rank"] = _ranks(lead_share)
    first, last = np.array([p[0] for p in pieces]), np.array([p[-1] for p in pieces])
    top, bottom = np.array([b[0] for b in bodies.rows]), np.array([b[-1] for b in bodies.rows])
    role = roles.tolist()
    above = (last[:, None] < top[None, :]).astype(float)  # the piece stands before the body
    below = (first[:, None] > bottom[None, :]).astype(float)
    out["above"], out["below"] = above, below
    low = np.where(above > 0, last[:, None] + 1, np.where(below > 0, bottom[None, :] + 1, 0))
    high = np.where(above > 0, top[None, :], np.where(below > 0, first[:, None], 0))
    flow = (roles == BODY) | (roles == SUBHEAD)
    for label, flag in (
        ("flow", flow),
        ("heading", roles == HEADING),
        ("byline", roles == BYLINE),
        ("caption", roles == CAPTION),
        ("label", roles == LABEL),
        ("furniture", roles >= LABEL + 1),
        ("jump", roles == JUMP),
    ):
        seen = np.concatenate(([0], np.cumsum(flag)))
        out[f"{label}_between"] = np.minimum(seen[high] - seen[low], 200).astype(float)
    gap = np.concatenate(([0.0], np.cumsum(values[:, column["gap"]])))
    out["gaps_between"] = gap[high] - gap[low]
    out["rows_between"] = np.minimum(high - low, 400).astype(float)
    body_rank = np.arange(total)
    nearest_after = np.searchsorted(top, last, side="right")  # first body starting after the piece
    nearest_before = np.searchsorted(bottom, first) - 1
    out["bodies_ahead"] = np.clip(body_rank[None, :] - nearest_after[:, None], -_FAR, _FAR)
    out["bodies_behind"] = np.clip(nearest_before[:, None] - body_rank[None, :], -_FAR, _FAR)
    out["body_headed"] = np.array([[_touching(role, b) for b in bodies.rows]])
    rank = np.arange(count)
    out["place_gap"] = np.abs((rank[:, None] + 0.5) / count - (body_rank[None, :] + 0.5) / total)
    out["rank_gap"] = np.clip(rank[:, None] - body_rank[None, :], -_FAR, _FAR).astype(float)
    out["rank_gap_end"] = np.clip((count - rank)[:, None] - (total - body_rank)[None, :], -_FAR, _FAR).astype(float)
    for label, vector in {
        "piece_rows": [len(p) for p in pieces],
        "piece_length": [min(len(t), 200) for t in piece_texts],
        "piece_width": values[first, column["width"]],
        "piece_dash": values[first, column["dash_start"]],
        "piece_gap": values[first, column["gap"]],
        "piece_place": first / len(page),
        "piece_after": nearest_after,
        "piece_credit": values[last, column["photo_end"]],
        "piece_jump_above": [_jump_above(role, p) for p in pieces],
        "piece_in_flow": (nearest_before >= nearest_after),
    }.items():
        out[label] = np.asarray(vector, float)[:, None]
    lengths = np.array([len(b) for b in bodies.rows], float)
    for label, vector in {
        "body_rows": np.minimum(lengths, 120),
        "body_lead": values[top, column["lead"]],
        "body_indented": values[top, column["indented"]],
        "body_torn": page.torn[top],
        "body_gap": values[top, column["gap"]],
        "body_reporter": [float("记者" in t[:60]) for t in bodies.texts],
        "body_signed": values[bottom, column["signature_end"]],
        "body_ended": values[bottom, column["ends_sentence"]],
        "body_jump_above": [_jump_above(role, b) for b in bodies.rows],
        "body_rank": body_rank,
        "bodies": np.full(total, total),
        "pieces": np.full(total, count),
    }.items():
        out[label] = np.asarray(vector, float)[None, :]
    best = share.argmax(axis=1)
    sure = share.max(axis=1) >= _SURE
    out["style_next"] = np.full((1, 1), _style(best[sure] == nearest_after[sure]))
    out["style_previous"] = np.full((1, 1), _style(best[sure] == nearest_before[sure]))
    neighbour_best = np.concatenate(([-1], best[:-1])), np.concatenate((best[1:], [total]))
    out["after_neighbour"] = np.clip(body_rank[None, :] - neighbour_best[0][:, None], -_FAR, _FAR).astype(float)
    out["before_neighbour"] = np.clip(neighbour_best[1][:, None] - body_rank[None, :], -_FAR, _FAR).astype(float)
    return list(out), stacked(out.values(), (count, total))


def _style(hits: npt.NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(hits) + 0.5) / (len(hits) + 1)


def _jump_above(roles: Sequence[int], rows: Sequence[int]) -> float:
    """1 when a jump line stands directly above, heading or label rows between allowed."""
    at = rows[0] - 1
    while at >= 0 and roles[at] in {HEADING, LABEL, BYLINE}:
        at -= 1
    return float(at >= 0 and roles[at] == JUMP)


def _touching(roles: Sequence[int], body: Sequence[int]) -> float:
    """0 no headline next to the body, 1 one above, 2 one below, 3 both."""
    found = 0.0
    at = body[0] - 1
    while at >= 0 and roles[at] in {BYLINE, LABEL, CAPTION, FURNITURE}:
        at -= 1
    found += 1.0 if at >= 0 and roles[at] == HEADING else 0.0
    at = body[-1] + 1
    while at < len(roles) and roles[at] in {BYLINE, LABEL, CAPTION, JUMP, FURNITURE}:
        at += 1
    return found + (2.0 if at < len(roles) and roles[at] == HEADING else 0.0)
