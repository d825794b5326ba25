"""Divide a headline block into kicker, headline and deck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import NOTHING, Features
from services.segment.page.torn_words import torn_across

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.article import Role
    from services.segment.arrays import Floats
    from services.segment.models.trees import Forest
    from services.segment.page.page import Page


PARTS: tuple[Role, ...] = ("kicker", "headline", "deck")
KICKER, HEADLINE, DECK = range(len(PARTS))
LONGEST = 60  # a block of more rows is not a real headline and is not divided
MOST_ROWS = 12  # a block of more rows is mostly a vertical headline and is divided in the usual order only
NO_RIVAL = 12.0  # log-odds of a division that no other division competes with
_UNIT = 1024.0  # log-odds are compared in whole numbers of this part
_ORDERS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))  # the usual order first: it wins ties
_OWN = (
    "width",
    "length",
    "gap",
    "gap_after",
    "dash_start",
    "dash_any",
    "vertical",
    "spaced",
    "blanks",
    "colon",
    "ends_colon",
    "first_class",
    "last_class",
    "open_brackets",
    "quote",
    "book",
    "words_elsewhere",
    "phrase_any",
    "share_digit",
    "share_pause",
    "page_column",
    "ratio",
    "said",
    "function",
    "bracketed",
    "words_rare",
)


@dataclass(frozen=True, slots=True)
class Division:
    """A headline block, divided.

    Attributes:
        parts: kicker, headline or deck of each row, as an index into `PARTS`.
        lead: by how much, in log-odds, it is likelier than the best division with another headline; `NO_RIVAL` at most.
    """

    parts: list[int]
    lead: float


def part_features(page: Page, features: Features, blocks: Sequence[Sequence[int]]) -> Features:
    """Return the evidence for each row of each block (heading rows x features), with blocks and rows in order.

    Args:
        page: the page.
        features: the features of its rows.
        blocks: the rows of each headline block, ascending.
    """
    rows = np.array([r for b in blocks for r in b], np.int64)
    if not len(rows):
        return NOTHING
    size = np.array([len(b) for b in blocks for _ in b], float)
    place = np.array([k for b in blocks for k in range(len(b))], float)
    width = features.column("width")[:]
    widest = np.array([max(width[r] for r in b) for b in blocks for _ in b])
    narrowest = np.array([min(width[r] for r in b) for b in blocks for _ in b])
    out: dict[str, Floats] = {name: features.column(name)[rows] for name in _OWN}
    out |= {"size": size, "place": place, "left": size - 1 - place, "widest": widest, "narrowest": narrowest}
    out["to_widest"] = out["width"] / np.maximum(widest, 1)
    first = np.array([b[0] for b in blocks for _ in b])
    last = np.array([b[-1] for b in blocks for _ in b])
    out["first_width"], out["last_width"] = width[first], width[last]
    out["first_dash"] = features.column("dash_start")[first]
    out["index"] = features.column("index")[first]
    for by, label in ((-2, "two_above"), (-1, "above"), (1, "below"), (2, "two_below")):
        inside = (place + by >= 0) & (place + by < size)
        near = np.clip(rows + by, 0, len(page) - 1)
        for name in ("width", "gap", "dash_start", "phrase_any", "open_brackets", "last_class", "spaced"):
            out[f"{label}_{name}"] = np.where(inside, features.column(name)[near], -1.0)
    inside = place > 0
    torn = np.zeros(len(rows))
    if inside.any():
        torn[inside] = torn_across(page, rows[inside] - 1, rows[inside])
    out["torn"] = torn
    out["torn_below"] = np.concatenate((torn[1:], [0.0])) * (place + 1 < size)
    return Features.of(out)


def decode_parts(forest: Forest, features: Features, blocks: Sequence[Sequence[int]]) -> list[Division]:
    """Return the likeliest division of each block.

    The rows of a part are next to each other, and every block has a headline.
    """
    if not len(features.values):
        return [Division([], NO_RIVAL) for _ in blocks]
    odds = forest.raw(features)
    odds = (
        odds
        - np.log(np.exp(odds - odds.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
        - odds.max(axis=1, keepdims=True)
    )
    odds = np.round(odds * _UNIT)
    result = []
    at = 0
    for block in blocks:
        result.append(_together(odds[at : at + len(block)]))
        at += len(block)
    return result


def _together(odds: Floats) -> Division:
    """Return the best division of a block into up to three stretches of different parts, including the headline."""
    n = len(odds)
    if n > LONGEST:
        return Division([HEADLINE] * n, 0.0)
    total: list[list[float]] = [[0.0] * len(PARTS), *np.cumsum(odds, axis=0).tolist()]
    best, chosen = -np.inf, (0, n, _ORDERS[0])
    worth: dict[tuple[int, int], float] = {}  # of the best division with this headline: its first row, its last row + 1
    for order in _ORDERS:
        first, second, third = order
        place = order.index(HEADLINE)
        for one in range(n + 1):
            for two in range(one, n + 1):
                edges = (0, one, two, n)
                headline = edges[place], edges[place + 1]
                if headline[0] == headline[1]:
                    continue
                said = total[one][first] + total[two][second] - total[one][second] + total[n][third] - total[two][third]
                worth[headline] = max(said, worth.get(headline, said))
                if said > best:
                    best, chosen = said, (one, two, order)
        if n > MOST_ROWS:
            break
    one, two, order = chosen
    edges, place = (0, one, two, n), order.index(HEADLINE)
    rival = max((said for headline, said in worth.items() if headline != edges[place : place + 2]), default=-np.inf)
    parts = [order[0]] * one + [order[1]] * (two - one) + [order[2]] * (n - two)
    return Division(parts, min(NO_RIVAL, float(best - rival) / _UNIT))
