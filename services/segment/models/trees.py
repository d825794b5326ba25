"""Boosted oblivious trees in plain arrays, which give the same answer to the bit on every machine.

A tree asks the same question at every node of a level, so a few bits number the leaf of a row. Questions compare 32-bit
floats. Leaves are integers and their sum is exact, so the order of summation does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from services.segment.arrays import Counts, Floats, Ints
    from services.segment.features import Features

SCALE = 4096.0  # leaves are integers; this value is a unit of log-odds
_CHUNK = 256
_BYTE = 8  # most levels of a tree whose leaves a single byte can number


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """An additive model of oblivious trees that all have the same depth.

    Attributes:
        feature: (trees, depth) the column that the question of each level reads.
        border: (trees, depth) the answer is yes if the value is greater.
        leaf: (trees, 2**depth, outputs) integer contributions.
        bias: (outputs,) integer contribution of every row.
        names: names of the columns that the forest was trained on.
    """

    feature: Counts
    border: npt.NDArray[np.float32]
    leaf: npt.NDArray[np.int16]
    bias: Ints
    names: tuple[str, ...]

    def raw(self, features: Features) -> Floats:
        """Return the log-odds (rows x outputs) of `features` (rows x features, with the columns in any order).

        Raises:
            KeyError: a feature that the forest was trained on is missing.
        """
        plan = _plan(self)
        values = features.ordered(self.names)
        result = np.empty((len(values), self.leaf.shape[2]), np.float64)
        by_column = values.T.astype(np.float32, order="C")
        for start in range(0, len(values), _CHUNK):
            part = by_column[:, start : start + _CHUNK]
            answers = (part[plan.column] > plan.border).view(np.uint8)
            index = answers[plan.levels[0]].astype(plan.number)
            for bit, level in enumerate(plan.levels[1:], 1):
                index |= answers[level].astype(plan.number, copy=False) << bit
            leaves = plan.leaf.take(index + plan.base, axis=0)
            result[start : start + _CHUNK] = (leaves.sum(axis=0, dtype=np.int32) + self.bias) / SCALE
        return result

    def probabilities(self, features: Features) -> Floats:
        """Return probabilities (rows x outputs), in steps of 1/65536. A single output is the probability of yes."""
        raw = self.raw(features)
        if raw.shape[1] == 1:
            exact = 1.0 / (1.0 + np.exp(-raw))
        else:
            exact = np.exp(raw - raw.max(axis=1, keepdims=True))
            exact /= exact.sum(axis=1, keepdims=True)
        quantised: Floats = np.round(exact * 65536) / 65536
        return quantised

    def to_bytes(self) -> bytes:
        """Return the model as a compressed NumPy archive."""
        buffer = BytesIO()
        np.savez_compressed(
            buffer, feature=self.feature, border=self.border, leaf=self.leaf, bias=self.bias, names=np.array(self.names)
        )
        return buffer.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Forest:
        """Read what `to_bytes` wrote."""
        with np.load(BytesIO(data)) as stored:
            return Forest(
                stored["feature"],
                stored["border"],
                stored["leaf"],
                stored["bias"],
                tuple(str(n) for n in stored["names"]),
            )


@dataclass(frozen=True, slots=True)
class _Plan:
    """A forest arranged for many rows at once. Every question is asked once, for all rows together.

    Attributes:
        column, border: (questions,) and (questions, 1). Each question occurs once, even if several trees ask it.
        levels: (depth, trees) the question of each tree at each level.
        leaf: (trees * 2**depth, outputs) the leaves of all trees.
        base: (trees, 1) where the leaves of each tree begin.
        number: integer type for the number of a leaf within its tree.
    """

    column: Ints
    border: npt.NDArray[np.float32]
    levels: Ints
    leaf: Counts
    base: Ints
    number: type[np.unsignedinteger[Any]]


@lru_cache(maxsize=64)
def _plan(forest: Forest) -> _Plan:
    trees, depth = forest.feature.shape
    border = np.ascontiguousarray(forest.border)
    asked = (forest.feature.astype(np.int64) << 32) | border.view(np.uint32)
    _, first, question = np.unique(asked.ravel(), return_index=True, return_inverse=True)
    return _Plan(
        forest.feature.ravel()[first].astype(np.int64),
        border.ravel()[first][:, None],
        np.ascontiguousarray(question.reshape(trees, depth).T),
        forest.leaf.reshape(trees << depth, -1).astype(np.int32),
        (np.arange(trees) << depth)[:, None],
        np.uint8 if depth <= _BYTE else np.uint16,
    )


@lru_cache(maxsize=16)
def shipped(name: str) -> Forest:
    """Return the trained model `name` that comes with the package."""
    return Forest.from_bytes(resources.files("services.segment.models").joinpath(f"{name}.npz").read_bytes())
