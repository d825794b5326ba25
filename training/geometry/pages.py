"""Annotated pages with the places of their lines."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from schemas.geometry import Geometry
from services.formats.page import FilePage
from services.formats.pdf import read_pdf
from services.segment.evidence.page_evidence import recognised
from services.segment.geometry.places import places_of
from services.segment.segmentation import draft_from
from training.geometry.damage import damaged
from training.segmentation.corpus import load_issue, page_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from services.segment.arrays import Ints
    from services.segment.geometry.places import Places
    from services.segment.matching.draft import Draft
    from services.segment.models.shipped import Models
    from training.segmentation.corpus import AnnotatedPage

NOWHERE = 1 << 30  # rank of a row that is not running text


@dataclass(frozen=True, slots=True)
class PlacedExample:
    """An annotated page with places.

    Attributes:
        truth: the page and its truth, row by row.
        order: (rows,) place of each row in the reading order of its article, `NOWHERE` outside running text.
        draft: what the text alone makes of the page.
        places: where its rows are printed.
    """

    truth: AnnotatedPage
    order: Ints
    draft: Draft
    places: Places


def geometries(folder: Path) -> dict[int, Geometry]:
    """Return the geometry of each page of an issue folder, from its side-car files or else from its PDF."""
    found = {}
    for path in sorted(folder.glob("page-*.lines.json")):
        found[int(path.name[5:7])] = geometry_of(json.loads(path.read_text(encoding="utf-8")))
    if found or not (folder / "issue.pdf").is_file():
        return found
    texts = page_texts(folder)
    for page in read_pdf((folder / "issue.pdf").read_bytes()):
        if isinstance(page, FilePage) and texts.get(page.number, "").rstrip("\n") == page.text.rstrip("\n"):
            lines = [*page.lines, *([None] * (texts[page.number].count("\n") + 1 - len(page.lines)))]
            given = {**page.layout(), "lines": lines[: texts[page.number].count("\n") + 1]}
            found[page.number] = geometry_of(given)
    return found


def geometry_of(given: Mapping[str, Any]) -> Geometry:
    """Return the geometry in the form of a side-car file."""
    return Geometry.model_validate_json(json.dumps(given))


def reading_order(folder: Path) -> Mapping[tuple[int, int], int]:
    """Return the place of each line (page, line) of running text in the reading order of its article."""
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return {
        (page, line): place
        for article in truth["articles"]
        for place, (page, line) in enumerate(article.get("reading_order", ()))
    }


def examples(folder: Path, models: Models, *, damage: bool) -> Iterator[PlacedExample]:
    """Yield the pages of an issue that have usable places.

    Args:
        folder: the issue, in the format of the bench.
        models: the models that read the text alone; they must not have been trained on this issue.
        damage: whether to damage the places of some issues as recognition of scanned pages does.
    """
    places_by_page = geometries(folder)
    order = reading_order(folder)
    for page in load_issue(folder):
        number = page.page.number
        given = places_by_page.get(number)
        if given is not None and damage:
            given = damaged(given, f"{folder.name}-{number}")
        places = places_of(page.page.rows, given)
        if places is None:
            continue
        draft = draft_from(recognised(page.page, page.features, models), models)
        rank = np.array([min(order.get((number, n), NOWHERE) for n in row.lines) for row in page.page.rows], np.int64)
        yield PlacedExample(page, rank, draft, places)


def majority(page: AnnotatedPage, rows: tuple[int, ...]) -> str:
    """Return the article that most of these rows belong to."""
    return Counter(page.articles[r] for r in rows).most_common(1)[0][0]
