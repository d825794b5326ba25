"""The model behind an article's confidence: how likely its body is exactly right, and its headline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np

from services.segment.models.trees import Forest

if TYPE_CHECKING:
    from services.segment.arrays import Floats
    from services.segment.features import Features

DIGITS: Final = 3  # decimal digits of a confidence
SHIPPED: Final = "confidence"
PLACED: Final = "confidence_placed"
"""Of pages whose lines have places; while no such model ships, `SHIPPED` judges them too."""
_QUESTIONS: Final = ("body", "headline")
_FOREST: Final = ("feature", "border", "leaf", "bias", "names")


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """A forest whose log-odds were compared with how often it was right.

    Attributes:
        forest: answers one question about articles.
        odds: (knots,) its log-odds, ascending.
        right: (knots,) the share of articles with these log-odds that were right, ascending; linear in between.
    """

    forest: Forest
    odds: Floats
    right: Floats

    def of(self, measures: Features) -> Floats:
        """Return for each article (articles,) the chance that the answer is yes, rounded to `DIGITS`."""
        if not len(measures.values):
            return np.zeros(0)
        chance: Floats = np.round(np.interp(self.forest.raw(measures)[:, 0], self.odds, self.right), DIGITS)
        return chance


@dataclass(frozen=True, slots=True, eq=False)
class ConfidenceModel:
    """Two chances of an article.

    Attributes:
        body: that its body has exactly the lines that it has in the paper.
        headline: that its headline reads exactly as in the paper, and is the headline of this body.
    """

    body: Chance
    headline: Chance

    def to_bytes(self) -> bytes:
        """Return the model as a compressed NumPy archive."""
        arrays: dict[str, np.ndarray] = {}
        for question in _QUESTIONS:
            chance: Chance = getattr(self, question)
            arrays |= {f"{question}_{name}": np.asarray(getattr(chance.forest, name)) for name in _FOREST}
            arrays |= {f"{question}_odds": chance.odds, f"{question}_right": chance.right}
        buffer = BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]  # its stub takes every keyword for allow_pickle
        return buffer.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> ConfidenceModel:
        """Read what `to_bytes` wrote."""
        with np.load(BytesIO(data)) as stored:
            chances = []
            for question in _QUESTIONS:
                feature, border, leaf, bias, names = (stored[f"{question}_{name}"] for name in _FOREST)
                forest = Forest(feature, border, leaf, bias, tuple(str(name) for name in names))
                chances.append(Chance(forest, stored[f"{question}_odds"], stored[f"{question}_right"]))
        return ConfidenceModel(*chances)


@lru_cache(maxsize=2)
def shipped_confidence(*, placed: bool = False) -> ConfidenceModel:
    """Return the model that comes with the package, for pages with or without the places of their lines."""
    folder = resources.files("services.segment.models")
    own = folder.joinpath(f"{PLACED}.npz")
    file = own if placed and own.is_file() else folder.joinpath(f"{SHIPPED}.npz")
    return ConfidenceModel.from_bytes(file.read_bytes())
