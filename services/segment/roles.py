"""What each row is: the classes the role model tells apart, and its answer for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


CLASSES = ("heading", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather", "furniture")
HEADING, SUBHEAD, BYLINE, BODY, CAPTION, CREDIT, JUMP, LABEL, WEATHER, FURNITURE = range(len(CLASSES))


def first_guess(
    probabilities: npt.NDArray[np.float64], jumps: npt.NDArray[np.bool_], glued: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The likeliest class of each row.

    What is printed as a jump line and nothing else (`jumps`) is one; a jump glued to the end of a line of text
    (`glued`) leaves it a line of text.
    """
    roles: npt.NDArray[np.int64] = probabilities.argmax(axis=1)
    roles[glued & (roles == JUMP)] = BODY
    roles[jumps] = JUMP
    return roles
