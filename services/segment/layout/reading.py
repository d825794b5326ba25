"""A way to read a page: where the running text and the headlines are cut, and which doubtful rows are headlines.

The module uses small Python values throughout: a page has a dozen bodies, and a search makes a hundred readings of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.segment.arrays import Span
    from services.segment.layout.search_space import Choice, SearchSpace

    Move = tuple[int, int]
    Cuts = frozenset[int]

PRIOR = 0.6  # added to the log-odds of every cut of the flow, because a missing cut costs more than a false cut
UNSURE = 4.0  # a boundary with log-odds beyond this is not changed
MAX_TRIES = 48  # how many boundaries are tried the other way: the least sure boundaries
PAIRED_CUTS = 10  # how many missing cuts of the flow are tried together with a cut between headlines
PAIRED_HEADS = 5  # how many cuts between headlines are tried together with a cut of the flow
FLOW, HEADINGS, CHOICE = range(3)  # what a move changes


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page reads.

    Attributes:
        flow_cuts: boundaries at which the running text is cut.
        head_cuts: boundaries at which the heading rows are cut.
        headlines: which choices are headlines.
        bodies: first and last flow position of each body.
        heads: first and last position among the heading rows of each headline block.
    """

    flow_cuts: Cuts
    head_cuts: Cuts
    headlines: tuple[bool, ...]
    bodies: tuple[Span, ...]
    heads: tuple[Span, ...]


def spans_of(cuts: Iterable[int], size: int) -> list[Span]:
    """Return the first and last position of each stretch when `size` positions are cut after each of `cuts`."""
    edges = sorted(cuts)
    return list(zip([0, *(e + 1 for e in edges)], [*edges, size - 1], strict=True))


def first_reading(space: SearchSpace) -> Reading:
    """Return the reading in which every boundary and every choice follows the models' own answer for it."""
    cuts = frozenset(np.flatnonzero(space.flow_odds + PRIOR > 0).tolist())
    for choice in space.choices:
        if choice.headline:
            cut = choice.across + PRIOR > 0
            cuts = _cut_around(space, cuts, choice, before=cut, behind=cut)
    heads = frozenset(np.flatnonzero(space.head_apart | (space.head_odds > 0)).tolist())
    headlines = tuple(t.headline for t in space.choices)
    return Reading(cuts, heads, headlines, _bodies(space, cuts, headlines), _heads(space, heads, headlines))


def _bodies(space: SearchSpace, cuts: Cuts, headlines: tuple[bool, ...]) -> tuple[Span, ...]:
    if not space.size:
        return ()
    inside = {t.flow for t, on in zip(space.choices, headlines, strict=True) if on}
    return tuple(s for s in spans_of(cuts, space.size) if s not in inside)


def _heads(space: SearchSpace, cuts: Cuts, headlines: tuple[bool, ...]) -> tuple[Span, ...]:
    count = len(space.counts.heading)
    if not count:
        return ()
    off = {
        row
        for t, on in zip(space.choices, headlines, strict=True)
        if not on
        for row in range(t.heading[0], t.heading[1] + 1)
    }
    around = {k for row in off for k in (row - 1, row) if 0 <= k < count - 1}
    return tuple(s for s in spans_of(cuts | around, count) if s[0] not in off)


def _cut_around(space: SearchSpace, cuts: Cuts, choice: Choice, *, before: bool, behind: bool) -> Cuts:
    """Remove the cuts inside the choice's rows; set or remove the cuts before and behind those rows."""
    first, last = choice.flow
    found = set(cuts.difference(range(first - 1, last + 1)))
    if before and first > 0:
        found.add(first - 1)
    if behind and last < space.size - 1:
        found.add(last)
    return frozenset(found)


def moves_of(space: SearchSpace, reading: Reading) -> list[tuple[Move, ...]]:
    """Return what to try, surest gains first: single changes, then a cut of the flow with a cut between headlines.

    A page whose headlines are next to each other often hides a body and its headline at once. Then neither cut pays off
    without the other.
    """
    flow_odds = (space.flow_odds + PRIOR).tolist()
    flow = [(abs(v), ((FLOW, k),)) for k, v in enumerate(flow_odds) if abs(v) < UNSURE]
    apart = space.head_apart.tolist()
    heads = [
        (abs(v), ((HEADINGS, k),)) for k, v in enumerate(space.head_odds.tolist()) if abs(v) < UNSURE and not apart[k]
    ]
    single = [moves for _, moves in sorted([*flow, *heads])[:MAX_TRIES]]
    choices = [((CHOICE, k),) for k in range(len(space.choices))]
    joined = [moves for _, moves in sorted(heads) if moves[0][1] not in reading.head_cuts][:PAIRED_HEADS]
    uncut = [moves for _, moves in sorted(flow) if moves[0][1] not in reading.flow_cuts][:PAIRED_CUTS]
    return [*single, *choices, *((*a, *b) for a in uncut for b in joined)]


def neighbours(space: SearchSpace, reading: Reading, tries: Iterable[tuple[Move, ...]]) -> list[list[Reading]]:
    """Return the readings that each of `tries` leads to.

    A try is a single change, or a cut of the flow together with a cut between headings.
    """
    single: dict[Move, list[Reading]] = {}
    found = []
    for moves in tries:
        for move in moves:
            if move not in single:
                single[move] = _changed(space, reading, *move)
        if len(moves) == 1:
            found.append(single[moves[0]])
            continue
        flow, heading = (single[move][0] for move in moves)
        found.append([Reading(flow.flow_cuts, heading.head_cuts, reading.headlines, flow.bodies, heading.heads)])
    return found


def _changed(space: SearchSpace, reading: Reading, which: int, k: int) -> list[Reading]:
    """Return the readings that differ in one boundary of the flow, one boundary between headings, or one choice."""
    if which == FLOW:
        cut = k not in reading.flow_cuts
        flow_cuts = reading.flow_cuts ^ {k}
        for choice, on in zip(space.choices, reading.headlines, strict=True):
            if on and k in {choice.flow[0] - 1, choice.flow[1]}:
                flow_cuts = _cut_around(space, flow_cuts, choice, before=cut, behind=cut)
        bodies = _bodies(space, flow_cuts, reading.headlines)
        return [Reading(flow_cuts, reading.head_cuts, reading.headlines, bodies, reading.heads)]
    if which == HEADINGS:
        head_cuts = reading.head_cuts ^ {k}
        heads = _heads(space, head_cuts, reading.headlines)
        return [Reading(reading.flow_cuts, head_cuts, reading.headlines, reading.bodies, heads)]
    on = not reading.headlines[k]
    headlines = (*reading.headlines[:k], on, *reading.headlines[k + 1 :])
    heads = _heads(space, reading.head_cuts, headlines)
    found = []
    for before, behind in ((True, True),) if on else ((False, False), (True, False), (False, True)):
        flow_cuts = _cut_around(space, reading.flow_cuts, space.choices[k], before=before, behind=behind)
        bodies = _bodies(space, flow_cuts, headlines)
        found.append(Reading(flow_cuts, reading.head_cuts, headlines, bodies, heads))
    return found
