"""How well a headline block and a stretch of running text go together, for any stretch, cheaply.

Everything that does not depend on where bodies begin and end is computed once a page, so that a search can try many
ways of cutting the flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.page.shared_words import among, distinct, phrases
from services.segment.roles import BYLINE, CAPTION, HEADING, JUMP, LABEL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from services.segment.page.page import Page

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Counts = npt.NDArray[np.int32]
    Span = tuple[int, int]

_LEAD_ROWS = 7
_WINDOW = 12
_UNIT = 2520
_SIZES = (2, 4)
_HEADING = 60  # characters of a heading row that are compared
NAMES = (
    "share2",
    "weight2",
    "lead2",
    "leadweight2",
    "tail2",
    "share4",
    "weight4",
    "lead4",
    "tail4",
    "above",
    "below",
    "flow_between",
    "heading_between",
    "byline_between",
    "caption_between",
    "label_between",
    "jump_between",
    "rows_between",
    "gaps_between",
    "shift",
    "head_rows",
    "head_length",
    "head_width",
    "head_dash",
    "head_gap",
    "head_place",
    "head_run",
    "head_run_place",
    "head_jump",
    "body_rows",
    "body_lead",
    "body_indented",
    "body_torn",
    "body_gap",
    "body_reporter",
    "body_signed",
    "body_ended",
    "body_jump",
    "body_place",
    "heading_rows",
    "flow_rows",
    "heads_late",
    "body_head_above",
    "body_head_below",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page offers to every pair: counts up to each row, and which flow row holds which words of the headings.

    Attributes:
        flow: flow rows' indexes.
        heading: heading rows' indexes.
        held: for each n-gram size, (flow rows + 1 x n-grams) how many flow rows before each hold it.
        owned: for each n-gram size, (heading rows + 1 x n-grams) how many heading rows before each hold it.
        weight: for each n-gram size, weights; whole numbers.
        seen: rows of each kind before each row.
        static: per-row values the pairs use.
    """

    flow: Ints
    heading: Ints
    held: tuple[Counts, ...]
    owned: tuple[Counts, ...]
    weight: tuple[Floats, ...]
    seen: dict[str, Ints]
    gaps: Floats
    static: dict[str, Floats]
    size: int


