"""Boosted oblivious trees in plain arrays: the same answer to the bit on every machine.

A tree asks the same question at every node of a level, so a row's leaf is a number of a few bits. Questions compare
32-bit floats, leaves are integers and their sum is exact; nothing depends on the order of summation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

SCALE = 4096.0  # leaves are stored as integers, this many to a unit of log-odds
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Forest:
    """An additive model of oblivious trees of one depth.

    Attributes:
        feature: (trees, depth) column asked about at each level.
        border: (trees, depth) the answer is yes when the value is greater.
        leaf: (trees, 2**depth, outputs) integer contributions.
        bias: (outputs,) integer contribution of every row.
        names: names of the columns it was trained on, checked by whoever computes them.
    """

    feature: npt.NDArray[np.int32]
    border: npt.NDArray[np.float32]
    leaf: npt.NDArray[np.int16]
    bias: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def raw(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Log-odds (rows x outputs) of `values` (rows x columns)."""
        trees, depth = self.feature.shape
        outputs = self.leaf.shape[2]
        result = np.empty((len(values), outputs), np.float64)
        powers = (1 << np.arange(depth)).astype(np.int32)
        base = np.arange(trees, dtype=np.int32) * (1 << depth)
        flat = self.leaf.reshape(-1, outputs)
        border = self.border.ravel()
        column = self.feature.ravel()
        single = values.astype(np.float32)
        for start in range(0, len(values), _CHUNK):
            part = single[start : start + _CHUNK]
            answers = part[:, column] > border
            index = answers.reshape(len(part), trees, depth) @ powers
            index += base
            total = flat[index].sum(axis=1, dtype=np.int64) + self.bias
            result[start : start + _CHUNK] = total / SCALE
        return result

    def probabilities(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Probabilities (rows x outputs), in steps of 1/65536; one output means log-odds of yes."""
        raw = self.raw(values)
        if raw.shape[1] == 1:
            exact = 1.0 / (1.0 + np.exp(-raw))
        else:
            exact = np.exp(raw - raw.max(axis=1, keepdims=True))
            exact /= exact.sum(axis=1, keepdims=True)
        quantised: npt.NDArray[np.float64] = np.round(exact * 65536) / 65536
        return quantised

    def to_bytes(self) -> bytes:
        """The model as a compressed NumPy archive."""
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


@lru_cache(maxsize=16)
def shipped(name: str) -> Forest:
    """The trained model `name` that comes with the package."""
    return Forest.from_bytes(resources.files("services.segment.model").joinpath(f"{name}.npz").read_bytes())
