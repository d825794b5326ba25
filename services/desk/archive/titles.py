"""Titles as lists show them."""

from __future__ import annotations

from typing import Final

LONGEST_TITLE: Final = 40
"""Characters of the beginning of a text that stands for a missing headline."""


def shortened(text: str) -> str:
    """Return a title as lists show it."""
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"
