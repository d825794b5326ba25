"""One page cut into pieces and the pieces matched: the models asked one after the other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from services.segment.affinity import ground_of
from services.segment.agreement import agreed
from services.segment.assignment import NONE, assign, best_of
from services.segment.doubts import doubts_of
from services.segment.features import row_features
from services.segment.flow import boundary_features
from services.segment.headline import decode_parts, part_features
from services.segment.heads import head_features
from services.segment.lexical import phrases, shared_words
from services.segment.matching import Bodies, bodies_of, pair_features, stacked
from services.segment.network import agreed_roles, agreed_starts
from services.segment.pieces import Pieces, byline_groups, caption_groups, groups, text_of
from services.segment.reading import PRIOR, Question, Toggle
from services.segment.refinement import refined_features
from services.segment.roles import BODY, HEADING, SUBHEAD, first_guess
from services.segment.search import reconsider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from services.segment.doubts import Doubt
    from services.segment.models import Models
    from services.segment.network import Network
    from services.segment.page import Page
    from services.segment.trees import Forest

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

PAIR = 2  # rows it takes to make a boundary
CERTAIN = 8.0  # log-odds of a boundary that a jump line makes
CAPTION_OWNED = 0.0  # log-odds with a body from which a caption is not a story
CAPTION_LEAST = -3.0
ADOPT_LEAST = -4.0
HEAD_LEAST = -2.5  # log-odds below which a headline block stays unmatched
REPEATED = 0.5  # share of a caption's phrases printed in the running text too
PICTURE_STORY = 18  # characters a caption needs to be the text under a headline


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page before pieces are made."""

    page: Page
    names: list[str]
    values: Floats
    probabilities: Floats
    roles: Ints
    paragraph: Floats  # the network's probability that each row starts a paragraph

    @property
    def column(self) -> dict[str, int]:
        """Column of each feature name."""
        return {name: i for i, name in enumerate(self.names)}


def evidence_from(page: Page, names: list[str], values: Floats, trees: Floats, network: Network) -> Evidence:
    """The evidence once the role models have spoken: the trees' probabilities, and the network's own reading."""
    view = network.view(page, names, values)
    probabilities = agreed(page, agreed_roles(trees, view.roles), view.cut)
    jumps = values[:, names.index("jump_only")] > 0
    return Evidence(page, names, values, probabilities, first_guess(probabilities, jumps, page.glued), view.paragraph)


def second_look(page: Page, names: list[str], values: Floats, first: Floats, models: Models) -> Floats:
    """Role probabilities once the first ones are known."""
    return models.refined.probabilities(refined_features(page, names, values, first, models.continuity)[1])


def observe(page: Page, pages_holding: Mapping[str, int], models: Models) -> Evidence:
    """Features, role probabilities and roles of a page."""
    names, values = row_features(page, pages_holding)
    first = models.roles.probabilities(values)
    return evidence_from(page, names, values, second_look(page, names, values, first, models), models.network)


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


def with_roles(evidence: Evidence, roles: Ints) -> Evidence:
    """The same page with other roles."""
    return replace(evidence, roles=roles)


def cut_flow(evidence: Evidence, flow_model: Forest) -> tuple[Ints, Floats]:
    """Flow rows and the log-odds of a new article at each boundary between them."""
    names, values, flow = boundary_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles
    )
    if len(flow) < PAIR:
        return flow, np.zeros(0)
    odds = flow_model.raw(values)[:, 0]
    odds[(values[:, names.index("above_glued_jump")] > 0) | (values[:, names.index("between_jump")] > 0)] = CERTAIN
    return flow, odds


def paragraph_starts(evidence: Evidence, forest: Forest) -> frozenset[int]:
    """Flow rows that start a paragraph."""
    _, values, flow = boundary_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles
    )
    if len(flow) < PAIR:
        return frozenset()
    odds = agreed_starts(forest.raw(values)[:, 0], evidence.paragraph[flow[1:]])
    return frozenset(int(r) for r in flow[1:][odds > 0])


