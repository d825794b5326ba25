"""What each row is: the classes the role model tells apart, and its answer for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints

CLASSES = ("heading", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather", "furniture")
HEADING, SUBHEAD, BYLINE, BODY, CAPTION, CREDIT, JUMP, LABEL, WEATHER, FURNITURE = range(len(CLASSES))


def first_guess(probabilities: Floats, jumps: Flags, glued: Flags) -> Ints:
    """The likeliest class of each row, (rows,), from its probabilities (rows x classes).

    What is printed as a jump line and nothing else (`jumps`) is one; a jump glued to the end of a line of text
    (`glued`) leaves it a line of text.
    """
    roles: Ints = probabilities.argmax(axis=1)
    roles[glued & (roles == JUMP)] = BODY
    roles[jumps] = JUMP
    return roles


def is_flow(roles: Ints) -> Flags:
    """Which rows (rows,) are running text: body and subheads."""
    flow: Flags = (roles == BODY) | (roles == SUBHEAD)
    return flow
