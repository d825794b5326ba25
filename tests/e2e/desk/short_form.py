"""The short form of the browser tests: each flow once, at sizes, languages and looks that take turns."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, groupby
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

VARIED: Final = ("viewport", "locale", "look")
"""The parameters of a test that show the same flow in another way; every other parameter makes a flow of its own."""

Variant: TypeAlias = "Mapping[str, str]"
"""The values of a test's varied parameters, by their names."""


def once_each(flows: Sequence[Sequence[Variant]]) -> list[int]:
    """Return the position of the variant to run of each flow.

    It is the one whose values, and pairs of values, the flows before it ran least often; of equal ones, the first. So
    a few flows together cover every pair of a size and a language, and the same flows always give the same choice.
    """
    seen: Counter[tuple[tuple[str, str], ...]] = Counter()
    chosen = []
    for variants in flows:
        parts = [_parts(variant) for variant in variants]
        position = min(range(len(parts)), key=lambda place: sum(seen[part] for part in parts[place]))
        seen.update(parts[position])
        chosen.append(position)
    return chosen


def shortened(items: Sequence[pytest.Function]) -> list[pytest.Function]:
    """Return one test of each flow among `items`, in their order."""
    flows = [list(tests) for _, tests in groupby(sorted(items, key=_flow), key=_flow)]
    places = once_each([[_variant(test) for test in tests] for tests in flows])
    kept = {tests[place].nodeid for tests, place in zip(flows, places, strict=True)}
    return [item for item in items if item.nodeid in kept]


def _parts(variant: Variant) -> list[tuple[tuple[str, str], ...]]:
    values = sorted(variant.items())
    return [*combinations(values, 1), *combinations(values, 2)]


def _flow(item: pytest.Function) -> tuple[str, str]:
    others = {name: value for name, value in _parameters(item).items() if name not in VARIED}
    return item.nodeid.partition("[")[0], str(sorted(others.items()))


def _variant(item: pytest.Function) -> Variant:
    return {name: value for name, value in _parameters(item).items() if name in VARIED}


def _parameters(item: pytest.Function) -> Variant:
    called = getattr(item, "callspec", None)
    return {name: str(value) for name, value in called.params.items()} if called else {}
