"""The best pairing of rows with columns: the assignment problem, solved by shortest augmenting paths.

Written out because importing scipy.optimize for it takes longer than segmenting a page. The method is that of Jonker
and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems" (1987).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    rows_of_columns = np.array(_owners((-gain).tolist(), gain.shape[1]), np.int64)
    taken = np.flatnonzero(rows_of_columns >= 0)
    order = np.argsort(rows_of_columns[taken])
    return rows_of_columns[taken][order], taken[order]


def _owners(cost: Sequence[Sequence[float]], columns: int) -> list[int]:
    """The row that gets each column at the least cost in all, or -1; there are at least as many columns as rows.

    Plain lists: pages have a dozen headlines, and for so few NumPy takes ten times as long.
    """
    owner = [-1] * columns
    row_price, column_price = [0.0] * len(cost), [0.0] * columns
    for start in range(len(cost)):
        distance, before = [math.inf] * columns, [-1] * columns
        unseen, seen = list(range(columns)), []
        row, reached, entered = start, 0.0, -1
        while True:
            costs, base = cost[row], reached - row_price[row]
            nearest, reached = -1, math.inf
            for column in unseen:
                through = base + costs[column] - column_price[column]
                if through < distance[column]:
                    distance[column] = through
                    before[column] = entered
                if distance[column] < reached:
                    nearest, reached = column, distance[column]
            entered = nearest
            if owner[entered] < 0:
                break
            unseen.remove(entered)
            seen.append(entered)
            row = owner[entered]
        row_price[start] += reached
        for column in seen:
            row_price[owner[column]] += reached - distance[column]
            column_price[column] += distance[column] - reached
        while entered >= 0:
            previous = before[entered]
            owner[entered] = start if previous < 0 else owner[previous]
            entered = previous
    return owner
