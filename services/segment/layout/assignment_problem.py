"""Find the best pairing of rows with columns: the assignment problem, solved by shortest augmenting paths.

Importing scipy.optimize for this takes longer than segmenting a page, so this module implements the method itself. It
is the method of Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
problems" (1987).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints


def best_assignment(gain: Floats) -> tuple[Ints, Ints]:
    """Pair as many rows with columns as possible, one to one, so that the sum of the gains is largest.

    Args:
        gain: rows x columns. The values are whole numbers, so the sums are exact and the answer is the same on every
            machine.

    Returns:
        the row indexes in ascending order, and the column of each row.
    """
    if gain.shape[0] > gain.shape[1]:
        columns, rows = best_assignment(gain.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    owner, _, _ = _owners((-gain).tolist(), gain.shape[1])
    rows_of_columns = np.array(owner, np.int64)
    taken = np.flatnonzero(rows_of_columns >= 0)
    order = np.argsort(rows_of_columns[taken])
    return rows_of_columns[taken][order], taken[order]


def priced_assignment(gain: Sequence[Sequence[float]]) -> tuple[float, list[float], list[float]]:
    """Return the most that pairing rows with columns one to one can gain, and the worth of each row and column.

    Args:
        gain: rows x columns, at least one row and one column. The values are whole numbers, none below zero.

    Returns:
        the sum of the gains, the worth of each row and the worth of each column. No worth is below zero. The worth of
        a row plus the worth of a column is at least what the two gain as a pair. The sum of all worths is at least the
        sum of the gains. No pairing of these rows and columns, or of some of them, gains more than they are worth.
    """
    if len(gain) > len(gain[0]):
        total, column_worth, row_worth = priced_assignment(list(zip(*gain, strict=True)))
        return total, row_worth, column_worth
    owner, row_price, column_price = _owners([[-g for g in row] for row in gain], len(gain[0]))
    total = sum(gain[row][column] for column, row in enumerate(owner) if row >= 0)
    return total, [max(-price, 0.0) for price in row_price], [max(-price, 0.0) for price in column_price]


def _owners(cost: Sequence[Sequence[float]], columns: int) -> tuple[list[int], list[float], list[float]]:
    """Return the row that gets each column at the lowest total cost, or -1, and the prices that prove it.

    There are at least as many columns as rows. The code uses plain lists: pages have a dozen headlines, and NumPy
    takes ten times as long for so few.
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
    return owner, row_price, column_price
