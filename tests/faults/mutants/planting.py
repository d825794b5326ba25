"""Planting a bug in a copy of the tree."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.workers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.mutants.bugs import Bug

PRODUCT = ("services", "schemas")
COPIED = (*PRODUCT, "seeds", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


class NotPlantable(ValueError):
    """The piece of source that a bug changes is not there, or more than once."""


def place(root: Path, bug: Bug) -> Path:
    """Return the file that holds the piece of source which a bug changes.

    Raises:
        NotPlantable: no file of the product holds it, or it stands in several places.
    """
    found = [
        path
        for folder in PRODUCT
        for path in sorted((root / folder).rglob("*.py"))
        for _ in range(path.read_text("utf-8").count(bug.found))
    ]
    if len(found) != 1:
        where = ", ".join(str(path.relative_to(root)) for path in found) or "nowhere"
        raise NotPlantable(f"{bug.name}: found {where}; write the piece as it reads now:\n{bug.found}")
    return found[0]


def copied(to: Path) -> None:
    """Copy the product and the harness."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, to / folder, ignore=LEFT_OUT)


def plant(root: Path, bug: Bug) -> Path:
    """Plant a bug, and return the file that has it now.

    Raises:
        NotPlantable: see `place`.
        SyntaxError: the source is no Python with it.
    """
    path = place(root, bug)
    source = path.read_text("utf-8").replace(bug.found, bug.instead)
    compile(source, str(path), "exec")
    path.write_text(source, "utf-8")
    return path
