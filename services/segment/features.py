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
    """Measurements of several things, a column for each feature.

    Attributes:
        names: the features, in the order of the columns.
        values: (things x features), or (pieces x bodies x features) where the things are pairs.
    """

    names: tuple[str, ...]
    values: Floats
    _place: dict[str, int] = field(default_factory=dict, init=False, repr=False)  # filled on first use

    @staticmethod
    def of(columns: Mapping[str, Floats]) -> Features:
        """Return features made from a (things,) array for each name, in the order of the mapping."""
        return Features(tuple(columns), np.array(list(columns.values())).T)

    def column(self, name: str) -> Floats:
        """Return a feature of every thing: `values` without its last axis.

        Raises:
            KeyError: there is no such feature.
        """
        if not self._place:
            self._place.update({each: k for k, each in enumerate(self.names)})
        column: Floats = self.values[..., self._place[name]]
        return column

    def ordered(self, names: Sequence[str]) -> Floats:
        """Return the values with the columns `names` in this order.

        Raises:
            KeyError: a column is missing.
        """
        if self.names == names:
            return self.values
        place = {each: k for k, each in enumerate(self.names)}
        values: Floats = self.values[..., [place[name] for name in names]]
        return values

    def one_by_one(self) -> Features:
        """Return (pieces x bodies x features) as (pairs x features), with the bodies of the first piece first."""
        return Features(self.names, self.values.reshape(-1, len(self.names)))


NOTHING = Features((), np.zeros((0, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """The boundaries between consecutive rows of a kind; boundary k is between rows k and k + 1 of that kind.

    Attributes:
        rows: (rows,) the indexes of these rows on the page, ascending.
        features: (rows - 1 x features); `NOTHING` where there are fewer than two rows.
    """

    rows: Ints
    features: Features

    def __len__(self) -> int:
        return len(self.features.values)
