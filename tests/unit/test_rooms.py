"""Rooms stay small enough to take in at a glance."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "services")
MOST_MODULES = 14
MOST_LINES = 300

MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_no_room_has_more_than_fourteen_modules() -> None:
    """A folder with more asks more than one question; `__init__.py` is its name, not a module."""
    rooms = Counter(path.parent.relative_to(ROOT) for path in MODULES if path.name != "__init__.py")
    assert not {str(room): count for room, count in rooms.items() if count > MOST_MODULES}


def test_no_module_has_more_than_three_hundred_lines() -> None:
    """A longer module decides more than one thing."""
    lines = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {str(path): count for path, count in lines.items() if count > MOST_LINES}
