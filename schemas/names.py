"""Check names of papers and people: a single visible line whose characters are shown in their stored order."""

from __future__ import annotations

import re

DIRECTION = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
REFUSED = re.compile(f"[{CONTROL}{DIRECTION}]")
"""Control characters, line separators, and the marks that change the direction of text (Unicode TR 9)."""
PAPER_PATTERN = f"^[^/{CONTROL}{DIRECTION}]+$"
PERSON_PATTERN = f"^[^{CONTROL}{DIRECTION}]+$"


def paper_name(value: str) -> str:
    """Return a paper's name as it is.

    Raises:
        ValueError: the name has a slash, or a control or direction character.
    """
    if "/" in value:
        raise ValueError(f"paper: {value!r} has a slash; leave it out")
    return _one_line("paper", value)


def person_name(value: str) -> str:
    """Return a person's name as it is.

    Raises:
        ValueError: the name has a control or direction character.
    """
    return _one_line("by", value)


def _one_line(field: str, value: str) -> str:
    found = REFUSED.search(value)
    if found:
        raise ValueError(
            f"{field}: {value!r} has the control or direction character U+{ord(found[0]):04X} "
            f"at place {found.start() + 1}; remove it"
        )
    return value
