"""Match the pieces of a page: which headline, caption and byline belongs to which body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.layout.cutting import CERTAIN
from services.segment.layout.pair_places import pair_features
from services.segment.layout.pair_table import FULL_MOST, OF_HEADLINES, OF_OTHERS
from services.segment.layout.search_space import PICTURE_STORY
from services.segment.matching.heading_parts import decode_parts, part_features
from services.segment.matching.matches import NONE, match_each, match_one_to_one
from services.segment.matching.pairs import bodies_of, full_pairs
from services.segment.roles import is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats
    from services.segment.article import SegmentedArticle
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.layout.cutting import Cutting
    from services.segment.layout.pieces import Groups, Pieces
    from services.segment.matching.pairs import Bodies
    from services.segment.models.shipped import Models
    from services.segment.models.trees import Forest
    from services.segment.page.page import Page

    Rows = tuple[tuple[int, ...] | tuple[tuple[int, ...], ...], ...]

# Log-odds that two pieces belong together. They were chosen with the models on pages the models were not trained on.
CAPTION_OWNED = 0.0  # a caption with higher odds for a body is not a story
CAPTION_LEAST = -3.0  # a caption with lower odds stays alone
ADOPT_LEAST = -4.0  # a headline block with lower odds does not join the story of the block next to it
HEAD_LEAST = -2.5  # a headline block with lower odds stays unmatched
BYLINE_LEAST = -1.5  # a byline with lower odds is not the first byline of its body
BYLINE_MORE = -4.0  # a byline that is left over joins no body with lower odds either
_FAR, _NOWHERE = FULL_MOST["head_above_gap"], 99.0


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What segmentation makes of a page.

    Attributes:
        evidence: what is known of the page, with the doubtful rows decided.
        cutting: how sure the models were of every boundary.
        pieces: the pieces of the page.
        starts: rows that start a paragraph.
        stories: rows of each story: the bodies, then the captions that may be stories.
        head_story: for each headline block its story, or `NONE`.
        head_odds: (headline blocks x stories) log-odds that the two belong together.
        caption_body, byline_body: for each caption and byline its body, or `NONE`.
        parts: for each heading row 0 (kicker), 1 (headline) or 2 (deck).
        lead: for each heading row, how sure the division of its block is, as in `Division`.
        placed: whether it was read with the places of its lines, and its rows put in their order.
        finished: what was made of this page alone: the rows of an article, by role -> the article. The issue's other
            pages do not change it, so it need not be made again when they arrive.
    """

    evidence: Evidence
    cutting: Cutting
    pieces: Pieces
    starts: frozenset[int]
    stories: Groups
    head_story: Sequence[int]
    head_odds: Floats
    caption_body: Sequence[int]
    byline_body: Sequence[int]
    parts: dict[int, int]
    lead: dict[int, float]
    placed: bool = False
    finished: dict[Rows, SegmentedArticle] = field(default_factory=dict, init=False, repr=False)


def stories_of(page: Page, pieces: Pieces) -> Groups:
    """Return what a headline can belong to: every body, then every caption that is long enough to be a story."""
    return pieces.bodies + tuple(c for c in pieces.captions if len(page.text_of(c)) >= PICTURE_STORY)


def head_pairs(evidence: Evidence, pieces: Pieces) -> Features:
    """Return the evidence for each pair (headline blocks x stories x features)."""
    stories = bodies_of(evidence.page, stories_of(evidence.page, pieces))
    pairs = _pairs(evidence, stories, pieces.heads)
    caption = (np.arange(len(stories.rows)) >= len(pieces.bodies)).astype(float)
    return _with(pairs, {OF_HEADLINES[0].name: caption[None, :]})


def other_pairs(evidence: Evidence, pieces: Pieces, which: Sequence[Sequence[int]], owner: Sequence[int]) -> Features:
    """Return the evidence for each pair (captions or bylines x bodies x features).

    Args:
        evidence: what is known of the page.
        pieces: the pieces of the page.
        which: the rows of each caption, or of each byline.
        owner: the matched story of each headline block.
    """
    return _owned(pieces, which, owner, _pairs(evidence, bodies_of(evidence.page, pieces.bodies), which))


def _pairs(evidence: Evidence, bodies: Bodies, which: Sequence[Sequence[int]]) -> Features:
    return full_pairs(evidence.page, evidence.features, evidence.roles, which, bodies)


def _owned(pieces: Pieces, which: Sequence[Sequence[int]], owner: Sequence[int], pairs: Features) -> Features:
    """Add to the evidence of `full_pairs` what the headlines matched so far say about each pair."""
    above, below = np.full(len(which), NONE), np.full(len(which), NONE)  # the nearest headline block above and below
    for k, piece in enumerate(which):
        for h, head in enumerate(pieces.heads):
            if head[-1] < piece[0]:
                above[k] = h
            elif head[0] > piece[-1] and below[k] == NONE:
                below[k] = h
    owners = np.array([*owner, NONE])
    bodies = np.arange(len(pieces.bodies))[None, :]
    heads = pieces.heads
    from_above = [p[0] - heads[h][-1] if h != NONE else _NOWHERE for p, h in zip(which, above, strict=True)]
    from_below = [heads[h][0] - p[-1] if h != NONE else _NOWHERE for p, h in zip(which, below, strict=True)]
    more = (
        owners[above][:, None] == bodies,
        owners[below][:, None] == bodies,
        np.array([[min(rows, _FAR) if rows != _NOWHERE else rows] for rows in from_above]),
        np.array([[min(rows, _FAR) if rows != _NOWHERE else rows] for rows in from_below]),
        np.isin(bodies, owners),
    )
    return _with(pairs, {line.name: np.asarray(v, float) for line, v in zip(OF_OTHERS, more, strict=True)})


