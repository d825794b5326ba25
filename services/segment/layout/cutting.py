"""A page cut into pieces: the models asked about every boundary, and the pieces that fit together best."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import Evidence, with_roles
from services.segment.evidence.text_cuts import boundary_features, stretches
from services.segment.layout.doubts import doubts_of
from services.segment.layout.fast_pairs import ground_of
from services.segment.layout.heading_cuts import head_features
from services.segment.layout.pieces import Pieces, byline_groups, caption_groups
from services.segment.layout.reading import PRIOR, Question, Toggle
from services.segment.layout.search import reconsider
from services.segment.models.network import BLOCKS, CUTS, STARTS, agreed_odds
from services.segment.page.shared_words import phrases, shared_words
from services.segment.roles import BODY, HEADING, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from services.segment.layout.doubts import Doubt
    from services.segment.models.shipped import Models
    from services.segment.models.trees import Forest

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

PAIR = 2  # rows it takes to make a boundary
CERTAIN = 8.0  # log-odds of a boundary that a jump line makes
REPEATED = 0.5  # share of a caption's phrases printed in the running text too
PICTURE_STORY = 18  # characters a caption needs to be the text under a headline


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a page could be cut, before everything is reconsidered together.

    Attributes:
        flow: rows of running text, doubtful ones included.
        flow_odds: log-odds of a new article at each boundary between them.
        starts: flow rows that start a paragraph.
        heading: heading rows, doubtful ones included.
        head_odds: log-odds of a new block at each boundary between them.
        head_apart: heading boundaries with certain running text between.
        toggles: the doubtful runs.
    """

    flow: Ints
    flow_odds: Floats
    starts: frozenset[int]
    heading: Ints
    head_odds: Floats
    head_apart: npt.NDArray[np.bool_]
    toggles: tuple[Toggle, ...]


def cut_flow(evidence: Evidence, flow_model: Forest) -> tuple[Ints, Floats]:
    """Flow rows and the log-odds of a new article at each boundary between them."""
    names, values, flow = boundary_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles
    )
    if len(flow) < PAIR:
        return flow, np.zeros(0)
    odds = agreed_odds(flow_model.raw(values)[:, 0], evidence.view.cut[flow[1:]], CUTS)
    odds[(values[:, names.index("above_glued_jump")] > 0) | (values[:, names.index("between_jump")] > 0)] = CERTAIN
    return flow, odds


def paragraph_starts(evidence: Evidence, forest: Forest) -> frozenset[int]:
    """Flow rows that start a paragraph."""
    _, values, flow = boundary_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles
    )
    if len(flow) < PAIR:
        return frozenset()
    odds = agreed_odds(forest.raw(values)[:, 0], evidence.view.paragraph[flow[1:]], STARTS)
    return frozenset(int(r) for r in flow[1:][odds > 0])


def cut_heads(
    evidence: Evidence, forest: Forest, bodies: Sequence[Sequence[int]]
) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
    """Heading rows, log-odds of a new block at each boundary between them, and which have running text between."""
    names, values, rows = head_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles, bodies
    )
    if len(rows) < PAIR:
        return rows, np.zeros(0), np.zeros(0, np.bool_)
    odds = agreed_odds(forest.raw(values)[:, 0], evidence.view.block[rows[1:]], BLOCKS)
    return rows, odds, values[:, names.index("flow_between")] > 0


def cutting_of(evidence: Evidence, flow_model: Forest, heads_model: Forest) -> Cutting:
    """Ask the models about every boundary of a page, doubtful rows read both ways."""
    doubts = doubts_of(evidence.probabilities, evidence.roles)
    as_text, as_heads = evidence.roles.copy(), evidence.roles.copy()
    for doubt in doubts:
        if doubt.headline:
            as_text[doubt.first : doubt.last + 1] = SUBHEAD
        else:
            as_heads[doubt.first : doubt.last + 1] = HEADING
    plain_flow, plain_odds = cut_flow(evidence, flow_model)
    bodies = stretches(plain_flow, plain_odds + PRIOR > 0)
    heading, head_odds, head_apart = cut_heads(with_roles(evidence, as_heads), heads_model, bodies)
    flow, odds = (plain_flow, plain_odds)
    if any(d.headline for d in doubts):
        flow, odds = cut_flow(with_roles(evidence, as_text), flow_model)
    headed_flow, headed_odds = (plain_flow, plain_odds)
    if any(not d.headline for d in doubts):
        headed_flow, headed_odds = cut_flow(with_roles(evidence, as_heads), flow_model)
    odds = odds.copy()
    inside = np.isin(flow, [r for d in doubts for r in range(d.first, d.last + 1)])
    certain = ~inside[1:] & ~inside[:-1]
    known = dict(zip(itertools.pairwise(plain_flow.tolist()), plain_odds.tolist(), strict=True))
    for k in np.flatnonzero(certain):
        odds[k] = known.get((int(flow[k]), int(flow[k + 1])), odds[k])
    toggles = tuple(t for d in doubts if (t := _toggle(d, flow, heading, headed_flow, headed_odds)) is not None)
    return Cutting(flow, odds, frozenset(), heading, head_odds, head_apart, toggles)


