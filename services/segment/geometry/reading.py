"""Read a page with its places: the text's own reading, its places and its words in one decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from services.segment.geometry.attachments import attachment_features, best_owner
from services.segment.geometry.chains import chains_of, followed
from services.segment.geometry.frames import column_frames, heading_pairs, headline_blocks
from services.segment.geometry.links import link_features
from services.segment.geometry.nodes import nodes_of
from services.segment.geometry.parts import placed_part_features
from services.segment.geometry.placed_page import PlacedPage, placed_page, row_evidence
from services.segment.layout.pieces import byline_groups, caption_groups
from services.segment.layout.search_space import PICTURE_STORY
from services.segment.matching.draft import odds_of
from services.segment.matching.heading_parts import decode_parts
from services.segment.matching.matches import NONE
from services.segment.roles import HEADING

if TYPE_CHECKING:
    from services.segment.arrays import Floats
    from services.segment.features import Features
    from services.segment.geometry.nodes import Nodes
    from services.segment.geometry.places import Places
    from services.segment.matching.draft import Draft
    from services.segment.models.placed import PlacedModels
    from services.segment.models.trees import Forest

    Groups = tuple[tuple[int, ...], ...]

# Log-odds, chosen on generated pages that the models were not trained on.
LEAST_LINK = -3.0
LEAST_LEAD = -3.0
LEAST_CAPTION = -3.0
LEAST_BYLINE = -4.0


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPieces:
    """The pieces of a page.

    Attributes:
        frames, captions, bylines, blocks: the column frames, captions, bylines and headline blocks.
        before, behind, heads: the frames, then the frames with the captions that may be stories, and the blocks.
        stories: the captions among `behind`, as numbers of `captions`.
    """

    frames: Groups
    captions: Groups
    bylines: Groups
    blocks: Groups
    before: Nodes
    behind: Nodes
    heads: Nodes
    stories: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedReading:
    """How a page reads.

    Attributes:
        page: the page.
        pieces: its pieces.
        articles: for each article its headline block or `NONE`, and the numbers of its pieces in reading order.
        links, leads: log-odds (frames x pieces) and (blocks x pieces).
        caption_of, byline_of: for each caption and byline the number of its article, or `NONE`.
        parts: for each heading row 0 (kicker), 1 (headline) or 2 (deck).
        lead: for each heading row, how sure the division of its block is, as in `Division`.
    """

    page: PlacedPage
    pieces: PlacedPieces
    articles: list[tuple[int, list[int]]]
    links: Floats
    leads: Floats
    caption_of: list[int]
    byline_of: list[int]
    parts: dict[int, int]
    lead: dict[int, float]


def block_pairs(page: PlacedPage) -> tuple[np.ndarray, np.ndarray, Features]:
    """Return the pairs of heading rows that may be in one block, with their evidence."""
    return heading_pairs(page.evidence, page.places, page.near, page.evidence.view.block)


def blocks_of(page: PlacedPage, forest: Forest) -> Groups:
    """Return the headline blocks: the rows of each."""
    one, two, pairs = block_pairs(page)
    said = forest.raw(pairs)[:, 0] if len(one) else np.zeros(0)
    return headline_blocks(np.flatnonzero(page.evidence.roles == HEADING).tolist(), one, two, said)


def pieces_of(page: PlacedPage, blocks: Groups) -> PlacedPieces:
    """Return the pieces of a page with these headline blocks."""
    evidence, places = page.evidence, page.places
    frames = column_frames(evidence, places, page.near, page.opinion.cut_before)
    captions = caption_groups(evidence)
    stories = tuple(k for k, c in enumerate(captions) if len(evidence.page.text_of(c)) >= PICTURE_STORY)
    behind = (*frames, *(captions[k] for k in stories))
    return PlacedPieces(
        frames,
        captions,
        byline_groups(evidence),
        blocks,
        nodes_of(places, frames),
        nodes_of(places, behind),
        nodes_of(places, blocks),
        stories,
    )


def pair_evidence(page: PlacedPage, pieces: PlacedPieces) -> tuple[Features, Features]:
    """Return the evidence of the links (frames x pieces) and of the leads (blocks x pieces)."""
    caption = (np.arange(len(pieces.behind)) >= len(pieces.frames)).astype(float)[None, :, None]
    found = []
    for before in (pieces.before, pieces.heads):
        pairs = link_features(page, before, pieces.behind, pieces.heads)
        if pairs.names:
            column = np.broadcast_to(caption, (*pairs.values.shape[:2], 1))
            pairs = replace(
                pairs, names=(*pairs.names, "of_caption"), values=np.concatenate((pairs.values, column), axis=2)
            )
        found.append(pairs)
    return found[0], found[1]


def linked(pieces: PlacedPieces, links: Floats, leads: Floats) -> list[tuple[int, list[int]]]:
    """Return each article as its headline block, or `NONE`, and its pieces in reading order."""
    frames = len(pieces.frames)
    possible = links.copy()
    possible[:, frames:] = -np.inf  # nothing but a headline leads to a caption
    possible[np.arange(frames), np.arange(frames)] = -np.inf
    follows = followed(np.maximum(possible, -99.0), leads, LEAST_LINK, LEAST_LEAD)
    # A caption without a headline is not a story; it belongs to one.
    return [(head, chain) for head, chain in chains_of(follows, frames) if head != NONE or chain[0] < frames]


def owners_evidence(
    page: PlacedPage, pieces: PlacedPieces, articles: list[tuple[int, list[int]]], which: Groups
) -> Features:
    """Return the evidence that each caption or byline (`which`) belongs to each article (pieces x articles)."""
    parts: list[tuple[int, ...]] = []
    owner: list[int] = []
    rows: list[tuple[int, ...]] = []
    for k, (head, chain) in enumerate(articles):
        own = [pieces.behind.rows[at] for at in chain]
        if head != NONE:
            own.insert(0, pieces.blocks[head])
        parts += own
        owner += [k] * len(own)
        rows.append(tuple(r for part in own for r in part))
    places = page.places
    return attachment_features(
        page,
        nodes_of(places, which),
        nodes_of(places, parts),
        np.array(owner, np.int64),
        nodes_of(places, rows),
    )


def read_placed(draft: Draft, places: Places, models: PlacedModels) -> PlacedReading:
    """Read a page with its places, given what its text alone says."""
    near, features = row_evidence(draft, places)
    page = placed_page(draft, places, near, models.rows.probabilities(features))
    pieces = pieces_of(page, blocks_of(page, models.blocks))
    of_links, of_leads = pair_evidence(page, pieces)
    links, leads = odds_of(models.links, of_links), odds_of(models.leads, of_leads)
    articles = linked(pieces, links, leads)
    caption_of = best_owner(_owners(models.captions, page, pieces, articles, pieces.captions), LEAST_CAPTION)
    for k, (_, chain) in enumerate(articles):
        for at in chain:
            if at >= len(pieces.frames):
                caption_of[pieces.stories[at - len(pieces.frames)]] = k
    byline_of = best_owner(_owners(models.bylines, page, pieces, articles, pieces.bylines), LEAST_BYLINE)
    told = placed_part_features(page.evidence, places, pieces.blocks)
    chosen = decode_parts(models.parts, told, pieces.blocks)
    divided = list(zip(pieces.blocks, chosen, strict=True))
    parts = {row: part for rows, found in divided for row, part in zip(rows, found.parts, strict=True)}
    lead = {row: found.lead for rows, found in divided for row in rows}
    return PlacedReading(page, pieces, articles, links, leads, caption_of, byline_of, parts, lead)


def _owners(
    forest: Forest, page: PlacedPage, pieces: PlacedPieces, articles: list[tuple[int, list[int]]], which: Groups
) -> Floats:
    return odds_of(forest, owners_evidence(page, pieces, articles, which))