def _with(pairs: Features, more: dict[str, Floats]) -> Features:
    """Add features to those of pairs, each column contiguous in memory; add none where there are no pairs."""
    if not pairs.names:
        return pairs
    added = pair_features(more, tuple(more), (pairs.values.shape[0], pairs.values.shape[1]))
    values = np.concatenate((pairs.values.transpose(2, 0, 1), added.values.transpose(2, 0, 1)))
    return Features(pairs.names + added.names, values.transpose(1, 2, 0))


def odds_of(forest: Forest, pairs: Features) -> Floats:
    """Return the log-odds (pieces x bodies) from the features of pairs."""
    count, total = pairs.values.shape[:2]
    if not count or not total:
        return np.zeros((count, total))
    return forest.raw(pairs.one_by_one()).reshape(count, total)


def _adopted(evidence: Evidence, pieces: Pieces, odds: Floats, head_story: Sequence[int]) -> list[int]:
    """Let blocks that are left over join the story of the next block when no running text is between the two.

    The title of a column of briefs (短波) joins none.
    """
    label = evidence.features.column("round_label") > 0
    flow = np.zeros(len(evidence.page) + 1, np.int64)
    flow[1:] = np.cumsum(is_flow(evidence.roles))
    adopted = list(head_story)
    for h, story in enumerate(head_story):
        if story != NONE or label[list(pieces.heads[h])].any():
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


def _of_columns(evidence: Evidence, pieces: Pieces) -> list[int]:
    """Return the headline blocks that are titles of columns (短波) directly above the headline of a brief."""
    label = evidence.features.column("round_label") > 0
    starts = {block[0] for block in pieces.heads}
    return [h for h, block in enumerate(pieces.heads) if label[list(block)].all() and block[-1] + 1 in starts]


def match(evidence: Evidence, cutting: Cutting, pieces: Pieces, starts: frozenset[int], models: Models) -> Draft:
    """Match headline blocks, captions and bylines to bodies, and divide the headline blocks into parts.

    Args:
        evidence: what is known of the page, with the doubtful rows decided.
        cutting: how sure the models were of every boundary.
        pieces: the pieces of the page.
        starts: rows that start a paragraph.
        models: the trained models.
    """
    head_odds = odds_of(models.headlines, head_pairs(evidence, pieces))
    head_odds[_of_columns(evidence, pieces)] = -CERTAIN
    stories = stories_of(evidence.page, pieces)
    caption_of = {k: pieces.captions.index(stories[k]) for k in range(len(pieces.bodies), len(stories))}
    head_story = match_one_to_one(head_odds, HEAD_LEAST)
    bodies = bodies_of(evidence.page, pieces.bodies)
    captions = _pairs(evidence, bodies, pieces.captions)
    caption_odds = odds_of(models.captions, _owned(pieces, pieces.captions, head_story, captions))
    # A caption that belongs to a body is not a story of its own.
    taken = [k for k, c in caption_of.items() if caption_odds.shape[1] and caption_odds[c].max() > CAPTION_OWNED]
    if taken:
        head_odds[:, taken] = -CERTAIN
        head_story = match_one_to_one(head_odds, HEAD_LEAST)
        caption_odds = odds_of(models.captions, _owned(pieces, pieces.captions, head_story, captions))
    head_story = _adopted(evidence, pieces, head_odds, head_story)
    bylines = _pairs(evidence, bodies, pieces.bylines)
    byline_odds = odds_of(models.bylines, _owned(pieces, pieces.bylines, head_story, bylines))
    caption_body = match_each(caption_odds, CAPTION_LEAST)
    for story in head_story:
        if story in caption_of:
            caption_body[caption_of[story]] = NONE
    firsts, rest = match_one_to_one(byline_odds, BYLINE_LEAST), match_each(byline_odds, BYLINE_MORE)
    byline_body = [a if a != NONE else b for a, b in zip(firsts, rest, strict=True)]
    blocks = head_blocks(pieces, head_story)
    found = decode_parts(models.parts, part_features(evidence.page, evidence.features, blocks), blocks)
    parts = {
        row: part for rows, of in zip(blocks, found, strict=True) for row, part in zip(rows, of.parts, strict=True)
    }
    lead = {row: of.lead for rows, of in zip(blocks, found, strict=True) for row in rows}
    return Draft(
        evidence, cutting, pieces, starts, stories, head_story, head_odds, caption_body, byline_body, parts, lead
    )


def head_blocks(pieces: Pieces, head_story: Sequence[int]) -> list[list[int]]:
    """Return the heading rows of each story, ascending, with blocks of the same story together."""
    found: dict[int, list[int]] = {}
    for h, story in enumerate(head_story):
        found.setdefault(story if story != NONE else -2 - h, []).extend(pieces.heads[h])
    return [sorted(rows) for rows in found.values()]
