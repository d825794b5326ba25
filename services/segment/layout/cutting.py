"""Ask the models at which boundaries the running text and the headlines of a page could be cut."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import with_roles
from services.segment.evidence.text_cuts import boundary_features, stretches
from services.segment.layout.doubts import doubts_of
from services.segment.layout.heading_cuts import head_features
from services.segment.layout.reading import PRIOR
from services.segment.layout.search_space import Choice
from services.segment.models.network import BLOCKS, CUTS, STARTS, combined_odds
from services.segment.roles import HEADING, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.layout.doubts import Doubt
    from services.segment.models.trees import Forest

CERTAIN = 8.0  # log-odds of a boundary that a jump line or the title of a column of briefs makes


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a page could be cut, before the search reconsiders everything together.

    Attributes:
        flow: (flow rows,) rows of running text, including the doubtful rows.
        flow_odds: (flow rows - 1,) log-odds of a new article at each boundary between them.
        heading: (heading rows,) heading rows, including the doubtful rows.
        head_odds: (heading rows - 1,) log-odds of a new block at each boundary between them.
        head_apart: (heading rows - 1,) whether certain running text is between the two rows of each boundary.
        choices: the doubtful runs, as the search sees them.
    """

    flow: Ints
    flow_odds: Floats
    heading: Ints
    head_odds: Floats
    head_apart: Flags
    choices: tuple[Choice, ...]


def cut_flow(evidence: Evidence, forest: Forest) -> tuple[Ints, Floats]:
    """Return the flow rows (flow rows,) and the log-odds (flow rows - 1,) of a new article at each boundary."""
    boundaries = boundary_features(evidence.page, evidence.features, evidence.probabilities, evidence.roles)
    flow, features = boundaries.rows, boundaries.features
    if not len(boundaries):
        return flow, np.zeros(0)
    odds = combined_odds(forest.raw(features)[:, 0], evidence.view.cut[flow[1:]], CUTS)
    odds[(features.column("above_glued_jump") > 0) | (features.column("between_jump") > 0)] = CERTAIN
    return flow, odds


def paragraph_starts(evidence: Evidence, forest: Forest) -> frozenset[int]:
    """Return the flow rows (indexes on the page) that start a paragraph."""
    boundaries = boundary_features(evidence.page, evidence.features, evidence.probabilities, evidence.roles)
    if not len(boundaries):
        return frozenset()
    below = boundaries.rows[1:]
    odds = combined_odds(forest.raw(boundaries.features)[:, 0], evidence.view.paragraph[below], STARTS)
    return frozenset(int(r) for r in below[odds > 0])


def cut_heads(evidence: Evidence, forest: Forest, bodies: Sequence[Sequence[int]]) -> tuple[Ints, Floats, Flags]:
    """Find where headline blocks could be divided. The title of a column of briefs (短波) is always a block by itself.

    Returns:
        the heading rows (heading rows,). For each boundary between them, (heading rows - 1,): the log-odds of a new
        block, and whether running text is between the two rows.
    """
    boundaries = head_features(evidence.page, evidence.features, evidence.probabilities, evidence.roles, bodies)
    rows, features = boundaries.rows, boundaries.features
    if not len(boundaries):
        return rows, np.zeros(0), np.zeros(0, np.bool_)
    odds = combined_odds(forest.raw(features)[:, 0], evidence.view.block[rows[1:]], BLOCKS)
    label = evidence.features.column("round_label")[rows] > 0
    odds[label[1:] | label[:-1]] = CERTAIN
    return rows, odds, features.column("flow_between") > 0


def cutting_of(evidence: Evidence, flow_model: Forest, heads_model: Forest) -> Cutting:
    """Ask the models about every boundary of a page, with each doubtful row read both ways."""
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
    choices = tuple(_choice(d, flow, heading, headed_flow, headed_odds) for d in doubts)
    return Cutting(flow, odds, heading, head_odds, head_apart, choices)


def _choice(doubt: Doubt, flow: Ints, heading: Ints, headed_flow: Ints, headed_odds: Floats) -> Choice:
    """Return the doubt as the search sees it."""
    first, last = (int(k) for k in np.searchsorted(flow, [doubt.first, doubt.last]))
    head_first, head_last = (int(k) for k in np.searchsorted(heading, [doubt.first, doubt.last]))
    below = int(np.searchsorted(headed_flow, doubt.last, side="right"))
    across = float(headed_odds[below - 1]) if 0 < below < len(headed_flow) else CERTAIN
    return Choice((first, last), (head_first, head_last), doubt.headline, doubt.odds, across)
