"""Where two pieces stand on a page, and what their first and last rows look like: both looks at pairs take this."""

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
    """What is counted down a page, and read of each row, so that any two pieces can be compared by subtraction.

    Attributes:
        size: rows of the page.
        seen: for each kind of row, (rows + 1,) how many stand before each row.
        gaps: (rows + 1,) blank lines before each row, those above it included.
        of_row: for each row feature that pairs read, (rows,).
    """

    size: int
    seen: dict[str, Ints]
    gaps: Floats
    of_row: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Places:
    """First and last row of several pieces, (pieces,) each."""

    first: Ints
    last: Ints


def places_of(pieces: Sequence[Sequence[int]]) -> Places:
    """Places of pieces given by their rows, ascending."""
    return Places(np.array([p[0] for p in pieces]), np.array([p[-1] for p in pieces]))


def row_counts(page: Page, features: Features, roles: Ints, flow: Flags) -> RowCounts:
    """Count a page's rows.

    Args:
        page: the page.
        features: of its rows.
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
    """The features of `pair_table` that follow from places alone.

    Args:
        counts: of the page.
        pieces: where the pieces stand.
        bodies: where the bodies stand.
        most: by what each feature is bounded.

    Returns:
        for each feature (pieces x bodies), or (pieces x 1) where it is the piece's alone, (1 x bodies) the body's.
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
    """The columns `names`, each spread to `shape` (pieces, bodies), as features of pairs.

    Raises:
        KeyError: a column is missing.
    """
    values = np.empty((len(names), *shape))
    for number, name in enumerate(names):
        values[number] = columns[name]
    return Features(tuple(names), values.transpose(1, 2, 0))
