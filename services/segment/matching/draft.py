"""One page read: its pieces, and which headline, caption and byline belongs to which body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import Evidence, observe
from services.segment.layout.cutting import CERTAIN, PICTURE_STORY, Cutting, pieces_of
from services.segment.layout.fast_pairs import stacked
from services.segment.matching.heading_parts import decode_parts, part_features
from services.segment.matching.matches import NONE, assign, best_of
from services.segment.matching.pairs import Bodies, bodies_of, pair_features
from services.segment.roles import BODY, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from services.segment.layout.pieces import Pieces
    from services.segment.models.shipped import Models
    from services.segment.models.trees import Forest
    from services.segment.page.page import Page

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CAPTION_OWNED = 0.0  # log-odds with a body from which a caption is not a story
CAPTION_LEAST = -3.0
ADOPT_LEAST = -4.0
HEAD_LEAST = -2.5  # log-odds below which a headline block stays unmatched


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


def stories_of(page: Page, pieces: Pieces) -> tuple[tuple[int, ...], ...]:
    """What a headline can stand over: every body, then every caption long enough to be a story."""
    return pieces.bodies + tuple(c for c in pieces.captions if len(page.text_of(c)) >= PICTURE_STORY)


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
