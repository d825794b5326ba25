"""The pieces of a page: bodies, headline blocks, captions, bylines, as groups of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.text_cuts import groups
from services.segment.roles import BODY, BYLINE, CAPTION, CREDIT, HEADING, SUBHEAD

if TYPE_CHECKING:
    import numpy.typing as npt

    from services.segment.page.page import Page

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Row indexes of each piece, pieces in page order, rows ascending."""

    bodies: tuple[tuple[int, ...], ...]
    heads: tuple[tuple[int, ...], ...]
    captions: tuple[tuple[int, ...], ...]
    bylines: tuple[tuple[int, ...], ...]


def caption_groups(
    page: Page, roles: Ints, values: npt.NDArray[np.float64], column: dict[str, int]
) -> tuple[tuple[int, ...], ...]:
    """Captions with their credits; a new one after rows of another kind, after a credit, or at a caption's mark."""
    rows = np.flatnonzero((roles == CAPTION) | (roles == CREDIT))
    starts = []
    for k, row in enumerate(rows):
        if k == 0 or rows[k - 1] != row - 1:
            starts.append(True)
            continue
        if roles[row] == CREDIT:
            starts.append(False)
            continue
        before = rows[k - 1]
        credited = roles[before] == CREDIT or (
            values[before, column["photo_end"]] > 0 and values[before, column["photo_word"]] > 0
        )
        marked = values[row, column["caption_start"]] > 0
        short = values[before, column["width"]] < max(values[r, column["width"]] for r in rows[max(0, k - 6) : k]) - 1.5
        ended = values[before, column["ends_sentence"]] > 0 and (page.rows[row].gap > 0 or short)
        starts.append(bool(credited or marked or ended))
    return groups([int(r) for r in rows], starts)


def byline_groups(
    page: Page, roles: Ints, values: npt.NDArray[np.float64], column: dict[str, int]
) -> tuple[tuple[int, ...], ...]:
    """Bylines; a line that does not open with 记者 or the like and follows one directly carries it on."""
    rows = np.flatnonzero(roles == BYLINE)
    starts = []
    for k, row in enumerate(rows):
        adjacent = k > 0 and rows[k - 1] == row - 1 and page.rows[row].gap == 0
        starts.append(not adjacent or values[row, column["reporter_start"]] > 0)
    return groups([int(r) for r in rows], starts)


def heading_rows(roles: Ints) -> Ints:
    """Indexes of heading rows."""
    return np.flatnonzero(roles == HEADING)


def flow_rows(roles: Ints) -> Ints:
    """Indexes of body and subhead rows."""
    return np.flatnonzero((roles == BODY) | (roles == SUBHEAD))
