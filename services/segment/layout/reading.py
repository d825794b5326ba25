"""One way of reading a page: where the running text and the headlines are cut, and which doubtful rows are headlines.

Small Python values throughout: a page has a dozen bodies, and a search makes a hundred readings of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from services.segment.layout.fast_pairs import Ground

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Span = tuple[int, int]
    Move = tuple[int, int]
    Cuts = frozenset[int]

PRIOR = 0.6  # added to the log-odds of every cut of the flow: missing one costs more than a false one
UNSURE = 4.0  # log-odds beyond which a boundary is left alone
MAX_TRIES = 48
PAIRED_CUTS = 10
PAIRED_HEADS = 5
FLOW, HEADINGS, TOGGLE = range(3)  # what a move changes


@dataclass(frozen=True, slots=True)
class Toggle:
    """A run of rows that could be headline or running text.

    Attributes:
        flow: first and last position in the flow.
        heading: first and last position among the heading rows.
        headline: how it starts out.
        role_odds: log-odds of headline against running text.
        across: log-odds of a cut between the rows around it when it is a headline.
    """

    flow: Span
    heading: Span
    headline: bool
    role_odds: float
    across: float


@dataclass(frozen=True, slots=True)
class Question:
    """A page as the search sees it.

    Attributes:
        ground: rows and words; `ground.flow` holds the running text, toggles included, then long captions.
        size: how many positions of `ground.flow` are running text.
        flow_odds: log-odds of a cut at each boundary of the running text.
        head_odds: log-odds of a cut at each boundary between heading rows, toggles included.
        head_apart: heading boundaries with certain running text between.
        toggles: what could be read either way.
        fixed: stretches of `ground.flow` beyond the running text that may stand under a headline.
    """

    ground: Ground
    size: int
    flow_odds: Floats
    head_odds: Floats
    head_apart: Flags
    toggles: tuple[Toggle, ...]
    fixed: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page reads.

    Attributes:
        flow_cuts: boundaries at which the running text is cut.
        head_cuts: boundaries at which the heading rows are cut.
        headlines: which toggles are headlines.
        bodies: first and last flow position of each body.
        heads: first and last position among the heading rows of each headline block.
    """

    flow_cuts: Cuts
    head_cuts: Cuts
    headlines: tuple[bool, ...]
    bodies: tuple[Span, ...]
    heads: tuple[Span, ...]


def spans_of(cuts: Iterable[int], size: int) -> list[Span]:
    """First and last position of each stretch of `size` positions, cut after each of `cuts`."""
    edges = sorted(cuts)
    return list(zip([0, *(e + 1 for e in edges)], [*edges, size - 1], strict=True))


def first_reading(question: Question) -> Reading:
    """Every boundary and every toggle as the models would have it alone."""
    cuts = frozenset(np.flatnonzero(question.flow_odds + PRIOR > 0).tolist())
    for toggle in question.toggles:
        if toggle.headline:
            cut = toggle.across + PRIOR > 0
            cuts = _cut_around(question, cuts, toggle, before=cut, behind=cut)
    heads = frozenset(np.flatnonzero(question.head_apart | (question.head_odds > 0)).tolist())
    headlines = tuple(t.headline for t in question.toggles)
    return Reading(cuts, heads, headlines, _bodies(question, cuts, headlines), _heads(question, heads, headlines))


def _bodies(question: Question, cuts: Cuts, headlines: tuple[bool, ...]) -> tuple[Span, ...]:
    if not question.size:
        return ()
    inside = {t.flow for t, on in zip(question.toggles, headlines, strict=True) if on}
    return tuple(s for s in spans_of(cuts, question.size) if s not in inside)


def _heads(question: Question, cuts: Cuts, headlines: tuple[bool, ...]) -> tuple[Span, ...]:
    count = len(question.ground.heading)
    if not count:
        return ()
    off = {
        row
        for t, on in zip(question.toggles, headlines, strict=True)
        if not on
        for row in range(t.heading[0], t.heading[1] + 1)
    }
    around = {k for row in off for k in (row - 1, row) if 0 <= k < count - 1}
    return tuple(s for s in spans_of(cuts | around, count) if s[0] not in off)


