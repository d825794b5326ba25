"""One page cut into pieces and the pieces matched: the models asked one after the other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.affinity import ground_of
from services.segment.assignment import NONE, assign, best_of
from services.segment.features import row_features
from services.segment.flow import boundary_features
from services.segment.heads import head_features
from services.segment.headline import decode_parts, part_features
from services.segment.matching import pair_features
from services.segment.pieces import Pieces, byline_groups, caption_groups, groups, text_of
from services.segment.roles import first_guess, role_probabilities
from services.segment.search import PRIOR, reconsider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from services.segment.affinity import Ground
    from services.segment.models import Models
    from services.segment.page import Page
    from services.segment.trees import Forest

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CERTAIN = 8.0  # log-odds of a boundary that a jump line makes
HEAD_LEAST = -2.5  # log-odds below which a headline block stays unmatched
PICTURE_STORY = 18  # characters a caption needs to be the text under a headline


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page before pieces are made."""

    page: Page
    names: list[str]
    values: Floats
    probabilities: Floats
    roles: Ints

    @property
    def column(self) -> dict[str, int]:
        """Column of each feature name."""
        return {name: i for i, name in enumerate(self.names)}


def evidence_from(page: Page, names: list[str], values: Floats, probabilities: Floats) -> Evidence:
    """The evidence once the role model has spoken."""
    jumps = values[:, names.index("jump_only")] > 0
    return Evidence(page, names, values, probabilities, first_guess(probabilities, jumps))


def observe(page: Page, pages_holding: Mapping[str, int], roles_model: Forest) -> Evidence:
    """Features, role probabilities and first guess of a page."""
    names, values = row_features(page, pages_holding)
    probabilities = role_probabilities(roles_model, values)
    return evidence_from(page, names, values, probabilities)


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a page could be cut: log-odds of each boundary, before they are reconsidered together.

    Attributes:
        flow: flow rows.
        flow_odds: log-odds of a new article at each boundary between them.
        starts: flow rows that start a paragraph.
        heading: heading rows.
        head_odds: log-odds of a new block at each boundary between them.
        head_apart: heading boundaries with running text between.
    """

    flow: Ints
    flow_odds: Floats
    starts: frozenset[int]
    heading: Ints
    head_odds: Floats
    head_apart: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draft:
    """A page's pieces and which body each belongs to (`NONE` where none was found)."""

    evidence: Evidence
    pieces: Pieces
    stories: tuple[tuple[int, ...], ...]  # bodies, then captions that may stand for one
    head_story: list[int]
    caption_body: list[int]
    byline_body: list[int]
    head_odds: Floats
    cutting: Cutting
    parts: dict[int, int]  # 0 kicker, 1 headline, 2 deck for each heading row


def cut_flow(evidence: Evidence, flow_model: Forest, paragraph_model: Forest) -> tuple[Ints, Floats, frozenset[int]]:
    """Flow rows, log-odds of a new article at each boundary between them, and the rows that start a paragraph."""
    names, values, flow = boundary_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles
    )
    if len(flow) < 2:
        return flow, np.zeros(0), frozenset()
    fresh = paragraph_model.raw(values)[:, 0] > 0
    odds = flow_model.raw(values)[:, 0]
    odds[(values[:, names.index("above_glued_jump")] > 0) | (values[:, names.index("between_jump")] > 0)] = CERTAIN
    return flow, odds, frozenset(int(r) for r in flow[1:][fresh])


def bodies_by(flow: Ints, cuts: npt.NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    """Flow rows as bodies, `cuts` between them."""
    return groups([int(r) for r in flow], [True, *(bool(c) for c in cuts)][: len(flow)])


def cut_heads(evidence: Evidence, forest: Forest, bodies: Sequence[Sequence[int]]) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
    """Heading rows, log-odds of a new block at each boundary between them, and which have running text between."""
    names, values, rows = head_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles, bodies
    )
    if len(rows) < 2:
        return rows, np.zeros(0), np.zeros(0, np.bool_)
    return rows, forest.raw(values)[:, 0], values[:, names.index("flow_between")] > 0


def cutting_of(evidence: Evidence, models: Models) -> Cutting:
    """Ask the models about every boundary of a page."""
    flow, flow_odds, starts = cut_flow(evidence, models.flow, models.paragraphs)
    bodies = bodies_by(flow, flow_odds + PRIOR > 0)
    heading, head_odds, head_apart = cut_heads(evidence, models.heads, bodies)
    return Cutting(flow, flow_odds, starts, heading, head_odds, head_apart)


def ground_and_fixed(
    evidence: Evidence, cutting: Cutting, captions: Sequence[Sequence[int]]
) -> tuple[Ground, list[tuple[int, int]]]:
    """What the search needs to know of a page; long captions stand after the flow as stretches of their own."""
    long = [c for c in captions if len(text_of(evidence.page, c)) >= PICTURE_STORY]
    positions = np.concatenate((cutting.flow, np.array([r for c in long for r in c], np.int64)))
    edges = np.cumsum([len(cutting.flow), *(len(c) for c in long)])
    fixed = [(int(a), int(b) - 1) for a, b in itertools.pairwise(edges)]
    return ground_of(evidence.page, evidence.names, evidence.values, evidence.roles, positions), fixed


def pieces_of(evidence: Evidence, models: Models) -> tuple[Pieces, Cutting]:
    """Cut a page into its pieces."""
    cutting = cutting_of(evidence, models)
    captions = caption_groups(evidence.page, evidence.roles, evidence.values, evidence.column)
    bylines = byline_groups(evidence.page, evidence.roles, evidence.values, evidence.column)
    ground, fixed = ground_and_fixed(evidence, cutting, captions)
    flow_cuts, head_cuts = reconsider(
        ground, models.affinity, len(cutting.flow), cutting.flow_odds, cutting.head_odds, cutting.head_apart, fixed
    )
    return Pieces(bodies_by(cutting.flow, flow_cuts), bodies_by(cutting.heading, head_cuts), captions, bylines), cutting


