"""Measurements of rows, of boundaries between rows, and of pairs: arrays whose columns have names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.segment.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Measurements of several things, with a column for each feature.

    Attributes:
        names: names of the features, in the order of the columns.
        values: (things x features), or (pieces x bodies x features) where the things are pairs.
    """

    names: tuple[str, ...]
    values: Floats
    _place: dict[str, int] = field(default_factory=dict, init=False, repr=False)  # filled on first use

    @staticmethod
    def of(columns: Mapping[str, Floats]) -> Features:
        """Make features from a (things,) array for each feature, in the order of the mapping."""
        return Features(tuple(columns), np.array(list(columns.values())).T)

    def column(self, name: str) -> Floats:
        """Return one feature of every thing: `values` without its last axis.

        Raises:
            KeyError: the feature does not exist.
        """
        if not self._place:
            self._place.update({each: k for k, each in enumerate(self.names)})
        column: Floats = self.values[..., self._place[name]]
        return column

    def ordered(self, names: Sequence[str]) -> Floats:
        """Return the values with the columns `names` in this order.

        Raises:
            KeyError: a feature is missing.
        """
        if self.names == names:
            return self.values
        place = {each: k for k, each in enumerate(self.names)}
        # Columns are contiguous in memory: to take whole columns is several times faster than to take from each row.
        columns = np.moveaxis(self.values, -1, 0)[[place[name] for name in names]]
        return np.moveaxis(columns, 0, -1)

    def one_by_one(self) -> Features:
        """Reshape (pieces x bodies x features) to (pairs x features); the bodies of the first piece come first."""
        return Features(self.names, self.values.reshape(-1, len(self.names)))


NOTHING = Features((), np.zeros((0, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """The boundaries between consecutive rows of one kind. Boundary k lies between rows k and k + 1 of that kind.

    Attributes:
        rows: (rows,) indexes of these rows on the page, ascending.
        features: (rows - 1 x features), or `NOTHING` if there are fewer than two rows.
    """

    rows: Ints
    features: Features

    def __len__(self) -> int:
        return len(self.features.values)