def ground_of(  # noqa: PLR0913, PLR0917
    page: Page, names: Sequence[str], values: Floats, roles: Ints, flow: Ints, heading: Ints
) -> Ground:
    """Prepare a page for `affinity`."""
    column = {name: i for i, name in enumerate(names)}
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
        weight.append((_UNIT // np.clip(windows.sum(axis=0), 1, 10)).astype(np.float64))
    seen = {}
    is_flow = np.zeros(len(page), np.bool_)
    is_flow[flow] = True
    for label, flag in (
        ("flow", is_flow),
        ("heading", roles == HEADING),
        ("byline", roles == BYLINE),
        ("caption", roles == CAPTION),
        ("label", roles == LABEL),
        ("jump", roles == JUMP),
    ):
        seen[label] = np.concatenate(([0], np.cumsum(flag)))
    static = {
        name: values[:, column[name]]
        for name in ("width", "length", "dash_start", "gap", "lead", "indented", "signature_end", "ends_sentence")
    }
    static["torn"] = page.torn.astype(float)
    static["reporter"] = np.maximum(
        values[:, column["reporter"]], np.concatenate((values[1:, column["reporter"]], [0.0]))
    )
    static |= _surroundings(roles, len(page))
    return Ground(
        flow,
        heading,
        tuple(held),
        tuple(owned),
        tuple(weight),
        seen,
        np.concatenate(([0.0], np.cumsum(static["gap"]))),
        static,
        len(page),
    )


def _counted(present: Flags) -> Counts:
    """How many rows before each row (one more than there are) have each n-gram."""
    counts = np.zeros((len(present) + 1, present.shape[1]), np.int32)
    np.cumsum(present, axis=0, out=counts[1:])
    return counts


def _surroundings(roles: Ints, size: int) -> dict[str, Floats]:
    """For each row: is a heading or a jump line next to it, and in which run of headings does it stand?"""
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
    apart = np.cumsum(np.isin(roles, [3, 1]))
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
        "run": np.minimum(run, 30),
        "run_place": np.minimum(place, 30),
    }


def affinity(ground: Ground, heads: Sequence[Span], bodies: Sequence[Span]) -> Floats:
    """Evidence (heads x bodies x `NAMES`).

    Args:
        ground: the page.
        heads: first and last position in `ground.heading` of each block, last included.
        bodies: first and last position in `ground.flow` of each body, last included.
    """
    out: dict[str, Floats] = {}
    head, body = np.array(heads).T, np.array(bodies).T
    lead_end, tail_start = np.minimum(body[1], body[0] + _LEAD_ROWS - 1), np.maximum(body[0], body[1] - _LEAD_ROWS + 1)
    for size, held, owned, weight in zip(_SIZES, ground.held, ground.owned, ground.weight, strict=True):
        words = (owned[head[1] + 1] > owned[head[0]]) * weight
        total = np.maximum(words.sum(axis=1), 1.0)[:, None]
        for label, start, end in (("share", *body), ("lead", body[0], lead_end), ("tail", tail_start, body[1])):
            common = words @ (held[end + 1] > held[start]).T.astype(np.float64)  # whole numbers: exact in any order
            out[f"{label}{size}"] = common / total
            if label == "share":
                out[f"weight{size}"] = common / _UNIT
            elif label == "lead" and size == 2:  # noqa: PLR2004
                out["leadweight2"] = common / _UNIT
    first, last = ground.heading[head[0]], ground.heading[head[1]]
    start, end = ground.flow[body[0]], ground.flow[body[1]]
    above, below = last[:, None] < start[None, :], first[:, None] > end[None, :]
    out["above"], out["below"] = above.astype(float), below.astype(float)
    low = np.where(above, last[:, None] + 1, np.where(below, end[None, :] + 1, 0))
    high = np.where(above, start[None, :], np.where(below, first[:, None], 0))
    for label, seen in ground.seen.items():
        out[f"{label}_between"] = np.minimum(seen[high] - seen[low], 150).astype(float)
    out["rows_between"] = np.minimum(high - low, 300).astype(float)
    out["gaps_between"] = np.minimum(ground.gaps[high] - ground.gaps[low], 60)
    out["shift"] = (start[None, :] - first[:, None]) / ground.size
    s = ground.static
    lengths = np.concatenate(([0.0], np.cumsum(s["length"][ground.heading])))
    n_heading = max(len(ground.heading), 1)
    late = float(np.count_nonzero(ground.heading > 0.7 * ground.size)) / n_heading
    out |= {
        "head_rows": (head[1] - head[0] + 1.0)[:, None],
        "head_length": np.minimum(lengths[head[1] + 1] - lengths[head[0]], 150)[:, None],
        "head_width": s["width"][first][:, None],
        "head_dash": s["dash_start"][first][:, None],
        "head_gap": s["gap"][first][:, None],
        "head_place": first[:, None] / ground.size,
        "head_run": s["run"][first][:, None],
        "head_run_place": s["run_place"][first][:, None],
        "head_jump": s["jump_above"][first][:, None],
        "body_rows": np.minimum(body[1] - body[0] + 1.0, 120)[None, :],
        "body_lead": s["lead"][start][None, :],
        "body_indented": s["indented"][start][None, :],
        "body_torn": s["torn"][start][None, :],
        "body_gap": s["gap"][start][None, :],
        "body_reporter": s["reporter"][start][None, :],
        "body_signed": s["signature_end"][end][None, :],
        "body_ended": s["ends_sentence"][end][None, :],
        "body_jump": s["jump_above"][start][None, :],
        "body_place": start[None, :] / ground.size,
        "heading_rows": np.full((1, 1), float(n_heading)),
        "flow_rows": np.full((1, 1), min(float(len(ground.flow)), 600.0)),
        "heads_late": np.full((1, 1), late),
        "body_head_above": s["head_above"][start][None, :],
        "body_head_below": s["head_below"][end][None, :],
    }
    return stacked([out[name] for name in NAMES], (len(heads), len(bodies)))


def stacked(columns: Collection[Floats], shape: tuple[int, int]) -> Floats:
    """The columns, each spread to `shape`, as one array (`shape` x columns)."""
    values = np.empty((len(columns), *shape))
    for number, column in enumerate(columns):
        values[number] = column
    return values.transpose(1, 2, 0)
