"""An archive for the benchmark of `broadsheet backfill`: a folder of issues."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

import typer

from benchmarks.newsroom import FIRST_DAY, PAPER, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INVENTED_PAGES: Final = 4
"""Pages of an invented issue."""


@dataclass(slots=True)
class Archive:
    """A folder of issues to publish.

    Attributes:
        folder: where it is.
        pages: how many pages it has.
        issues: their ids.
    """

    folder: Path
    pages: int = 0
    issues: set[str] = field(default_factory=set)

    def add(self, paper: str, day: dt.date, texts: list[str]) -> None:
        """Write an issue; if the paper has one of that day, it takes the next free day."""
        while f"{paper}/{day}" in self.issues:
            day += dt.timedelta(days=1)
        self.issues.add(f"{paper}/{day}")
        folder = self.folder / f"{day.year}" / f"{day}-{paper}"
        folder.mkdir(parents=True)
        (folder / "issue.json").write_text(json.dumps({"paper": paper, "date": str(day)}), encoding="utf-8")
        for number, text in enumerate(texts, 1):
            (folder / f"page-{number:02}.txt").write_text(text, encoding="utf-8", newline="")
        self.pages += len(texts)


def archive_of(folder: Path, pages: int, source: Path | None) -> Archive:
    """Write an archive of so many pages."""
    made = Archive(folder)
    issues = _generated(source) if source is not None else _invented()
    while made.pages < pages:
        paper, day, texts = next(issues)
        made.add(paper, day, texts[: pages - made.pages])
    return made


def _invented() -> Iterator[tuple[str, dt.date, list[str]]]:
    for number in count():
        texts = [page(number * INVENTED_PAGES + place) for place in range(INVENTED_PAGES)]
        yield PAPER, FIRST_DAY + dt.timedelta(days=number), texts


def _generated(source: Path) -> Iterator[tuple[str, dt.date, list[str]]]:
    """Yield the generated issues again and again, each time under the dates of another year."""
    metas = sorted(source.rglob("meta.json"))
    if not metas:
        raise typer.BadParameter(f"{source}: no issue of python -m training.pages in this folder")
    for turn in count():
        for meta in metas:
            given = json.loads(meta.read_text("utf-8"))
            texts = [file.read_text("utf-8") for file in sorted(meta.parent.glob("page-*.txt"))]
            yield given["paper"], dt.date.fromisoformat(given["date"]) + dt.timedelta(days=366 * turn), texts
