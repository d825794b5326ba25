"""The cuts of a page reconsidered together: each body should find a headline and each headline a body.

Boundaries the models are unsure of are tried the other way, one at a time, and kept so when the page as a whole reads
better: boundaries and matches scored as log-odds, bodies without a headline and headlines without a body at a price.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from services.segment.affinity import Ground, affinity
from services.segment.pairing import best_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from services.segment.trees import Forest

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

BODY_ALONE = 2.0  # price of a body without a headline
HEAD_ALONE = 2.5  # price of a headline block without a body
FLOW_WEIGHT = 1.0
HEAD_WEIGHT = 1.0
PRIOR = 0.6  # added to the log-odds of every cut of the flow: missing one costs more than a false one
UNSURE = 4.0  # log-odds beyond which a boundary is left alone
MAX_TRIES = 40
ROUNDS = 3


def spans_of(cuts: Flags) -> list[tuple[int, int]]:
    """First and last position of each stretch between cuts."""
    edges = np.flatnonzero(cuts)
    starts = [0, *(int(e) + 1 for e in edges)]
    ends = [*(int(e) for e in edges), len(cuts)]
    return list(zip(starts, ends, strict=True))


@dataclass(slots=True)
class _Board:
    """The current cuts with a memory of pair scores."""

    ground: Ground
    forest: Forest
    flow_odds: Floats
    head_odds: Floats
    fixed: Sequence[tuple[int, int]]
    flow_size: int
    flow_cuts: Flags
    head_cuts: Flags
    known: dict[tuple[tuple[int, int], tuple[int, int]], float] = field(default_factory=dict)

    def learn(self, heads: Sequence[tuple[int, int]], bodies: Sequence[tuple[int, int]]) -> None:
        """Score the pairs not yet known, all at once."""
        missing = [b for b in dict.fromkeys(bodies) if any((h, b) not in self.known for h in heads)]
        if not missing or not heads:
            return
        values = affinity(self.ground, [tuple(range(a, b + 1)) for a, b in heads], missing)
        odds = self.forest.raw(values.reshape(-1, values.shape[2]))[:, 0].reshape(values.shape[:2])
        for i, head in enumerate(heads):
            for j, body in enumerate(missing):
                self.known[head, body] = float(odds[i, j])

    def matrix(self, heads: Sequence[tuple[int, int]], bodies: Sequence[tuple[int, int]]) -> Floats:
        """Log-odds (heads x bodies)."""
        self.learn(heads, bodies)
        return np.array([[self.known[h, b] for b in bodies] for h in heads]).reshape(len(heads), len(bodies))

    def worth(self, flow_cuts: Flags, head_cuts: Flags) -> float:
        """How well the page reads with these cuts."""
        bodies = spans_of(flow_cuts) if self.flow_size else []
        heads = spans_of(head_cuts) if len(self.ground.heading) else []
        total = FLOW_WEIGHT * float(self.flow_odds[flow_cuts].sum()) + HEAD_WEIGHT * float(self.head_odds[head_cuts].sum())
        total -= BODY_ALONE * len(bodies) + HEAD_ALONE * len(heads)
        odds = self.matrix(heads, [*bodies, *self.fixed])
        if odds.size:
            gain = odds + HEAD_ALONE
            gain[:, : len(bodies)] += BODY_ALONE
            gain = np.round(np.maximum(gain, 0.0) * 1024)
            rows, columns = best_pairs(gain)
            total += float(gain[rows, columns].sum()) / 1024
        return total


def reconsider(  # noqa: PLR0913, PLR0917
    ground: Ground, forest: Forest, flow_size: int, flow_odds: Floats, head_odds: Floats, head_apart: Flags, fixed: Sequence[tuple[int, int]]
) -> tuple[Flags, Flags]:
    """Cuts of the flow and of the headings that read best together.

    Args:
        ground: the page.
        forest: the affinity model.
        flow_size: how many of `ground.flow` are running text.
        flow_odds: log-odds of a cut at each flow boundary.
        head_odds: log-odds of a cut at each boundary between heading rows.
        head_apart: heading boundaries with running text between; always cut.
        fixed: stretches of `ground.flow` beyond the flow that may stand under a headline (long captions).
    """
    flow_odds = flow_odds + PRIOR
    board = _Board(
        ground, forest, flow_odds, head_odds, fixed, flow_size, flow_odds > 0, head_apart | (head_odds > 0)
    )
    best = board.worth(board.flow_cuts, board.head_cuts)
    tries = [(abs(float(v)), 0, k) for k, v in enumerate(flow_odds) if abs(v) < UNSURE]
    tries += [(abs(float(v)), 1, k) for k, v in enumerate(head_odds) if abs(v) < UNSURE and not head_apart[k]]
    tries = sorted(tries)[:MAX_TRIES]
    for _ in range(ROUNDS):
        changed = False
        heads = spans_of(board.head_cuts) if len(ground.heading) else []
        ahead = [span for _, which, k in tries if which == 0 for span in _around(board.flow_cuts, k)]
        board.learn(heads, ahead)
        for _, which, k in tries:
            flow_cuts, head_cuts = board.flow_cuts.copy(), board.head_cuts.copy()
            (flow_cuts if which == 0 else head_cuts)[k] ^= True
            worth = board.worth(flow_cuts, head_cuts)
            if worth > best + 1e-6:  # noqa: PLR2004
                best, board.flow_cuts, board.head_cuts, changed = worth, flow_cuts, head_cuts, True
        if not changed:
            break
    return board.flow_cuts, board.head_cuts


def _around(cuts: Flags, k: int) -> list[tuple[int, int]]:
    """The stretches that would arise if boundary `k` were flipped."""
    before = np.flatnonzero(cuts[:k])
    after = np.flatnonzero(cuts[k + 1 :])
    start = int(before[-1]) + 1 if len(before) else 0
    end = int(after[0]) + k + 1 if len(after) else len(cuts)
    return [(start, end)] if cuts[k] else [(start, k), (k + 1, end)]
