"""What the text alone says about two pieces of a page: its own reading, the seam between them, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.reading import PRIOR
from services.segment.matching.matches import NONE
from services.segment.page.shared_words import phrases, shared_words
from services.segment.page.torn_words import torn_across
from services.segment.roles import HEADING

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints
    from services.segment.features import Features
    from services.segment.geometry.nodes import Nodes
    from services.segment.matching.draft import Draft
    from services.segment.page.page import Page

_MOST = 12.0  # log-odds of a cut between rows that are far apart in the text
_LEAD_CHARACTERS = 160


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the text alone says about a page, row by row.

    Attributes:
        page: the page.
        features: features of its rows (rows x features).
        roles: (rows,) class of each row, by text and places together.
        body: (rows,) the body or story that each row belongs to in the text's own reading, -1 for none.
        block: (rows,) the headline block of each row in that reading, -1 for none.
        head_odds: (headline blocks + 1 x stories + 1) log-odds of that reading that the two belong together; the last
            row and column stand for none.
        cut_before: (rows,) log-odds that a new article starts at each row of running text; -inf where it cannot tell.
        passed: (rows + 1,) sum of the positive log-odds of cuts before each row.
    """

    page: Page
    features: Features
    roles: Ints
    body: Ints
    block: Ints
    head_odds: Floats
    cut_before: Floats
    passed: Floats


def opinion_of(draft: Draft, roles: Ints) -> Opinion:
    """Return the opinion of a page's draft from its text; `roles` (rows,) are those of text and places together."""
    body, block = _told(draft)
    head_odds = np.full((len(draft.pieces.heads) + 1, len(draft.stories) + 1), -_MOST)
    if draft.head_odds.size:
        head_odds[:-1, :-1] = np.clip(draft.head_odds, -_MOST, _MOST)
    flow = draft.cutting.flow
    cut_before = np.full(len(draft.evidence.page), -np.inf)
    if len(flow) > 1:
        cut_before[flow[1:]] = draft.cutting.flow_odds + PRIOR
    passed = np.concatenate(([0.0], np.cumsum(np.clip(np.nan_to_num(cut_before, neginf=0.0), 0, _MOST))))
    return Opinion(draft.evidence.page, draft.evidence.features, roles, body, block, head_odds, cut_before, passed)


def _told(draft: Draft) -> tuple[Ints, Ints]:
    """Return the story and the headline block of each row (rows,) in the text's own reading, -1 for none."""
    count = len(draft.evidence.page)
    body, block = np.full(count, NONE), np.full(count, NONE)
    for k, rows in enumerate(draft.stories):
        body[list(rows)] = k
    for k, rows in enumerate(draft.pieces.heads):
        block[list(rows)] = k
    for groups, owners in (
        (draft.pieces.captions, draft.caption_body),
        (draft.pieces.bylines, draft.byline_body),
        (draft.pieces.heads, draft.head_story),
    ):
        for rows, owner in zip(groups, owners, strict=True):
            if owner != NONE:
                body[list(rows)] = owner
    return body, block


def opinion_columns(opinion: Opinion, before: Nodes, behind: Nodes) -> dict[str, Floats]:
    """Return the columns (pieces before x pieces behind) of what the text says about each pair."""
    last, first = before.last[:, None], behind.first[None, :]
    low, high = np.minimum(last, first), np.maximum(last, first)
    cut = np.nan_to_num(opinion.cut_before, neginf=0.0)
    adjacent = first == last + 1
    out: dict[str, Floats] = {
        "rows_apart": np.clip(first - last, -40, 40).astype(float),
        "order_apart": np.clip(behind.low[None, :] - before.high[:, None], -40, 40).astype(float),
        "cut": np.where(first > last, np.clip(opinion.passed[high + 1] - opinion.passed[low + 1], -1, 30), -5.0),
        "cut_here": np.where(adjacent, np.clip(cut[first], -_MOST, _MOST), 0.0),
        "adjacent": adjacent.astype(float),
    }
    own_a, own_b = _majority(opinion.body, before), _majority(opinion.body, behind)
    out["same_story"] = ((own_a[:, None] == own_b[None, :]) & (own_a >= 0)[:, None]).astype(float)
    out["story_change"] = np.clip(own_b[None, :] - own_a[:, None], -9, 9).astype(float)
    out["story_before"], out["story_behind"] = (own_a >= 0).astype(float)[:, None], (own_b >= 0).astype(float)[None, :]
    heads = _majority(opinion.block, before)
    odds = opinion.head_odds[heads[:, None], own_b[None, :]]
    out["head_odds"] = odds
    out["head_lead"] = odds - np.where(
        odds == odds.max(axis=1, keepdims=True), _second(odds), odds.max(axis=1, keepdims=True)
    )
    a, b = np.repeat(before.last, len(behind)), np.tile(behind.first, len(before))
    flowing = (opinion.roles[a] != HEADING) & (opinion.features.column("ends_sentence")[a] == 0)
    torn = np.zeros(len(a))
    if flowing.any():
        torn[flowing] = torn_across(opinion.page, a[flowing], b[flowing])
    out["torn"] = torn.reshape(len(before), len(behind))
    out |= _words(opinion.page, before, behind)
    return out


def _majority(values: Ints, nodes: Nodes) -> Ints:
    """Return the most common value, -1 left out if there is another, among the rows of each piece."""
    found = []
    for rows in nodes.rows:
        here = values[list(rows)]
        here = here[here >= 0]
        found.append(int(np.bincount(here).argmax()) if len(here) else NONE)
    return np.array(found, np.int64)


def _second(odds: Floats) -> Floats:
    if odds.shape[1] < 2:  # noqa: PLR2004 - a second needs two
        return np.full((len(odds), 1), -_MOST)
    second: Floats = np.sort(odds, axis=1)[:, -2:-1]
    return second


def _words(page: Page, before: Nodes, behind: Nodes) -> dict[str, Floats]:
    """Measure the words that the two pieces of each pair share, and their lead over the other pairs."""
    one, two = [page.text_of(r) for r in before.rows], [page.text_of(r) for r in behind.rows]
    left, right = phrases(one, 2), phrases(two, 2)
    share, weight = shared_words(left, right)
    back, _ = shared_words(right, left)
    lead, _ = shared_words(left, phrases([t[:_LEAD_CHARACTERS] for t in two], 2))
    out = {"share": share, "weight": weight, "share_back": back.T, "share_lead": lead}
    for name in ("share", "weight", "share_back"):
        matrix = out[name]
        out[f"{name}_rank"] = np.argsort(np.argsort(-matrix, axis=1, kind="stable"), axis=1, kind="stable").astype(
            float
        )
        out[f"{name}_back_rank"] = np.argsort(np.argsort(-matrix, axis=0, kind="stable"), axis=0, kind="stable").astype(
            float
        )
    return out