def bodies_by(flow: Ints, cuts: npt.NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    """Rows as groups, `cuts` between them."""
    return groups([int(r) for r in flow], [True, *(bool(c) for c in cuts)][: len(flow)])


def cut_heads(
    evidence: Evidence, forest: Forest, bodies: Sequence[Sequence[int]]
) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
    """Heading rows, log-odds of a new block at each boundary between them, and which have running text between."""
    names, values, rows = head_features(
        evidence.page, evidence.names, evidence.values, evidence.probabilities, evidence.roles, bodies
    )
    if len(rows) < PAIR:
        return rows, np.zeros(0), np.zeros(0, np.bool_)
    return rows, forest.raw(values)[:, 0], values[:, names.index("flow_between")] > 0


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
    bodies = bodies_by(plain_flow, plain_odds + PRIOR > 0)
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
    long = [c for c in captions if len(text_of(evidence.page, c)) >= PICTURE_STORY]
    if long:
        running = phrases([text_of(evidence.page, cutting.flow.tolist())], 4)
        told, _ = shared_words(phrases([text_of(evidence.page, c) for c in long], 4), running)
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


def stories_of(page: Page, pieces: Pieces) -> tuple[tuple[int, ...], ...]:
    """What a headline can stand over: every body, then every caption long enough to be a story."""
    return pieces.bodies + tuple(c for c in pieces.captions if len(text_of(page, c)) >= PICTURE_STORY)


def head_pairs(evidence: Evidence, pieces: Pieces) -> tuple[list[str], Floats]:
    """Evidence for each (headline block, story) pair."""
    stories = bodies_of(evidence.page, stories_of(evidence.page, pieces))
    names, values = body_pairs(evidence, stories, pieces.heads)
    if not names:
        return names, values
    caption = np.broadcast_to((np.arange(len(stories.rows)) >= len(pieces.bodies)).astype(float), values.shape[:2])
    return [*names, "is_caption"], _joined(values, caption[:, :, None])


def body_pairs(evidence: Evidence, bodies: Bodies, which: Sequence[Sequence[int]]) -> tuple[list[str], Floats]:
    """Evidence for each (piece, body) pair, whatever headlines the bodies have."""
    return pair_features(evidence.page, evidence.names, evidence.values, evidence.roles, which, bodies)


def other_pairs(
    evidence: Evidence, pieces: Pieces, which: Sequence[Sequence[int]], owner: Sequence[int]
) -> tuple[list[str], Floats]:
    """Evidence for each (caption or byline, body) pair; `owner` is the matched story of each headline block."""
    pairs = body_pairs(evidence, bodies_of(evidence.page, pieces.bodies), which)
    return owned_pairs(pieces, which, owner, pairs)


def owned_pairs(
    pieces: Pieces, which: Sequence[Sequence[int]], owner: Sequence[int], pairs: tuple[list[str], Floats]
) -> tuple[list[str], Floats]:
    """The evidence of `body_pairs`, and what the headlines matched so far say of it."""
    names, values = pairs
    if not names:
        return names, values
    shape = (values.shape[0], values.shape[1])
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
    extra.append(
        np.array(
            [
                [min(p[0] - pieces.heads[h][-1], 60) if h != NONE else 99]
                for p, h in zip(which, head_rank_above, strict=True)
            ],
            float,
        )
    )
    extra.append(
        np.array(
            [
                [min(pieces.heads[h][0] - p[-1], 60) if h != NONE else 99]
                for p, h in zip(which, head_rank_below, strict=True)
            ],
            float,
        )
    )
    extra.append(np.isin(bodies, owners).astype(float)[None, :])
    return [*names, *labels], _joined(values, stacked(extra, shape))


def _joined(values: Floats, more: Floats) -> Floats:
    """Two arrays of pairs' evidence as one, each column in one piece of memory."""
    return np.concatenate((values.transpose(2, 0, 1), more.transpose(2, 0, 1))).transpose(1, 2, 0)


def odds_of(forest: Forest, values: Floats) -> Floats:
    """Log-odds (pieces x bodies) from pair features."""
    count, total = values.shape[:2]
    if not count or not total:
        return np.zeros((count, total))
    return forest.raw(values.reshape(count * total, -1)).reshape(count, total)


def _adopt(evidence: Evidence, pieces: Pieces, odds: Floats, head_story: list[int]) -> list[int]:
    """Blocks left over join the story of the block next to them when no running text stands between."""
    flow = np.zeros(len(evidence.page) + 1, np.int64)
    flow[1:] = np.cumsum((evidence.roles == BODY) | (evidence.roles == SUBHEAD))
    adopted = list(head_story)
    for h, story in enumerate(head_story):
        if story != NONE:
            continue
        options = []
        for other in (h - 1, h + 1):
            if 0 <= other < len(head_story) and head_story[other] != NONE:
                low, high = sorted((pieces.heads[h][0], pieces.heads[other][0]))
                if flow[high] == flow[low]:
                    options.append((float(odds[h, head_story[other]]), head_story[other]))
        if options and max(options)[0] > ADOPT_LEAST:
            adopted[h] = max(options)[1]
    return adopted


def match(evidence: Evidence, pieces: Pieces, models: Models, cutting: Cutting) -> Draft:
    """Match headline blocks, captions and bylines to bodies."""
    head_odds = odds_of(models.headlines, head_pairs(evidence, pieces)[1])
    stories = stories_of(evidence.page, pieces)
    caption_of = {k: pieces.captions.index(stories[k]) for k in range(len(pieces.bodies), len(stories))}
    head_story = assign(head_odds, HEAD_LEAST)
    bodies = bodies_of(evidence.page, pieces.bodies)
    captions = body_pairs(evidence, bodies, pieces.captions)
    caption_odds = odds_of(models.captions, owned_pairs(pieces, pieces.captions, head_story, captions)[1])
    # A caption that belongs to a body tells no story of its own.
    taken = [k for k, c in caption_of.items() if caption_odds.shape[1] and caption_odds[c].max() > CAPTION_OWNED]
    if taken:
        head_odds[:, taken] = -CERTAIN
        head_story = assign(head_odds, HEAD_LEAST)
        caption_odds = odds_of(models.captions, owned_pairs(pieces, pieces.captions, head_story, captions)[1])
    head_story = _adopt(evidence, pieces, head_odds, head_story)
    bylines = body_pairs(evidence, bodies, pieces.bylines)
    byline_odds = odds_of(models.bylines, owned_pairs(pieces, pieces.bylines, head_story, bylines)[1])
    caption_body = best_of(caption_odds, CAPTION_LEAST)
    for story in head_story:
        if story in caption_of:
            caption_body[caption_of[story]] = NONE
    byline_body = assign(byline_odds, -1.5)
    rest = best_of(byline_odds, -4.0)
    byline_body = [a if a != NONE else b for a, b in zip(byline_body, rest, strict=True)]
    return Draft(
        evidence,
        pieces,
        stories,
        head_story,
        caption_body,
        byline_body,
        head_odds,
        cutting,
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
    return {
        row: part for rows, found in zip(blocks, chosen, strict=True) for row, part in zip(rows, found, strict=True)
    }


def draft_page(page: Page, pages_holding: Mapping[str, int], models: Models) -> Draft:
    """Read, cut and match one page."""
    evidence = observe(page, pages_holding, models)
    evidence, pieces, cutting = pieces_of(evidence, models)
    return match(evidence, pieces, models, cutting)