def stories_of(page: Page, pieces: Pieces) -> tuple[tuple[int, ...], ...]:
    """What a headline can stand over: every body, then every caption long enough to be a story."""
    return pieces.bodies + tuple(c for c in pieces.captions if len(text_of(page, c)) >= PICTURE_STORY)


def head_pairs(evidence: Evidence, pieces: Pieces) -> tuple[list[str], Floats]:
    """Evidence for each (headline block, story) pair."""
    stories = stories_of(evidence.page, pieces)
    names, values = pair_features(
        evidence.page, evidence.names, evidence.values, evidence.roles, pieces.heads, stories, pieces.heads
    )
    if not names:
        return names, values
    caption = np.broadcast_to((np.arange(len(stories)) >= len(pieces.bodies)).astype(float), values.shape[:2])
    return [*names, "is_caption"], np.concatenate((values, caption[:, :, None]), axis=2)


def other_pairs(evidence: Evidence, pieces: Pieces, which: Sequence[Sequence[int]], owner: Sequence[int]) -> tuple[list[str], Floats]:
    """Evidence for each (caption or byline, body) pair; `owner` is the matched story of each headline block."""
    names, values = pair_features(
        evidence.page, evidence.names, evidence.values, evidence.roles, which, pieces.bodies, pieces.heads
    )
    if not names:
        return names, values
    shape = values.shape[:2]
    head_rank_above = np.full(len(which), NONE)
    head_rank_below = np.full(len(which), NONE)
    for k, piece in enumerate(which):
        for h, head in enumerate(pieces.heads):
            if head[-1] < piece[0]:
                head_rank_above[k] = h
            elif head[0] > piece[-1] and head_rank_below[k] == NONE:
                head_rank_below[k] = h
    extra = []
    labels = ["head_above_owns", "head_below_owns", "head_above_gap", "head_below_gap", "body_has_head"]
    owners = np.array([*owner, NONE])
    bodies = np.arange(len(pieces.bodies))
    extra.append((owners[head_rank_above][:, None] == bodies[None, :]).astype(float))
    extra.append((owners[head_rank_below][:, None] == bodies[None, :]).astype(float))
    extra.append(np.array([[min(p[0] - pieces.heads[h][-1], 60) if h != NONE else 99] for p, h in zip(which, head_rank_above, strict=True)], float))
    extra.append(np.array([[min(pieces.heads[h][0] - p[-1], 60) if h != NONE else 99] for p, h in zip(which, head_rank_below, strict=True)], float))
    extra.append(np.isin(bodies, owners).astype(float)[None, :])
    stacked = np.stack([np.broadcast_to(e, shape) for e in extra], axis=2)
    return [*names, *labels], np.concatenate((values, stacked), axis=2)


def odds_of(forest: Forest, values: Floats) -> Floats:
    """Log-odds (pieces x bodies) from pair features."""
    count, total = values.shape[:2]
    if not count or not total:
        return np.zeros((count, total))
    return forest.raw(values.reshape(count * total, -1)).reshape(count, total)


def match(evidence: Evidence, pieces: Pieces, models: Models, cutting: Cutting) -> Draft:
    """Match headline blocks, captions and bylines to bodies."""
    head_odds = odds_of(models.headlines, head_pairs(evidence, pieces)[1])
    head_story = assign(head_odds, HEAD_LEAST)
    caption_odds = odds_of(models.captions, other_pairs(evidence, pieces, pieces.captions, head_story)[1])
    byline_odds = odds_of(models.bylines, other_pairs(evidence, pieces, pieces.bylines, head_story)[1])
    stories = stories_of(evidence.page, pieces)
    own = {pieces.captions.index(stories[s]): head_odds[h, s] for h, s in enumerate(head_story) if s >= len(pieces.bodies)}
    caption_body = best_of(caption_odds, -3.0)
    for caption, strength in own.items():
        if caption_odds.shape[1] == 0 or strength >= caption_odds[caption].max():
            caption_body[caption] = NONE
    byline_body = assign(byline_odds, -1.5)
    rest = best_of(byline_odds, -4.0)
    byline_body = [a if a != NONE else b for a, b in zip(byline_body, rest, strict=True)]
    return Draft(
        evidence, pieces, stories, head_story, caption_body, byline_body, head_odds, cutting,
        heading_parts(evidence, head_blocks(pieces, head_story), models.parts),
    )


def head_blocks(pieces: Pieces, head_story: Sequence[int]) -> list[list[int]]:
    """Heading rows of each story, blocks of the same story together."""
    found: dict[int, list[int]] = {}
    for h, story in enumerate(head_story):
        found.setdefault(story if story != NONE else -2 - h, []).extend(pieces.heads[h])
    return [sorted(rows) for rows in found.values()]


def heading_parts(evidence: Evidence, blocks: Sequence[Sequence[int]], forest: Forest) -> dict[int, int]:
    """Kicker (0), headline (1) or deck (2) for each heading row."""
    _, values = part_features(evidence.page, evidence.names, evidence.values, blocks)
    chosen = decode_parts(forest, values, blocks)
    return {row: part for rows, found in zip(blocks, chosen, strict=True) for row, part in zip(rows, found, strict=True)}


def draft_page(page: Page, pages_holding: Mapping[str, int], models: Models) -> Draft:
    """Read, cut and match one page."""
    evidence = observe(page, pages_holding, models.roles)
    pieces, cutting = pieces_of(evidence, models)
    return match(evidence, pieces, models, cutting)