def _cut_around(question: Question, cuts: Cuts, toggle: Toggle, *, before: bool, behind: bool) -> Cuts:
    """The cuts with none inside the toggle's rows, and with or without one on either side of them."""
    first, last = toggle.flow
    found = set(cuts.difference(range(first - 1, last + 1)))
    if before and first > 0:
        found.add(first - 1)
    if behind and last < question.size - 1:
        found.add(last)
    return frozenset(found)


def moves_of(question: Question, reading: Reading) -> list[tuple[Move, ...]]:
    """What to try, surest gains first: single changes, then a cut of the flow together with one between headlines.

    A page whose headlines stand together often hides a body and its headline at once: neither cut pays alone.
    """
    flow_odds = (question.flow_odds + PRIOR).tolist()
    flow = [(abs(v), ((FLOW, k),)) for k, v in enumerate(flow_odds) if abs(v) < UNSURE]
    apart = question.head_apart.tolist()
    heads = [
        (abs(v), ((HEADINGS, k),))
        for k, v in enumerate(question.head_odds.tolist())
        if abs(v) < UNSURE and not apart[k]
    ]
    single = [moves for _, moves in sorted([*flow, *heads])[:MAX_TRIES]]
    toggles = [((TOGGLE, k),) for k in range(len(question.toggles))]
    joined = [moves for _, moves in sorted(heads) if moves[0][1] not in reading.head_cuts][:PAIRED_HEADS]
    uncut = [moves for _, moves in sorted(flow) if moves[0][1] not in reading.flow_cuts][:PAIRED_CUTS]
    return [*single, *toggles, *((*a, *b) for a in uncut for b in joined)]


def neighbours(question: Question, reading: Reading, tries: Iterable[tuple[Move, ...]]) -> list[list[Reading]]:
    """The readings that each of `tries` leads to: one change, or a cut of the flow and one between headings at once."""
    single: dict[Move, list[Reading]] = {}
    found = []
    for moves in tries:
        for move in moves:
            if move not in single:
                single[move] = _changed(question, reading, *move)
        if len(moves) == 1:
            found.append(single[moves[0]])
            continue
        flow, heading = (single[move][0] for move in moves)
        found.append([Reading(flow.flow_cuts, heading.head_cuts, reading.headlines, flow.bodies, heading.heads)])
    return found


def _changed(question: Question, reading: Reading, which: int, k: int) -> list[Reading]:
    """The readings that differ in one boundary of the flow, one between headings, or one toggle."""
    if which == FLOW:
        cut = k not in reading.flow_cuts
        flow_cuts = reading.flow_cuts ^ {k}
        for toggle, on in zip(question.toggles, reading.headlines, strict=True):
            if on and k in {toggle.flow[0] - 1, toggle.flow[1]}:
                flow_cuts = _cut_around(question, flow_cuts, toggle, before=cut, behind=cut)
        bodies = _bodies(question, flow_cuts, reading.headlines)
        return [Reading(flow_cuts, reading.head_cuts, reading.headlines, bodies, reading.heads)]
    if which == HEADINGS:
        head_cuts = reading.head_cuts ^ {k}
        heads = _heads(question, head_cuts, reading.headlines)
        return [Reading(reading.flow_cuts, head_cuts, reading.headlines, reading.bodies, heads)]
    on = not reading.headlines[k]
    headlines = (*reading.headlines[:k], on, *reading.headlines[k + 1 :])
    heads = _heads(question, reading.head_cuts, headlines)
    found = []
    for before, behind in ((True, True),) if on else ((False, False), (True, False), (False, True)):
        flow_cuts = _cut_around(question, reading.flow_cuts, question.toggles[k], before=before, behind=behind)
        bodies = _bodies(question, flow_cuts, headlines)
        found.append(Reading(flow_cuts, reading.head_cuts, headlines, bodies, heads))
    return found
