"""The best pairing of rows with columns: the assignment problem, solved by shortest augmenting paths.

Written out because importing scipy.optimize for it takes longer than segmenting a page. The method is that of Jonker
and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems" (1987).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]


def best_pairs(gain: Floats) -> tuple[Ints, Ints]:
    """Pair rows with columns one to one, as many as there can be, so that the gains sum to the most.

    Args:
        gain: rows x columns; whole numbers, so that sums are exact and the answer is the same on every machine.

    Returns:
        row indexes in ascending order, and the column of each.
    """
    if gain.shape[0] > gain.shape[1]:
        columns, rows = best_pairs(gain.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    owner = _owners(-np.asarray(gain, np.float64))
    taken = np.flatnonzero(owner >= 0)
    order = np.argsort(owner[taken])
    return owner[taken][order], taken[order]


def _owners(cost: Floats) -> Ints:
    """The row that gets each column at the least cost in all, or -1; there are at least as many columns as rows."""
    rows, columns = cost.shape
    owner = np.full(columns, -1, np.int64)
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    for start in range(rows):
        distance = np.full(columns, np.inf)
        before = np.full(columns, -1, np.int64)
        open_columns = np.ones(columns, np.bool_)
        row, reached, entered = start, 0.0, -1
        while True:
            through = reached + cost[row] - row_price[row] - column_price
            nearer = open_columns & (through < distance)
            distance[nearer] = through[nearer]
            before[nearer] = entered
            entered = int(np.argmin(np.where(open_columns, distance, np.inf)))
            reached = float(distance[entered])
            open_columns[entered] = False
            if owner[entered] < 0:
                break
            row = int(owner[entered])
        closed = np.flatnonzero(~open_columns)
        held = closed[owner[closed] >= 0]
        row_price[owner[held]] += reached - distance[held]
        row_price[start] += reached
        column_price[closed] += distance[closed] - reached
        while entered >= 0:
            previous = int(before[entered])
            owner[entered] = start if previous < 0 else owner[previous]
            entered = previous
    return owner