def _toggle(doubt: Doubt, flow: Ints, heading: Ints, headed_flow: Ints, headed_odds: Floats) -> Toggle | None:
    """The doubt as the search sees it."""
    first, last = (int(k) for k in np.searchsorted(flow, [doubt.first, doubt.last]))
    head_first, head_last = (int(k) for k in np.searchsorted(heading, [doubt.first, doubt.last]))
    below = int(np.searchsorted(headed_flow, doubt.last, side="right"))
    across = float(headed_odds[below - 1]) if 0 < below < len(headed_flow) else CERTAIN
    return Toggle((first, last), (head_first, head_last), doubt.headline, doubt.odds, across)


def question_of(evidence: Evidence, cutting: Cutting, captions: Sequence[Sequence[int]]) -> Question:
    """The page as the search sees it; long captions stand after the flow as stretches of their own."""
    long = [c for c in captions if len(evidence.page.text_of(c)) >= PICTURE_STORY]
    if long:
        running = phrases([evidence.page.text_of(cutting.flow.tolist())], 4)
        told, _ = shared_words(phrases([evidence.page.text_of(c) for c in long], 4), running)
        long = [c for c, share in zip(long, told, strict=True) if share[0] < REPEATED]
    positions = np.concatenate((cutting.flow, np.array([r for c in long for r in c], np.int64)))
    edges = np.cumsum([len(cutting.flow), *(len(c) for c in long)])
    fixed = tuple((int(a), int(b) - 1) for a, b in itertools.pairwise(edges))
    ground = ground_of(evidence.page, evidence.names, evidence.values, evidence.roles, positions, cutting.heading)
    return Question(
        ground, len(cutting.flow), cutting.flow_odds, cutting.head_odds, cutting.head_apart, cutting.toggles, fixed
    )


def pieces_by(evidence: Evidence, cutting: Cutting, affinity_model: Forest) -> tuple[Evidence, Pieces]:
    """The pieces that fit together best, and the evidence with doubtful roles decided."""
    captions = caption_groups(evidence.page, evidence.roles, evidence.values, evidence.column)
    bylines = byline_groups(evidence.page, evidence.roles, evidence.values, evidence.column)
    question = question_of(evidence, cutting, captions)
    reading = reconsider(question, affinity_model)
    roles = evidence.roles.copy()
    for toggle, on in zip(cutting.toggles, reading.headlines, strict=True):
        for row in cutting.flow[toggle.flow[0] : toggle.flow[1] + 1]:
            subhead = evidence.probabilities[row, SUBHEAD] >= evidence.probabilities[row, BODY]
            roles[row] = HEADING if on else SUBHEAD if subhead else BODY
    bodies = tuple(tuple(int(r) for r in cutting.flow[a : b + 1] if roles[r] != HEADING) for a, b in reading.bodies)
    heads = tuple(tuple(int(r) for r in cutting.heading[a : b + 1]) for a, b in reading.heads)
    return with_roles(evidence, roles), Pieces(tuple(b for b in bodies if b), heads, captions, bylines)


def pieces_of(evidence: Evidence, models: Models) -> tuple[Evidence, Pieces, Cutting]:
    """Cut a page into its pieces; the evidence comes back with doubtful roles decided."""
    cutting = cutting_of(evidence, models.flow, models.heads)
    decided, pieces = pieces_by(evidence, cutting, models.affinity)
    return decided, pieces, replace(cutting, starts=paragraph_starts(decided, models.paragraphs))
