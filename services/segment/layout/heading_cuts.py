"""Find where one headline block ends and the next begins, when headlines are next to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import NOTHING, Boundaries, Features
from services.segment.page.shared_words import phrases, shared_words
from services.segment.page.torn_words import torn_across
from services.segment.roles import CLASSES, HEADING, is_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.page.page import Page


_PAIR = 2  # a boundary needs this many rows
_OWN = (
    "width",
    "ratio",
    "length",
    "gap",
    "gap_after",
    "dash_start",
    "dash_any",
    "open_brackets",
    "vertical",
    "spaced",
    "colon",
    "blanks",
    "ends_comma",
    "ends_colon",
    "first_class",
    "last_class",
    "share_han",
    "quote",
    "block_size",
    "block_place",
    "index",
    "from_end",
    "words_elsewhere",
    "phrase_any",
    "bracketed",
)


def head_features(
    page: Page, features: Features, probabilities: Floats, roles: Ints, bodies: Sequence[Sequence[int]]
) -> Boundaries:
    """Return the evidence at each boundary between consecutive heading rows.

    This includes boundaries with running text between the two rows.

    Args:
        page: the page.
        features: the features of its rows.
        probabilities: (rows x classes) the probabilities of the roles.
        roles: (rows,) the class each row is taken for.
        bodies: the rows of each body, as the flow has been cut so far.
    """
    rows = np.flatnonzero(roles == HEADING)
    if len(rows) < _PAIR:
        return Boundaries(rows, NOTHING)
    above, below = rows[:-1], rows[1:]
    out: dict[str, Floats] = {}
    for name in _OWN:
        out[f"above_{name}"] = features.column(name)[above]
        out[f"below_{name}"] = features.column(name)[below]
    out["width_change"] = out["below_width"] - out["above_width"]
    out["torn"] = torn_across(page, above, below)
    for number, name in enumerate(CLASSES):
        seen = np.concatenate(([0], np.cumsum(roles == number)))
        out[f"between_{name}"] = (seen[below] - seen[above + 1]).astype(float)
    seen = np.concatenate(([0], np.cumsum(is_flow(roles))))
    out["flow_between"] = (seen[below] - seen[above + 1]).astype(float)
    near = out["flow_between"] == 0
    run = np.cumsum(np.concatenate(([True], ~near)))
    size = np.bincount(run)
    first = np.concatenate(([0], np.cumsum(size)))
    place = np.arange(len(rows)) - first[run]
    out["run_size"] = np.minimum(size[run][1:], 30).astype(float)
    out["run_place"] = np.minimum(place[1:], 30).astype(float)
    titles, running = [page.rows[r].plain for r in rows], [page.text_of(b) for b in bodies]
    share, weight = shared_words(phrases(titles, 2), phrases(running, 2))
    if share.shape[1] == 0:
        share = weight = np.zeros((len(rows), 1))
    best = share.argmax(axis=1)
    k = np.arange(len(rows) - 1)
    out["same_best"] = (best[1:] == best[:-1]).astype(float)
    out["best_apart"] = np.clip(best[1:] - best[:-1], -9, 9).astype(float)
    for label, a, b in (
        ("above_own", k, best[:-1]),
        ("below_own", k + 1, best[1:]),
        ("above_other", k, best[1:]),
        ("below_other", k + 1, best[:-1]),
    ):
        out[f"share_{label}"] = share[a, b]
        out[f"weight_{label}"] = weight[a, b]
    together = share[:-1] + share[1:]
    out["share_together"] = together.max(axis=1)
    out["loss_together"] = share[:-1].max(axis=1) + share[1:].max(axis=1) - out["share_together"]
    out["bodies"] = np.full(len(k), float(len(bodies)))
    out["heading_rows"] = np.full(len(k), float(len(rows)))
    out["p_heading_above"], out["p_heading_below"] = probabilities[above, HEADING], probabilities[below, HEADING]
    return Boundaries(rows, Features.of(out))
