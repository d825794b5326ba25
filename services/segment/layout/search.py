"""Reconsider the cuts and doubtful roles of a page together.

Each body should find a headline, and each headline should find a body. Where the models are unsure, the search tries
the other answer: for a boundary of the running text, for a boundary between headlines, or for a run of rows that could
be a headline or running text. It tries one change at a time, and some pairs of changes. It keeps a change when the
entire page reads better, measured in log-odds. A body without a headline and a headline without a body each cost a
price.

The pairing before a change gives an upper limit for the pairing after it (`priced_assignment`). This limit alone
rejects most changes. The answer is the same as if every change had been worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.assignment_problem import priced_assignment
from services.segment.layout.fast_pairs import fast_pairs
from services.segment.layout.reading import PRIOR, first_reading, moves_of, neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.segment.arrays import Span
    from services.segment.layout.reading import Reading
    from services.segment.layout.search_space import SearchSpace
    from services.segment.models.trees import Forest

BODY_ALONE = 2.0  # price of a body without a headline
HEAD_ALONE = 2.5  # price of a headline block without a body
ENOUGH = 3.0  # log-odds of a match above this count no more, because any neighbours match well
FLOW_WEIGHT = 1.5
HEAD_WEIGHT = 1.5
ROLE_WEIGHT = 2.5
ROUNDS = 3
_UNIT = 1024.0  # gains are whole numbers; this many make one unit of log-odds
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class ScoredReading:
    """A scored reading: its worth, and what its headlines and bodies are worth to its pairing."""

    reading: Reading
    worth: float
    head_worth: dict[Span, float]
    body_worth: dict[Span, float]


class Scorer:
    """Scores the readings of one page and remembers the pairs it has already compared."""

    def __init__(self, space: SearchSpace, forest: Forest) -> None:
        self._space = space
        self._forest = forest
        self._flow_odds: list[float] = space.flow_odds.tolist()
        self._head_odds: list[float] = np.where(space.head_apart, 0.0, space.head_odds).tolist()
        self._gain: dict[Span, dict[Span, float]] = {}  # the gain of each body with each headline block

    def compare(self, heads: Sequence[Span], bodies: Iterable[Span]) -> None:
        """Compare all pairs that are not known yet, at once."""
        gain, wanted = self._gain, set(heads)
        missing = [b for b in dict.fromkeys(bodies) if b not in gain or not gain[b].keys() >= wanted]
        if not missing or not heads:
            return
        pairs = fast_pairs(self._space.counts, heads, missing)
        odds = self._forest.raw(pairs.one_by_one())[:, 0].reshape(len(heads), len(missing))
        alone = [HEAD_ALONE + (BODY_ALONE if a < self._space.size else 0.0) for a, _ in missing]
        found = np.round(np.maximum(np.minimum(odds, ENOUGH) + np.array(alone), 0.0) * _UNIT)
        for body, of_body in zip(missing, found.T.tolist(), strict=True):
            gain.setdefault(body, {}).update(zip(heads, of_body, strict=True))

    def prepare(self, best: ScoredReading, others: Sequence[Reading]) -> None:
        """Compare all pairs that the readings next to the best reading need, at once rather than pair by pair."""
        heads, bodies = best.head_worth, best.body_worth
        self.compare(list(heads), [b for other in others for b in other.bodies if b not in bodies])
        fresh: dict[Span, None] = {}
        beside = dict.fromkeys(bodies)
        for other in others:
            new = [h for h in other.heads if h not in heads]
            if new:
                fresh |= dict.fromkeys(new)
                beside |= dict.fromkeys(other.bodies)
        self.compare(list(fresh), beside)

    def score(self, reading: Reading) -> ScoredReading:
        """Work out what a reading is worth."""
        heads, bodies = reading.heads, (*reading.bodies, *self._space.fixed)
        worth = self._alone(reading)
        if not heads or not bodies:
            return ScoredReading(reading, worth, dict.fromkeys(heads, 0.0), dict.fromkeys(bodies, 0.0))
        self.compare(heads, bodies)
        of_body = [self._gain[b] for b in bodies]
        total, head_worth, body_worth = priced_assignment([[gain[h] for gain in of_body] for h in heads])
        return ScoredReading(
            reading,
            worth + total / _UNIT,
            dict(zip(heads, head_worth, strict=True)),
            dict(zip(bodies, body_worth, strict=True)),
        )

    def could_be_better(self, reading: Reading, best: ScoredReading) -> bool:
        """Tell whether a reading could be worth more than the best reading, from the most its pairing can gain."""
        return self._alone(reading) + self._most(reading, best) / _UNIT > best.worth + _EPSILON

    def _most(self, reading: Reading, best: ScoredReading) -> float:
        """Return a limit: no pairing of the reading's headlines and bodies gains more than this."""
        if not reading.heads:
            return 0.0
        known_heads, known_bodies = best.head_worth, best.body_worth
        kept = [(h, known_heads[h]) for h in reading.heads if h in known_heads]
        fresh = [h for h in reading.heads if h not in known_heads]
        bodies = (*reading.bodies, *self._space.fixed)
        new = [b for b in bodies if b not in known_bodies]
        self.compare(reading.heads, new)
        worth = {b: known_bodies[b] for b in bodies if b in known_bodies}
        for body in new:
            gain = self._gain[body]
            worth[body] = max(0.0, max([gain[h] - w for h, w in kept], default=0.0))
        total = sum(worth.values()) + sum(w for _, w in kept)
        if fresh:
            self.compare(fresh, bodies)
            total += sum(max(0.0, max([self._gain[b][h] - w for b, w in worth.items()], default=0.0)) for h in fresh)
        return total

    def _alone(self, reading: Reading) -> float:
        """Return what a reading is worth before headlines and bodies are paired."""
        space = self._space
        counted = set(reading.flow_cuts)
        cuts = roles = 0.0
        for choice, on in zip(space.choices, reading.headlines, strict=True):
            if on:
                roles += choice.role_odds
                around = (choice.flow[0] - 1, choice.flow[1])
                if not counted.isdisjoint(around):
                    cuts += choice.across + PRIOR
                    counted.difference_update(around)
        cuts += sum([self._flow_odds[k] for k in sorted(counted)]) + PRIOR * len(counted)
        heads = sum([self._head_odds[k] for k in sorted(reading.head_cuts)])
        alone = BODY_ALONE * len(reading.bodies) + HEAD_ALONE * len(reading.heads)
        return FLOW_WEIGHT * cuts + HEAD_WEIGHT * heads + ROLE_WEIGHT * roles - alone


def best_reading(space: SearchSpace, forest: Forest) -> Reading:
    """Return the reading of a page that fits together best, found by trying one change after another.

    Every change is tried at most `ROUNDS` times. The search ends early when it has tried all changes once without any
    improvement.
    """
    scorer = Scorer(space, forest)
    best = scorer.score(first_reading(space))
    tries = moves_of(space, best.reading)
    helped = -1
    ahead: list[list[Reading]] = []
    for turn in range(ROUNDS * len(tries)):
        if not ahead:
            upcoming = range(turn, min(turn + len(tries), ROUNDS * len(tries)))
            ahead = neighbours(space, best.reading, [tries[k % len(tries)] for k in upcoming])
            scorer.prepare(best, [other for others in ahead for other in others])
            ahead.reverse()
        for other in ahead.pop():
            if scorer.could_be_better(other, best):
                found = scorer.score(other)
                if found.worth > best.worth + _EPSILON:
                    best, helped = found, turn
        if helped == turn:
            ahead = []
        elif turn - helped >= len(tries):
            break
    return best.reading
