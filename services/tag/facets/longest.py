"""Search a text for the longest of tens of thousands of names; building the search takes a hundredth of a second."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HEAD = 2
"""The number of characters of a name that are looked up first; every name has at least this many."""


class LongestNames:
    """Finds names like a leftmost-longest automaton: matches never overlap, and a longer name beats a shorter name.

    Args:
        collections: the names, each of two characters or more.
    """

    def __init__(self, *collections: Collection[str]) -> None:
        self._collections = collections
        self._lengths: dict[str, int] = {}
        lengths = self._lengths
        for names in collections:
            for name in names:
                head = name[:HEAD]
                lengths[head] = lengths.get(head, 0) | 1 << len(name)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each name in `text`, in order."""
        known, end = self._lengths, 0
        for start, head in enumerate(map("".join, pairwise(text))):
            if start < end or head not in known:
                continue
            lengths = known[head]
            while lengths:
                length = lengths.bit_length() - 1
                name = text[start : start + length]
                if len(name) == length and any(name in names for names in self._collections):
                    end = start + length
                    yield start, end
                    break
                lengths ^= 1 << length
