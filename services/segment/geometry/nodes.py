"""The pieces of a page that are linked: column frames, long captions and headline blocks, each as one box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from services.segment.geometry.drawn import inside_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.geometry.places import Places


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Pieces of a page as boxes.

    Attributes:
        rows: the rows of each piece, from its first to its last.
        left, top, right, bottom: (pieces,) edges of the box around each.
        size: (pieces,) median type size.
        largest: (pieces,) largest type size.
        first, last: (pieces,) first and last row of each.
        low, high: (pieces,) least and greatest row of each, in the order of the text.
        held: (pieces,) the frame around each, or -1.
    """

    rows: tuple[tuple[int, ...], ...]
    left: Floats
    top: Floats
    right: Floats
    bottom: Floats
    size: Floats
    largest: Floats
    first: Ints
    last: Ints
    low: Ints
    high: Ints
    held: Ints

    def __len__(self) -> int:
        return len(self.rows)


def nodes_of(places: Places, pieces: Sequence[Sequence[int]]) -> Nodes:
    """Return the pieces as boxes."""
    rows = [np.array(p, np.int64) for p in pieces]
    left, top = _each(np.min, places.left, rows), _each(np.min, places.top, rows)
    right, bottom = _each(np.max, places.right, rows), _each(np.max, places.bottom, rows)
    return Nodes(
        rows=tuple(tuple(p) for p in pieces),
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        size=_each(np.median, places.size, rows),
        largest=_each(np.max, places.size, rows),
        first=np.array([p[0] for p in pieces], np.int64),
        last=np.array([p[-1] for p in pieces], np.int64),
        low=np.array([min(p) for p in pieces], np.int64),
        high=np.array([max(p) for p in pieces], np.int64),
        held=inside_of(places, left, top, right, bottom),
    )


def _each(pick: Callable[[Floats], np.floating[Any]], values: Floats, rows: Sequence[Ints]) -> Floats:
    """Return what `pick` chooses from the values of the rows of each piece: (pieces,)."""
    return np.array([pick(values[r]) for r in rows], np.float64)
