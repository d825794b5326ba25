"""The word lists of seeds/vocabulary.yaml, which the facets use."""

from __future__ import annotations

from functools import cache

from seeds.files import content_of


def words(name: str) -> tuple[str, ...]:
    """Return the list `name`, in its order.

    Raises:
        KeyError: the list does not exist.
    """
    found = _lists()[name]
    return tuple(found) if isinstance(found, list) else tuple("".join(found.split()))


@cache
def _lists() -> dict[str, list[str] | str]:
    lists: dict[str, list[str] | str] = content_of("vocabulary.yaml")
    return lists
