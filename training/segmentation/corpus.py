"""Annotated issues in the bench's format, read into rows with their truth."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from services.segment.evidence.row_features import row_features
from services.segment.matching.heading_parts import PARTS
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from services.segment.arrays import Flags, Ints
    from services.segment.features import Features
    from services.segment.page.page import Page

_PAGE_FILE = re.compile(r"page-(\d+)\.txt")
_CLASS_OF_ROLE = {role: CLASSES.index(role) for role in CLASSES} | {
    "headline": CLASSES.index("heading"),
    "kicker": CLASSES.index("heading"),
    "deck": CLASSES.index("heading"),
    "slogan": CLASSES.index("furniture"),
}
NOBODY = "furniture"


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """A page with its truth, row by row.

    Attributes:
        issue: folder name of the issue.
        sources: issues that its text came from (its own name, unless it was generated from others).
        page: rows and arrays.
        features: features of its rows.
        classes: true class of each row.
        articles: true article of each row, `NOBODY` for furniture.
        parts: kicker, headline or deck as an index into `PARTS`, -1 elsewhere.
        starts: whether a paragraph starts at the row.
        slice_of: the groups that the page belongs to: house, extractor, template, kind of text.
    """

    issue: str
    sources: frozenset[str]
    page: Page
    features: Features
    classes: Ints
    articles: tuple[str, ...]
    parts: Ints
    starts: Flags
    slice_of: Mapping[str, str]


def issue_folders(roots: Iterable[Path]) -> list[Path]:
    """Return the sorted folders with a truth.json under any of `roots`."""
    return sorted({p.parent for root in roots for p in root.rglob("truth.json")})


def page_texts(folder: Path) -> dict[int, str]:
    """Return the pages of an issue folder, byte for byte."""
    found = {}
    for path in sorted(folder.iterdir()):
        match = _PAGE_FILE.fullmatch(path.name)
        if match:
            with path.open(encoding="utf-8", newline="") as file:
                found[int(match.group(1))] = file.read()
    return found


def kept_aside(folder: Path, names: Sequence[str]) -> bool:
    """Tell whether an issue was read with an extractor of `names`, or has a layout that begins with one of them."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    layouts = [str(name) for name in meta.get("templates") or ()]
    return meta.get("extractor") in names or any(layout.startswith(tuple(names)) for layout in layouts)


def text_kind(meta: Mapping[str, Any]) -> str:
    """Return the kind of text by the printed year: broadcast transcripts and 1990 wire copy differ in style."""
    date = str(meta.get("date") or "")
    return "1990" if date.startswith("1990") else "later"


def load_issue(folder: Path) -> list[AnnotatedPage]:
    """Every annotated page of one issue."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    rows = {number: rows_of(number, text) for number, text in page_texts(folder).items()}
    holding = Counter(text for of_page in rows.values() for text in {row.plain for row in of_page})
    templates = meta.get("templates") or []
    found = []
    for number, of_page in rows.items():
        if not of_page or str(number) not in truth["pages"]:
            continue
        records = {r["line"]: r for r in truth["pages"][str(number)]}
        page = read_page(number, of_page)
        role = [Counter(records[n]["role"] for n in row.lines).most_common(1)[0][0] for row in of_page]
        found.append(
            AnnotatedPage(
                issue=folder.name,
                sources=frozenset(meta.get("source_issues") or [folder.name]),
                page=page,
                features=row_features(page, holding),
                classes=np.array([_CLASS_OF_ROLE[r] for r in role], np.int64),
                articles=tuple(
                    Counter(records[n]["article"] for n in row.lines).most_common(1)[0][0] for row in of_page
                ),
                parts=np.array([PARTS.index(r) if r in PARTS else -1 for r in role], np.int64),
                starts=np.array([bool(records[row.lines[0]].get("para_start")) for row in of_page]),
                slice_of={
                    "house": str(meta.get("house")),
                    "extractor": str(meta.get("extractor")),
                    "template": templates[number - 1] if number <= len(templates) else "",
                    "kind": text_kind(meta),
                },
            )
        )
    return found
