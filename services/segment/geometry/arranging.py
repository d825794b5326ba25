"""Put the rows of a page in the order in which they are read, and hand on the page in the form of a draft.

After this, an article's rows follow each other on the page, so that all later steps work as they do without places.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.formulas.jump_lines import read_mark
from services.segment.layout.cutting import Cutting, paragraph_starts
from services.segment.layout.pieces import Pieces
from services.segment.matching.draft import Draft
from services.segment.matching.matches import NONE
from services.segment.models.network import NetworkView
from services.segment.page.page import read_page
from services.segment.roles import HEADING, JUMP, LABEL, is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Ints
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.geometry.reading import PlacedReading
    from services.segment.models.shipped import Models

_INSIDE = -6.0  # log-odds of a new article inside a column frame
_MOST = 8.0
_LAST = 1e6  # place of a jump line: behind the text, or before the headline if it says where the text comes from


def reading_order(reading: PlacedReading) -> list[int]:
    """Return the rows of a page in the order in which they are read.

    The articles are in the order of their first rows in the text. In an article, the headline is first, then bylines
    printed above the text, the text, and captions. A jump line is at the end of the text above it, or before the text
    below it. A label is next to the row beside it.
    """
    page, pieces = reading.page, reading.pieces
    keys: dict[int, tuple[int, int, float]] = {}
    for k, (head, chain) in enumerate(reading.articles):
        rows = [r for at in chain for r in pieces.behind.rows[at]]
        whole = [*(pieces.blocks[head] if head != NONE else ()), *rows]
        start = min(whole)
        if head != NONE:
            keys |= {r: (start, 0, float(n)) for n, r in enumerate(pieces.blocks[head])}
        keys |= {r: (start, 1, float(n)) for n, r in enumerate(rows)}
        bodies = [at for at in chain if at < len(pieces.frames)]
        for which, owner, groups in (
            (2, reading.caption_of, pieces.captions),
            (0, reading.byline_of, pieces.bylines),
        ):
            for rows_of, article in zip(groups, owner, strict=True):
                if article == k and not (which == 2 and not bodies):  # noqa: PLR2004 - the captions' place
                    late = which == 0 and bool(rows) and _is_below(reading, rows_of, rows)
                    keys |= {r: (start, 2 if late else which, 1000.0 + r) for r in rows_of}
    near, roles = page.near, page.evidence.roles
    for row in np.flatnonzero((roles == JUMP) | (roles == LABEL)).tolist():
        mark = read_mark(page.evidence.page.rows[row].plain) if roles[row] == JUMP else None
        onward = mark is not None and mark.direction == "to"
        sides = (near.above[row], near.below[row]) if onward else (near.below[row], near.above[row])
        beside = next((int(r) for r in sides if r >= 0 and int(r) in keys), None)
        if beside is None:
            continue
        start, part, place = keys[beside]
        if roles[row] == LABEL:
            keys[row] = (start, part, place + (0.5 if beside == near.above[row] else -0.5))
        else:
            keys[row] = (start, 1, _LAST) if onward else (start, 0, -_LAST)
    return sorted(range(len(roles)), key=lambda r: (*keys.get(r, (r, -1, 0.0)), r))


def _is_below(reading: PlacedReading, piece: Sequence[int], rows: Sequence[int]) -> bool:
    """Tell whether a byline is printed under the last row of the text rather than above the first."""
    places = reading.page.places
    first, last, own = rows[0], rows[-1], piece[0]
    to_last = abs(places.top[own] - places.bottom[last]) + abs(places.left[own] - places.left[last])
    to_first = abs(places.bottom[own] - places.top[first]) + abs(places.left[own] - places.left[first])
    return bool(to_last < to_first and places.top[own] > places.top[last])


def arranged(reading: PlacedReading, models: Models) -> Draft:
    """Return the reading as the draft of a page whose rows are in the order in which they are read."""
    order = np.array(reading_order(reading), np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    evidence = _in_order(reading.page.evidence, order)
    pieces, frames = reading.pieces, len(reading.pieces.frames)

    def moved(rows: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(int(place[r]) for r in rows))

    told = [(head, [at for at in chain if at < frames], chain) for head, chain in reading.articles]
    with_text = [k for k, (_, bodies, _) in enumerate(told) if bodies]
    bodies = [moved([r for at in told[k][1] for r in pieces.frames[at]]) for k in with_text]
    number = {k: n for n, k in enumerate(with_text)}
    captions = tuple(moved(c) for c in pieces.captions)
    stories = list(bodies)
    head_story = [NONE] * len(pieces.blocks)
    story_of: dict[int, int] = dict(number)
    for k, (head, own, chain) in enumerate(told):
        if not own:
            story_of[k] = len(stories)
            stories.append(captions[pieces.stories[chain[0] - frames]])
        if head != NONE:
            head_story[head] = story_of[k]
    odds = np.full((len(pieces.blocks), len(stories)), -_MOST)
    for k, (_, _, chain) in enumerate(told):
        odds[:, story_of[k]] = np.clip(reading.leads[:, chain[0]], -_MOST, _MOST)
    caption_body = [number.get(k, NONE) for k in reading.caption_of]
    byline_body = [number.get(k, NONE) for k in reading.byline_of]
    heads = tuple(moved(b) for b in pieces.blocks)
    cutting = _cutting(reading, evidence, place)
    return Draft(
        evidence,
        cutting,
        Pieces(tuple(bodies), heads, captions, tuple(moved(b) for b in pieces.bylines)),
        paragraph_starts(evidence, models.paragraphs),
        tuple(stories),
        head_story,
        odds,
        caption_body,
        byline_body,
        {int(place[r]): part for r, part in reading.parts.items()},
        {int(place[r]): lead for r, lead in reading.lead.items()},
        placed=True,
    )


def _in_order(evidence: Evidence, order: Ints) -> Evidence:
    """Return the evidence of a page with its rows in this order."""
    page = evidence.page
    rows = tuple(page.rows[r] for r in order)
    view = evidence.view
    return replace(
        evidence,
        page=read_page(page.number, rows),
        features=Features(evidence.features.names, evidence.features.values[order]),
        probabilities=evidence.probabilities[order],
        roles=evidence.roles[order],
        view=NetworkView(view.roles[order], view.cut[order], view.paragraph[order], view.block[order]),
    )


def _cutting(reading: PlacedReading, evidence: Evidence, place: Ints) -> Cutting:
    """Return how sure the reading is of every boundary between rows of running text, and between heading rows."""
    roles = evidence.roles
    flow, heading = np.flatnonzero(is_flow(roles)), np.flatnonzero(roles == HEADING)
    links = reading.links
    odds = np.full(max(len(flow) - 1, 0), _INSIDE)
    at_row = {int(r): k for k, r in enumerate(flow)}
    for _, chain in reading.articles:
        frames = [at for at in chain if at < len(links)]
        for n, at in enumerate(frames):
            boundary = at_row[int(place[reading.pieces.frames[at][0]])] - 1
            if boundary < 0:
                continue
            if n:
                odds[boundary] = -np.clip(links[frames[n - 1], at], -_MOST, _MOST)
            else:
                others = np.delete(links[:, at], at)
                odds[boundary] = -np.clip(others.max(), -_MOST, _MOST) if len(others) else _MOST
    none = np.zeros(max(len(heading) - 1, 0))
    return Cutting(flow, odds, heading, none, none > 0, ())
