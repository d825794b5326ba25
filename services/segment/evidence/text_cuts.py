"""Describes the flow of running text on a page, so that a model can find where it stops.

The flow is the body and subhead rows in extracted order. A boundary lies between every two consecutive rows of the
flow. Its features describe what ends above it, what begins below it, what is printed between, and the words that cross
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import NOTHING, Boundaries, Features
from services.segment.page.torn_words import torn_across
from services.segment.roles import BYLINE, CLASSES, HEADING, SUBHEAD, is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.page.page import Page


_ABOVE = (
    "ratio",
    "short_by",
    "width",
    "column",
    "ends_sentence",
    "ends_comma",
    "last_class",
    "signature_end",
    "to_page",
    "open_brackets",
    "length",
    "bullet",
    "torn",
    "lead",
    "indented",
    "photo_end",
)
_BELOW = (
    "ratio",
    "short_by",
    "width",
    "column",
    "indented",
    "gap",
    "lead",
    "lead_short",
    "first_class",
    "numbered",
    "bullet",
    "reporter",
    "parenthesised_reporter",
    "from_page",
    "length",
    "ends_sentence",
    "split_number",
    "words_before_15",
    "words_before_50",
    "words_before_4",
    "words_after_15",
    "phrase_before",
    "phrase_after",
    "quote",
    "dash_start",
    "bracketed",
    "words_before_9000",
)
_BELOW_NEXT = ("width", "gap", "indented", "ratio", "lead", "first_class", "ends_sentence")
_PAIR = 2  # fewest rows that have a boundary between them
_LAST_LINE = 1.5  # a row may end a paragraph if it is more than these characters short of its column
_PAGE = ("page_gaps", "page_indents", "page_column", "rows")
_SPANS = (4, 10, 25, 60)


def crossing_words(page: Page, flow: Ints, spans: Sequence[int]) -> list[Floats]:
    """Weigh the words printed on both sides of each boundary, for each of `spans`.

    Boundary k lies before flow row k. A word counts if its two places are at most a span of flow rows apart.
    """
    place = np.full(len(page), -1, np.int64)
    place[flow] = np.arange(len(flow))
    gram, where = page.gram[page.order], place[page.gram_row[page.order]]
    use = where >= 0
    gram, where = gram[use], where[use]
    step = where[1:] - where[:-1]
    linked = np.flatnonzero((gram[1:] == gram[:-1]) & (step > 0) & (step <= max(spans)))
    step, weight = step[linked], page.weight[gram[linked]].astype(np.float64)
    upper, lower = where[linked] + 1, where[linked + 1] + 1
    found = []
    for span in spans:
        near = step <= span
        total = np.bincount(upper[near], weights=weight[near], minlength=len(flow) + 1)
        total -= np.bincount(lower[near], weights=weight[near], minlength=len(flow) + 1)
        found.append(np.cumsum(total)[: len(flow)] / 1000)
    return found


def groups(rows: Sequence[int], starts: Sequence[bool]) -> tuple[tuple[int, ...], ...]:
    """Group consecutive `rows`. A new group starts where `starts` is true."""
    found: list[list[int]] = []
    for row, fresh in zip(rows, starts, strict=True):
        if fresh or not found:
            found.append([])
        found[-1].append(int(row))
    return tuple(tuple(g) for g in found)


def stretches(flow: Ints, cuts: Flags) -> tuple[tuple[int, ...], ...]:
    """Split the flow rows (indexes, ascending) into groups, at each boundary where `cuts` (flow rows - 1) is true."""
    return groups([int(r) for r in flow], [True, *(bool(c) for c in cuts)][: len(flow)])


def boundary_features(page: Page, features: Features, probabilities: Floats, roles: Ints) -> Boundaries:
    """Compute the features of each boundary between consecutive flow rows (body and subhead) of a page.

    Args:
        page: the page.
        features: features of its rows.
        probabilities: (rows x classes) of the roles.
        roles: (rows,) the class assigned to each row.
    """
    flow = np.flatnonzero(is_flow(roles))
    if len(flow) < _PAIR:
        return Boundaries(flow, NOTHING)
    above, below = flow[:-1], flow[1:]
    following = np.minimum(below + 1, len(page) - 1)
    out: dict[str, Floats] = {}
    for name in _ABOVE:
        out[f"above_{name}"] = features.column(name)[above]
    for name in _BELOW:
        out[f"below_{name}"] = features.column(name)[below]
    for name in _BELOW_NEXT:
        out[f"next_{name}"] = features.column(name)[following]
    for name in _PAGE:
        out[name] = features.column(name)[below]
    column = features.column("column")
    out["column_change"] = np.abs(column[below] - column[above])
    ahead, behind = np.minimum(below + 4, len(page) - 1), np.maximum(above - 4, 0)
    out["column_ahead"] = np.abs(column[ahead] - column[behind])
    out["above_glued_jump"] = page.glued[above].astype(float)
    out["torn"] = torn_across(page, above, below)
    for number, name in enumerate(CLASSES):
        seen = np.concatenate(([0], np.cumsum(roles == number)))
        out[f"between_{name}"] = (seen[below] - seen[above + 1]).astype(float)
        if name in {"heading", "subhead", "body", "byline", "caption"}:
            out[f"p_below_{name}"] = probabilities[below, number]
            out[f"p_above_{name}"] = probabilities[above, number]
    gap = np.concatenate(([0.0], np.cumsum(features.column("gap")[:])))
    out["gaps_between"] = gap[below + 1] - gap[above + 1]
    out["rows_between"] = (below - above - 1).astype(float)
    for span, crossing in zip(_SPANS, crossing_words(page, flow, _SPANS), strict=True):
        near = crossing[1:]
        out[f"crossing_{span}"] = near
        width = max(3, span // 2)
        padded = np.concatenate((np.full(width, near[0]), near, np.full(width, near[-1])))
        around = np.convolve(padded, np.ones(2 * width + 1), "valid") / (2 * width + 1)
        out[f"crossing_share_{span}"] = near / np.maximum(around, 0.05)
    _add_distances(out, features, roles, above, below)
    return Boundaries(flow, Features.of(out))


def _add_distances(out: dict[str, Floats], features: Features, roles: Ints, above: Ints, below: Ints) -> None:
    n = len(roles)
    index = np.arange(n)
    for name, flag in (
        ("heading", roles == HEADING),
        ("lead", features.column("lead")[:] > 0),
        ("nonflow", ~is_flow(roles)),
        ("subhead", roles == SUBHEAD),
        ("byline", roles == BYLINE),
        ("end", (features.column("ends_sentence")[:] > 0) & (features.column("short_by")[:] > _LAST_LINE)),
    ):
        last = np.maximum.accumulate(np.where(flag, index, -1000))
        upcoming = np.minimum.accumulate(np.where(flag, index, n + 1000)[::-1])[::-1]
        out[f"since_{name}"] = np.minimum(below - last[above], 60).astype(float)
        out[f"until_{name}"] = np.minimum(upcoming[np.minimum(below + 1, n - 1)] - below, 60).astype(float)
    out["leads"] = np.full(len(below), float(features.column("lead")[:].sum()))
    out["headings"] = np.full(len(below), float(np.count_nonzero((roles[1:] == HEADING) & (roles[:-1] != HEADING))))
