"""Fixtures that every test may use, and what may run beside what."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.servers"]

_ALONE = Path(__file__).parent / "unit"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let one process run all tests that share servers, in their order, and the others take those that need none."""
    if not item.path.is_relative_to(_ALONE):
        item.add_marker(pytest.mark.xdist_group("servers"))
