"""Plant a bug in a copy of the tree."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.workers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.mutants.bugs import Bug

PRODUCT = ("services", "schemas")
COPIED = (*PRODUCT, "seeds", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


class NotPlantable(ValueError):
    """The piece of source that a bug changes is missing, or occurs more than once."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a bug changes something: the file, the piece of source, and its replacement."""

    path: Path
    found: str
    instead: str


def spots(root: Path, bug: Bug) -> list[Spot]:
    """Return where a bug is planted: the only place of each piece that it changes.

    Raises:
        NotPlantable: no form of the bug, or more than one, has pieces that each occur exactly once in the product.
    """
    sources = {path: path.read_text("utf-8") for folder in PRODUCT for path in sorted((root / folder).rglob("*.py"))}
    planted = []
    seen: list[str] = []
    for edits in bug.forms:
        places = [
            Spot(path, found, instead)
            for found, instead in edits
            for path, source in sources.items()
            for _ in range(source.count(found))
        ]
        seen += [str(each.path.relative_to(root)) for each in places]
        if [each.found for each in places] == [found for found, _ in edits]:
            planted.append(places)
    if len(planted) != 1:
        where = f"found in {', '.join(seen)}" if seen else "found nowhere"
        raise NotPlantable(
            f"{bug.name} cannot be planted: found {where}; write the piece as it reads now:\n{bug.found}"
        )
    return planted[0]


def copied(to: Path) -> None:
    """Copy the product and the harness."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, to / folder, ignore=LEFT_OUT)


def plant(root: Path, bug: Bug) -> list[Path]:
    """Plant a bug, and return the changed files.

    Raises:
        NotPlantable: see `spots`.
        SyntaxError: the changed source is not valid Python.
    """
    places = spots(root, bug)
    for each in places:
        source = each.path.read_text("utf-8").replace(each.found, each.instead)
        compile(source, str(each.path), "exec")
        each.path.write_text(source, "utf-8")
    return [each.path for each in places]
