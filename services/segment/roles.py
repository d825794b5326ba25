"""The role of each row: the classes that the role model distinguishes, and its answer for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints

CLASSES = ("heading", "subhead", "byline", "body", "caption", "credit", "jump", "label", "weather", "furniture")
HEADING, SUBHEAD, BYLINE, BODY, CAPTION, CREDIT, JUMP, LABEL, WEATHER, FURNITURE = range(len(CLASSES))


def first_guess(probabilities: Floats, jumps: Flags, glued: Flags) -> Ints:
    """Return the likeliest class of each row, (rows,), from the probabilities (rows x classes).

    A row that is printed as a jump line and nothing else (`jumps`) is a jump line. A row of text with a jump glued to
    its end (`glued`) stays text.
    """
    roles: Ints = probabilities.argmax(axis=1)
    roles[glued & (roles == JUMP)] = BODY
    roles[jumps] = JUMP
    return roles


def is_flow(roles: Ints) -> Flags:
    """Tell which rows (rows,) are running text: body and subheads."""
    flow: Flags = (roles == BODY) | (roles == SUBHEAD)
    return flow
