"""What each row is: the classes the role model tells apart, and its answer for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from services.segment.trees import Forest

CLASSES = ("heading", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather", "furniture")
HEADING, SUBHEAD, BYLINE, BODY, CAPTION, CREDIT, JUMP, LABEL, WEATHER, FURNITURE = range(len(CLASSES))


def role_probabilities(forest: Forest, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities (rows x classes) of one page's row features."""
    return forest.probabilities(values)


def first_guess(probabilities: npt.NDArray[np.float64], jumps: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The likeliest class of each row; what is printed as a jump line and nothing else is one."""
    roles = probabilities.argmax(axis=1)
    roles[jumps] = JUMP
    return roles
