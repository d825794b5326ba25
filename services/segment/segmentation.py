"""Turn an issue's page texts into articles: the public entry of segmentation, and the list of its steps.

A page goes through the packages once, in this order: page, evidence, layout, matching, geometry (only a page whose
lines have places), articles. Package `edition` decides which messages the version sends; `app.segment` calls it
afterwards.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from services.segment.articles.assembly import assemble
from services.segment.evidence.page_evidence import recognised
from services.segment.evidence.row_features import MOST_PAGES, row_features
from services.segment.features import Features
from services.segment.geometry.arranging import arranged
from services.segment.geometry.places import places_of
from services.segment.geometry.reading import read_placed
from services.segment.layout.cutting import cutting_of, paragraph_starts
from services.segment.layout.pieces import caption_groups, decided, pieces_of
from services.segment.layout.search import best_reading
from services.segment.layout.search_space import search_space
from services.segment.matching.draft import Draft, match
from services.segment.models.placed import placed_models
from services.segment.models.shipped import shipped_models
from services.segment.page.page import read_page
from services.segment.page.rows import Row, rows_of
from services.segment.remembered import Remembered
from services.text.cleaning import clean_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from schemas.geometry import Geometry
    from services.segment.article import SegmentedIssue
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.models.shipped import Models
    from services.text.cleaning import CleanLine

    Stretch = tuple[int, tuple[Row, ...], tuple[int, ...], Geometry | None]
    Geometries = Mapping[int, Geometry]

REMEMBERED_ROWS = 64_000  # rows of pages whose drafts are kept, about 1.5 KB each; the largest issue has fewer
ROW_CHARACTERS = 25  # a longer row weighs as much as several rows
KEPT_FEATURE = "round_label"  # the only feature that assembly uses
MAX_ROWS = 800  # rows that are decided together; a longer page is read in stretches of this many rows


_rows_of: Remembered[tuple[Row, ...]] = Remembered(REMEMBERED_ROWS)
_drafts: Remembered[Draft] = Remembered(REMEMBERED_ROWS)


def segment_issue(
    pages: Mapping[int, str],
    between: Callable[[], None] = lambda: None,
    geometries: Geometries = MappingProxyType({}),
) -> SegmentedIssue:
    """Segment an issue.

    Args:
        pages: page number -> raw extractor text as received; only line feeds separate lines.
        between: called between portions of the work, which take some seconds at most; an exception from it ends the
            work.
        geometries: page number -> where the page's lines are printed. A page without usable places is read as text.

    Returns:
        The articles and the furniture; every non-blank line of every page is in exactly one of them. The same pages
        give the same result on every machine. No text makes this function raise.
    """
    _rows_of.begin_round()
    _drafts.begin_round()
    drafts = []
    for stretch in _stretches(pages, _remembered_rows, geometries):
        between()
        rows = stretch[1]
        weight = len(rows) + sum(len(row.text) for row in rows) // ROW_CHARACTERS
        drafts.append(_drafts.get(stretch, weight, partial(_draft, shipped_models(), *stretch)))
    between()
    return assemble(drafts, _lines(pages))


def segment_with(
    models: Models, pages: Mapping[int, str], geometries: Geometries = MappingProxyType({})
) -> SegmentedIssue:
    """Segment an issue with the given models, without the cache."""
    return assemble(drafts_with(models, pages, geometries), _lines(pages))


def drafts_with(models: Models, pages: Mapping[int, str], geometries: Geometries = MappingProxyType({})) -> list[Draft]:
    """Return the drafted pages of an issue, made with the given models, without the cache."""
    return [_draft(models, *stretch) for stretch in _stretches(pages, rows_of, geometries)]


def _lines(pages: Mapping[int, str]) -> dict[int, tuple[CleanLine, ...]]:
    return {number: clean_page(text) for number, text in pages.items()}


def _stretches(
    pages: Mapping[int, str], read: Callable[[int, str], Sequence[Row]], geometries: Geometries
) -> Iterator[Stretch]:
    """Yield the issue in portions decided separately.

    A portion is a page number, its rows, on how many pages each row is printed, and the geometry of the page if any.

    A page's draft depends on nothing else. So when another page of the issue arrives, this page need not be read again,
    unless the new page changes how often its lines are printed.
    """
    rows = {number: tuple(read(number, pages[number])) for number in sorted(pages)}
    holding = Counter(text for of_page in rows.values() for text in {row.plain for row in of_page})
    for number, of_page in rows.items():
        for start in range(0, len(of_page), MAX_ROWS):
            part = of_page[start : start + MAX_ROWS]
            printed_on = tuple(min(holding[row.plain], MOST_PAGES) for row in part)
            yield number, part, printed_on, geometries.get(number)


def _remembered_rows(number: int, text: str) -> tuple[Row, ...]:
    weight = text.count("\n") + 1 + len(text) // ROW_CHARACTERS
    return _rows_of.get((number, text), weight, lambda: tuple(rows_of(number, text)))


def _draft(
    models: Models, number: int, rows: tuple[Row, ...], printed_on: tuple[int, ...], geometry: Geometry | None
) -> Draft:
    page = read_page(number, rows)
    features = row_features(page, dict(zip((row.plain for row in rows), printed_on, strict=True)))
    draft = draft_from(recognised(page, features, models), models)
    places = places_of(rows, geometry)
    if places is not None:
        draft = arranged(read_placed(draft, places, placed_models()), models)
    # Two thirds of a draft's memory are features that nothing uses any more.
    kept = Features.of({KEPT_FEATURE: draft.evidence.features.column(KEPT_FEATURE)})
    return replace(draft, evidence=replace(draft.evidence, features=kept))


def draft_from(evidence: Evidence, models: Models) -> Draft:
    """Cut and match a page whose rows already have roles."""
    cutting = cutting_of(evidence, models.flow, models.heads)
    captions = caption_groups(evidence)
    reading = best_reading(search_space(evidence, cutting, captions), models.fast_headlines)
    evidence = decided(evidence, cutting, reading)
    pieces = pieces_of(evidence, cutting, reading, captions)
    starts = paragraph_starts(evidence, models.paragraphs)
    return match(evidence, cutting, pieces, starts, models)
