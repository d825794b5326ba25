"""The cuts and doubtful roles of a page reconsidered together.

Each body should find a headline and each headline a body. What the models are unsure of is tried the other way, one
thing at a time: a boundary of the running text, a boundary between headlines, or a row that could be headline or
running text. A change is kept when the page as a whole reads better, in log-odds, bodies without a headline and
headlines without a body at a price.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from services.segment.affinity import affinity
from services.segment.pairing import best_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from services.segment.affinity import Ground
    from services.segment.trees import Forest

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Span = tuple[int, int]

BODY_ALONE = 2.0  # price of a body without a headline
HEAD_ALONE = 2.5  # price of a headline block without a body
ENOUGH = 3.0  # log-odds of a match beyond which more counts no more: any neighbours match well
FLOW_WEIGHT = 1.5
HEAD_WEIGHT = 1.5
ROLE_WEIGHT = 2.5
PRIOR = 0.6  # added to the log-odds of every cut of the flow: missing one costs more than a false one
UNSURE = 4.0  # log-odds beyond which a boundary is left alone
MAX_TRIES = 48
ROUNDS = 3
PAIRED_CUTS = 10
PAIRED_HEADS = 5
_EPSILON = 1e-6


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
    """How a page reads: cuts of the flow, cuts between heading rows, and which toggles are headlines."""

    flow_cuts: Flags
    head_cuts: Flags
    headlines: tuple[bool, ...]

    def bodies(self, question: Question) -> list[Span]:
        """First and last flow position of each body."""
        if not question.size:
            return []
        inside = {t.flow for t, on in zip(question.toggles, self.headlines, strict=True) if on}
        return [s for s in spans_of(self.flow_cuts) if s not in inside]

    def heads(self, question: Question) -> list[Span]:
        """First and last position among the heading rows of each headline block."""
        count = len(question.ground.heading)
        if not count:
            return []
        off = np.zeros(count, np.bool_)
        for toggle, on in zip(question.toggles, self.headlines, strict=True):
            if not on:
                off[toggle.heading[0] : toggle.heading[1] + 1] = True
        cuts = self.head_cuts | off[1:] | off[:-1]
        return [s for s in spans_of(cuts) if not off[s[0]]]


def spans_of(cuts: Flags) -> list[Span]:
    """First and last position of each stretch between cuts."""
    edges = np.flatnonzero(cuts)
    starts = [0, *(int(e) + 1 for e in edges)]
    ends = [*(int(e) for e in edges), len(cuts)]
    return list(zip(starts, ends, strict=True))


@dataclass(slots=True)
class _Judge:
    """Scores readings, with a memory of pairs already compared."""

    question: Question
    forest: Forest
    known: dict[Span, dict[Span, float]] = field(default_factory=dict)

    def learn(self, heads: Sequence[Span], bodies: Sequence[Span]) -> None:
        """Compare the pairs not yet known, all at once."""
        new_heads = [h for h in heads if h not in self.known]
        for head in new_heads:
            self.known[head] = {}
        missing = [b for b in dict.fromkeys(bodies) if any(b not in self.known[h] for h in heads)]
        if not missing or not heads:
            return
        values = affinity(self.question.ground, [tuple(range(a, b + 1)) for a, b in heads], missing)
        odds = self.forest.raw(values.reshape(-1, values.shape[2]))[:, 0].reshape(values.shape[:2])
        for i, head in enumerate(heads):
            for j, body in enumerate(missing):
                self.known[head][body] = min(float(odds[i, j]), ENOUGH)

    def prepare(self, reading: Reading, others: Sequence[Reading]) -> None:
        """Compare at once what `reading` and the readings next to it need, rather than pair by pair."""
        q = self.question
        heads = reading.heads(q)
        bodies = dict.fromkeys([*reading.bodies(q), *q.fixed])
        new_heads: dict[Span, None] = {}
        for other in others:
            bodies |= dict.fromkeys(other.bodies(q))
            new_heads |= dict.fromkeys(other.heads(q))
        self.learn(heads, list(bodies))
        self.learn([h for h in new_heads if h not in self.known], list(bodies))

    def worth(self, reading: Reading) -> float:
        """How well the page reads."""
        q = self.question
        bodies, heads = reading.bodies(q), reading.heads(q)
        total = FLOW_WEIGHT * self._cuts(reading)
        total += HEAD_WEIGHT * float(q.head_odds[reading.head_cuts & ~q.head_apart].sum())
        total += ROLE_WEIGHT * sum(t.role_odds for t, on in zip(q.toggles, reading.headlines, strict=True) if on)
        total -= BODY_ALONE * len(bodies) + HEAD_ALONE * len(heads)
        columns = [*bodies, *q.fixed]
        if heads and columns:
            self.learn(heads, columns)
            gain = np.array([[self.known[h][b] for b in columns] for h in heads]) + HEAD_ALONE
            gain[:, : len(bodies)] += BODY_ALONE
            gain = np.round(np.maximum(gain, 0.0) * 1024)
            rows, found = best_pairs(gain)
            total += float(gain[rows, found].sum()) / 1024
        return total

    def _cuts(self, reading: Reading) -> float:
        q = self.question
        counted = reading.flow_cuts.copy()
        total = 0.0
        for toggle, on in zip(q.toggles, reading.headlines, strict=True):
            if on:
                first, last = toggle.flow
                cut = (first > 0 and counted[first - 1]) or (last < len(counted) and counted[last])
                total += (toggle.across + PRIOR) * float(cut)
                if first > 0:
                    counted[first - 1] = False
                if last < len(counted):
                    counted[last] = False
        return total + float(q.flow_odds[counted].sum()) + PRIOR * float(np.count_nonzero(counted))


def first_reading(question: Question) -> Reading:
    """Every boundary and every toggle as the models would have it alone."""
    flow_cuts = question.flow_odds + PRIOR > 0
    headlines = tuple(t.headline for t in question.toggles)
    for toggle in question.toggles:
        if toggle.headline:
            _set_toggle(flow_cuts, toggle, toggle.across + PRIOR > 0, toggle.across + PRIOR > 0)
    return Reading(flow_cuts, question.head_apart | (question.head_odds > 0), headlines)


def _set_toggle(flow_cuts: Flags, toggle: Toggle, before: bool, after: bool) -> None:  # noqa: FBT001
    first, last = toggle.flow
    flow_cuts[first:last] = False
    if first > 0:
        flow_cuts[first - 1] = before
    if last < len(flow_cuts):
        flow_cuts[last] = after


def reconsider(question: Question, forest: Forest) -> Reading:
    """The reading of a page that fits together best, found by trying one change after the other."""
    judge = _Judge(question, forest)
    reading = first_reading(question)
    best = judge.worth(reading)
    tries = _tries(question, reading)
    for _ in range(ROUNDS):
        judge.prepare(reading, [other for moves in tries for other in _after(question, reading, moves)])
        changed = False
        for moves in tries:
            for other in _after(question, reading, moves):
                worth = judge.worth(other)
                if worth > best + _EPSILON:
                    best, reading, changed = worth, other, True
        if not changed:
            break
    return reading


def _tries(question: Question, reading: Reading) -> list[tuple[tuple[int, int], ...]]:
    """What to try, surest gains first: single changes, then a cut of the flow together with one between headlines.

    A page whose headlines stand together often hides a body and its headline at once: neither cut pays alone.
    """
    flow_odds = question.flow_odds + PRIOR
    flow = [(abs(float(v)), ((0, k),)) for k, v in enumerate(flow_odds) if abs(v) < UNSURE]
    heads = [
        (abs(float(v)), ((1, k),))
        for k, v in enumerate(question.head_odds)
        if abs(v) < UNSURE and not question.head_apart[k]
    ]
    single = [moves for _, moves in sorted([*flow, *heads])[:MAX_TRIES]]
    toggles = [((2, k),) for k in range(len(question.toggles))]
    joined = [moves for _, moves in sorted(heads) if not reading.head_cuts[moves[0][1]]][:PAIRED_HEADS]
    uncut = [moves for _, moves in sorted(flow) if not reading.flow_cuts[moves[0][1]]][:PAIRED_CUTS]
    return [*single, *toggles, *((*a, *b) for a in uncut for b in joined)]


def _after(question: Question, reading: Reading, moves: tuple[tuple[int, int], ...]) -> list[Reading]:
    """The readings that several changes lead to."""
    found = [reading]
    for which, k in moves:
        found = [other for before in found for other in _changes(question, before, which, k)]
    return found


def _changes(question: Question, reading: Reading, which: int, k: int) -> list[Reading]:
    """The readings that differ in one boundary of the flow (0), between headings (1), or one toggle (2)."""
    if which == 0:
        flow_cuts = reading.flow_cuts.copy()
        flow_cuts[k] ^= True
        for toggle, on in zip(question.toggles, reading.headlines, strict=True):
            if on and k in {toggle.flow[0] - 1, toggle.flow[1]}:
                _set_toggle(flow_cuts, toggle, flow_cuts[k], flow_cuts[k])
        return [Reading(flow_cuts, reading.head_cuts, reading.headlines)]
    if which == 1:
        head_cuts = reading.head_cuts.copy()
        head_cuts[k] ^= True
        return [Reading(reading.flow_cuts, head_cuts, reading.headlines)]
    toggle = question.toggles[k]
    on = not reading.headlines[k]
    headlines = (*reading.headlines[:k], on, *reading.headlines[k + 1 :])
    found = []
    for before, after in ((True, True),) if on else ((False, False), (True, False), (False, True)):
        flow_cuts = reading.flow_cuts.copy()
        _set_toggle(flow_cuts, toggle, before, after)
        found.append(Reading(flow_cuts, reading.head_cuts, headlines))
    return found
