"""The word lists of seeds/vocabulary.yaml, which the facets use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from services.topics.taxonomy.seed import QuickLoader


def words(name: str) -> tuple[str, ...]:
    """Return the list `name`, in its order.

    Raises:
        KeyError: the list does not exist.
    """
    found = _lists()[name]
    return tuple(found) if isinstance(found, list) else tuple("".join(found.split()))


@cache
def _lists() -> dict[str, list[str] | str]:
    text = files("seeds").joinpath("vocabulary.yaml").read_text("utf-8")
    lists: dict[str, list[str] | str] = yaml.load(text, QuickLoader)  # noqa: S506  # a safe loader
    return lists
