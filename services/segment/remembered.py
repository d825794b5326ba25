"""A cache of earlier results, limited by their total weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A cache whose entries have weights.

    The entry used longest ago makes room first, but never an entry used in the same round. An issue asks for its pages
    in the same order again and again. If its last pages displaced its first pages, an issue larger than the cache would
    never find anything in the cache.

    Args:
        most: the highest total weight that is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._round = 0
        self._entries: dict[Hashable, tuple[Value, int, int]] = {}

    def begin_round(self) -> None:
        """Begin the next round: entries last used in earlier rounds may be dropped."""
        self._round += 1

    def get(self, key: Hashable, weight: int, make: Callable[[], Value]) -> Value:
        """Return the entry for `key`, or the result of `make`, which is then kept if there is room."""
        found = self._entries.pop(key, None)
        value = make() if found is None else found[0]
        if found is None and not self._make_room(weight):
            return value
        if found is None:
            self._weight += weight
        self._entries[key] = value, weight, self._round
        return value

    def _make_room(self, weight: int) -> bool:
        while self._weight + weight > self._most >= weight and self._entries:
            oldest = next(iter(self._entries))
            if self._entries[oldest][2] >= self._round:
                return False
            self._weight -= self._entries.pop(oldest)[1]
        return self._weight + weight <= self._most
