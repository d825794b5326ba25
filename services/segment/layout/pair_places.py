"""Where two pieces are on a page, and what their first and last rows look like; both looks at pairs use this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.roles import BYLINE, CAPTION, HEADING, JUMP, LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.page.page import Page

_READ = ("width", "dash_start", "gap", "lead", "indented", "signature_end", "ends_sentence")


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Running counts down a page and features of each row, so that any two pieces can be compared by subtraction.

    Attributes:
        size: the number of rows of the page.
        seen: for each kind of row, (rows + 1,) how many rows of that kind are before each row.
        gaps: (rows + 1,) for each row, the sum of the `gap` feature (blank lines above a row) over the rows before it.
        of_row: for each row feature that pairs read, its values (rows,).
    """

    size: int
    seen: dict[str, Ints]
    gaps: Floats
    of_row: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Places:
    """The first and last rows of several pieces, (pieces,) each."""

    first: Ints
    last: Ints


def places_of(pieces: Sequence[Sequence[int]]) -> Places:
    """Return the places of pieces, each given by its rows in ascending order."""
    return Places(np.array([p[0] for p in pieces]), np.array([p[-1] for p in pieces]))


def row_counts(page: Page, features: Features, roles: Ints, flow: Flags) -> RowCounts:
    """Count a page's rows.

    Args:
        page: the page.
        features: the features of its rows.
        roles: (rows,) the class each row is taken for.
        flow: (rows,) which rows count as running text.
    """
    kinds = {
        "flow": flow,
        "heading": roles == HEADING,
        "byline": roles == BYLINE,
        "caption": roles == CAPTION,
        "label": roles == LABEL,
        "furniture": roles > LABEL,  # weather and furniture are the last two classes
        "jump": roles == JUMP,
    }
    seen = {kind: np.concatenate(([0], np.cumsum(flag))) for kind, flag in kinds.items()}
    of_row = {name: features.column(name) for name in _READ}
    of_row["torn"] = page.torn.astype(float)
    return RowCounts(len(page), seen, np.concatenate(([0.0], np.cumsum(of_row["gap"]))), of_row)


def place_columns(counts: RowCounts, pieces: Places, bodies: Places, most: Mapping[str, float]) -> dict[str, Floats]:
    """Return the features of `pair_table` that depend on places only.

    Args:
        counts: the counts of the page.
        pieces: where the pieces are.
        bodies: where the bodies are.
        most: the bound of each feature.

    Returns:
        for each feature an array: (pieces x bodies), (pieces x 1) where it depends on the piece only, or (1 x bodies)
        where it depends on the body only.
    """
    first, last = pieces.first[:, None], pieces.last[:, None]
    top, bottom = bodies.first[None, :], bodies.last[None, :]
    above, below = last < top, first > bottom
    low = np.where(above, last + 1, np.where(below, bottom + 1, 0))
    high = np.where(above, top, np.where(below, first, 0))
    out = {"above": above.astype(float), "below": below.astype(float)}
    for kind, seen in counts.seen.items():
        name = f"{kind}_between"
        if name in most:
            out[name] = np.minimum(seen[high] - seen[low], most[name]).astype(float)
    out["rows_between"] = np.minimum(high - low, most["rows_between"]).astype(float)
    out["gaps_between"] = np.minimum(counts.gaps[high] - counts.gaps[low], most["gaps_between"])
    read = counts.of_row
    out |= {
        "piece_width": read["width"][first],
        "piece_dash": read["dash_start"][first],
        "piece_gap": read["gap"][first],
        "piece_place": first / counts.size,
        "body_lead": read["lead"][top],
        "body_indented": read["indented"][top],
        "body_torn": read["torn"][top],
        "body_gap": read["gap"][top],
        "body_signed": read["signature_end"][bottom],
        "body_ended": read["ends_sentence"][bottom],
    }
    return out


def pair_features(columns: Mapping[str, Floats], names: Sequence[str], shape: tuple[int, int]) -> Features:
    """Return the columns `names` as features of pairs, each broadcast to `shape` (pieces, bodies).

    Raises:
        KeyError: a column is missing.
    """
    values = np.empty((len(names), *shape))
    for number, name in enumerate(names):
        values[number] = columns[name]
    return Features(tuple(names), values.transpose(1, 2, 0))
