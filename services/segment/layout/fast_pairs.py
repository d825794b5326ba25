"""Measure cheaply how well a headline block and any stretch of running text go together.

Everything that does not depend on where bodies begin and end is counted once per page. A search can then try many
ways of cutting the flow. `pair_table` says what each feature measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.pair_places import Places, pair_features, place_columns, row_counts
from services.segment.layout.pair_table import FAST_MOST, FAST_NAMES
from services.segment.page.shared_words import among, distinct, phrases
from services.segment.roles import BODY, BYLINE, CAPTION, HEADING, JUMP, LABEL, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Counts, Flags, Floats, Ints, Span
    from services.segment.features import Features
    from services.segment.layout.pair_places import RowCounts
    from services.segment.page.page import Page

_LEAD_ROWS = 7  # number of flow rows that form a body's beginning, or its end
_WINDOW = 12  # number of flow rows that count as one text when words are weighed
_UNIT = 2520  # weight of an n-gram found in a single window; 1/df in whole numbers, so that sums are exact
_MOST_HOLDING = 10  # an n-gram found in more windows than this does not get lighter
_HEADING = 60  # number of characters of a heading row that are compared
_LATE = 0.7  # a heading row after this share of the page's rows is late
# Keys: part of the body, and characters of an n-gram. Values: the feature for the share of the block's n-grams, and
# the feature for their weight where pairs use it.
_SHARED = {
    ("share", 2): "share",
    ("share", 4): "phrase",
    ("lead", 2): "lead",
    ("lead", 4): "phrase_lead",
    ("tail", 2): "tail",
    ("tail", 4): "phrase_tail",
}
_WEIGHED = {("share", 2): "weight", ("share", 4): "phrase_weight", ("lead", 2): "lead_weight"}
_SIZES = (2, 4)


@dataclass(frozen=True, slots=True)
class PageCounts:
    """What is counted once per page for all pairs: rows, and which flow row has which words of the headings.

    Attributes:
        flow: (flow rows,) indexes of the flow rows; long captions may follow the running text.
        heading: (heading rows,) indexes of the heading rows.
        held: for each n-gram size, (flow rows + 1 x n-grams): how many flow rows before each row have the n-gram.
        owned: for each n-gram size, (heading rows + 1 x n-grams): how many heading rows before each row have the
            n-gram.
        weight: for each n-gram size, (n-grams,) weights; whole numbers.
        rows: counts and features of all rows.
        heading_length: (heading rows + 1,) characters of the heading rows before each row.
        beside: what is next to each row, (rows,) each.
    """

    flow: Ints
    heading: Ints
    held: tuple[Counts, ...]
    owned: tuple[Counts, ...]
    weight: tuple[Floats, ...]
    rows: RowCounts
    heading_length: Floats
    beside: dict[str, Floats]


def page_counts(page: Page, features: Features, roles: Ints, flow: Ints, heading: Ints) -> PageCounts:
    """Count a page for `fast_pairs`.

    Args:
        page: the page.
        features: the features of its rows.
        roles: (rows,) the class each row is taken for.
        flow: indexes of the flow rows.
        heading: indexes of the heading rows.
    """
    texts = [page.rows[r].plain for r in flow]
    following = [*(t[:3] for t in texts[1:]), ""][: len(texts)]
    held, owned, weight = [], [], []
    for size in _SIZES:
        titles = phrases([page.rows[r].plain[:_HEADING] for r in heading], size)
        known = distinct(titles.gram)
        own = np.zeros((len(heading), len(known)), np.bool_)
        own[titles.text, np.searchsorted(known, titles.gram)] = True
        running = phrases([t + f[: size - 1] for t, f in zip(texts, following, strict=True)], size)
        place, at = among(known, running.gram)
        present = np.zeros((len(flow), len(known)), np.bool_)
        present[running.text[place], at] = True
        windows = np.add.reduceat(present, np.arange(0, len(flow), _WINDOW), axis=0) > 0 if len(flow) else present
        held.append(_counted(present))
        owned.append(_counted(own))
        weight.append((_UNIT // np.clip(windows.sum(axis=0), 1, _MOST_HOLDING)).astype(np.float64))
    is_flow = np.zeros(len(page), np.bool_)
    is_flow[flow] = True
    reporter = features.column("reporter")
    beside = _surroundings(roles, len(page))
    beside["reporter"] = np.maximum(reporter, np.concatenate((reporter[1:], [0.0])))
    lengths = np.concatenate(([0.0], np.cumsum(features.column("length")[heading])))
    rows = row_counts(page, features, roles, is_flow)
    return PageCounts(flow, heading, tuple(held), tuple(owned), tuple(weight), rows, lengths, beside)


def _counted(present: Flags) -> Counts:
    """Count, for each position (one more than there are rows), the rows before it that have each n-gram."""
    counts = np.zeros((len(present) + 1, present.shape[1]), np.int32)
    np.cumsum(present, axis=0, out=counts[1:])
    return counts


def _surroundings(roles: Ints, size: int) -> dict[str, Floats]:
    """Return for each row whether a heading or a jump line is next to it, and its place in its run of headings."""
    through = np.isin(roles, [BYLINE, LABEL, CAPTION])
    index = np.arange(size)
    solid = np.where(~through, index, -1)
    above = np.concatenate(([-1], np.maximum.accumulate(solid)[:-1])) if size else solid
    below = (
        np.concatenate((np.minimum.accumulate(np.where(~through, index, size)[::-1])[::-1][1:], [size]))
        if size
        else solid
    )
    padded = np.concatenate((roles, [-1]))
    jump_through = np.isin(roles, [BYLINE, LABEL, CAPTION, HEADING])
    jump_above = (
        np.concatenate(([-1], np.maximum.accumulate(np.where(~jump_through, index, -1))[:-1])) if size else solid
    )
    apart = np.cumsum(np.isin(roles, [BODY, SUBHEAD]))
    heading = roles == HEADING
    run = np.zeros(size)
    place = np.zeros(size)
    if heading.any():
        _, inverse, counts = np.unique(apart[heading], return_inverse=True, return_counts=True)
        run[heading] = counts[inverse]
        first = np.concatenate(([0], np.cumsum(counts)[:-1]))
        place[heading] = np.arange(int(heading.sum())) - first[inverse]
    return {
        "head_above": (padded[above] == HEADING).astype(float),
        "head_below": (padded[below] == HEADING).astype(float),
        "jump_above": (padded[jump_above] == JUMP).astype(float),
        "run": np.minimum(run, FAST_MOST["piece_run"]),
        "run_place": np.minimum(place, FAST_MOST["piece_run_place"]),
    }


def fast_pairs(counts: PageCounts, heads: Sequence[Span], bodies: Sequence[Span]) -> Features:
    """Return the evidence for every pair (heads x bodies x `FAST_NAMES`).

    Args:
        counts: the counts of the page.
        heads: first and last position in `counts.heading` of each block.
        bodies: first and last position in `counts.flow` of each body.
    """
    head, body = np.array(heads).T, np.array(bodies).T
    pieces = Places(counts.heading[head[0]], counts.heading[head[1]])
    texts = Places(counts.flow[body[0]], counts.flow[body[1]])
    first, start, end = pieces.first, texts.first, texts.last
    out = _words(counts, head, body) | place_columns(counts.rows, pieces, texts, FAST_MOST)
    out["shift"] = (start[None, :] - first[:, None]) / counts.rows.size
    length = counts.heading_length
    heading_rows = max(len(counts.heading), 1)
    late = float(np.count_nonzero(counts.heading > _LATE * counts.rows.size)) / heading_rows
    beside = counts.beside
    out |= {
        "piece_rows": (head[1] - head[0] + 1.0)[:, None],
        "piece_length": np.minimum(length[head[1] + 1] - length[head[0]], FAST_MOST["piece_length"])[:, None],
        "piece_run": beside["run"][first][:, None],
        "piece_run_place": beside["run_place"][first][:, None],
        "piece_jump_above": beside["jump_above"][first][:, None],
        "body_rows": np.minimum(body[1] - body[0] + 1.0, FAST_MOST["body_rows"])[None, :],
        "body_reporter": beside["reporter"][start][None, :],
        "body_jump_above": beside["jump_above"][start][None, :],
        "body_place": start[None, :] / counts.rows.size,
        "heading_rows": np.full((1, 1), float(heading_rows)),
        "flow_rows": np.full((1, 1), min(float(len(counts.flow)), FAST_MOST["flow_rows"])),
        "heads_late": np.full((1, 1), late),
        "body_head_above": beside["head_above"][start][None, :],
        "body_head_below": beside["head_below"][end][None, :],
    }
    return pair_features(out, FAST_NAMES, (len(heads), len(bodies)))


def _words(counts: PageCounts, head: Ints, body: Ints) -> dict[str, Floats]:
    """Measure what each block shares with each body, with the body's beginning and with its end."""
    lead_end = np.minimum(body[1], body[0] + _LEAD_ROWS - 1)
    tail_start = np.maximum(body[0], body[1] - _LEAD_ROWS + 1)
    out: dict[str, Floats] = {}
    for size, held, owned, weight in zip(_SIZES, counts.held, counts.owned, counts.weight, strict=True):
        words = (owned[head[1] + 1] > owned[head[0]]) * weight
        total = np.maximum(words.sum(axis=1), 1.0)[:, None]
        for part, start, end in (("share", *body), ("lead", body[0], lead_end), ("tail", tail_start, body[1])):
            common = words @ (held[end + 1] > held[start]).T.astype(np.float64)  # whole numbers, so exact in any order
            out[_SHARED[part, size]] = common / total
            if (part, size) in _WEIGHED:
                out[_WEIGHED[part, size]] = common / _UNIT
    return out
