"""Measure a page for the confidence of its articles: how hard it is to read, and what its rows and bodies are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from services.segment.articles.story import probability
from services.segment.matching.heading_parts import DECK, KICKER
from services.segment.matching.matches import NONE
from services.segment.roles import BODY, SUBHEAD, is_flow

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.matching.draft import Draft

SURE: Final = 12.0  # log-odds are limited to this: nothing is learned from more
UNSURE: Final = 2.0  # log-odds of a cut that could well be the other way


def limited(odds: float) -> float:
    """Return log-odds within ±`SURE`."""
    return max(-SURE, min(SURE, odds))


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """What the articles of a page share.

    Attributes:
        chosen: (rows,) probability of the role that each row has.
        network: (rows,) the same in the opinion of the network alone.
        text: (rows,) probability that a row is running text.
        flow: (rows,) whether a row is running text.
        cuts: (boundaries of the flow,) log-odds of a cut, limited.
        body: (rows,) the body that each row belongs to, or `NONE`.
        headed: (bodies,) log-odds of the headline of each body; -`SURE` without one.
        measures: how hard the page is to read, by name.
    """

    chosen: Floats
    network: Floats
    text: Floats
    flow: Flags
    cuts: Floats
    body: Ints
    headed: Floats
    measures: dict[str, float]

    def headline_of(self, row: int) -> float:
        """Return the log-odds of the headline of the body with this row; -`SURE` if there is none."""
        body = int(self.body[row])
        return -SURE if body == NONE else float(self.headed[body])


def measured_page(draft: Draft) -> MeasuredPage:
    """Measure a drafted page."""
    evidence, pieces = draft.evidence, draft.pieces
    rows = np.arange(len(evidence.roles))
    chosen = evidence.probabilities[rows, evidence.roles]
    cuts = np.clip(draft.cutting.flow_odds, -SURE, SURE)
    body = np.full(len(rows), NONE, np.int64)
    headed = np.full(len(pieces.bodies), -SURE)
    for k, of_body in enumerate(pieces.bodies):
        body[list(of_body)] = k
    for h, story in enumerate(draft.head_story):
        if story != NONE and story < len(headed):
            headed[story] = max(headed[story], limited(float(draft.head_odds[h, story])))
    return MeasuredPage(
        chosen,
        evidence.view.roles[rows, evidence.roles],
        evidence.probabilities[:, BODY] + evidence.probabilities[:, SUBHEAD],
        is_flow(evidence.roles),
        cuts,
        body,
        headed,
        _measures(draft, chosen, cuts),
    )


def _measures(draft: Draft, chosen: Floats, cuts: Floats) -> dict[str, float]:
    bodies = len(draft.pieces.bodies)
    headed = {story for story in draft.head_story if story != NONE and story < bodies}
    parts = list(draft.parts.values())
    matched = [probability(draft.head_odds[h, s]) for h, s in enumerate(draft.head_story) if s != NONE]
    open_cuts = np.abs(cuts[cuts > -UNSURE])
    return {
        "page_rows": float(np.log1p(len(chosen))),
        "page_bodies": float(bodies),
        "page_unheaded": (bodies - len(headed)) / max(1, bodies),
        "page_doubts": float(len(draft.cutting.choices)),
        "page_sure": float(chosen.mean()) if len(chosen) else 0.0,
        "page_text": float((draft.evidence.roles == BODY).mean()) if len(chosen) else 0.0,
        "page_unsure": float((np.abs(cuts) < UNSURE).sum()) / max(1, bodies),
        "page_cut": float(open_cuts.mean()) if len(open_cuts) else SURE,
        "page_matched": sum(matched) / max(1, len(matched)),
        "page_kickers": parts.count(KICKER) / max(1, bodies),
        "page_decks": parts.count(DECK) / max(1, bodies),
    }
