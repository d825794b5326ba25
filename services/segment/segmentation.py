"""From an issue's page texts to its articles: the public entry of segmentation, and the list of its steps.

A page goes through the rooms once, in this order: page, evidence, layout, matching, articles. What its version sends,
room `edition`, follows in `app.segment`.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from services.segment.articles.assembly import assemble
from services.segment.evidence.page_evidence import recognised
from services.segment.evidence.row_features import MOST_PAGES, row_features
from services.segment.layout.cutting import cutting_of, paragraph_starts
from services.segment.layout.pieces import caption_groups, decided, pieces_of
from services.segment.layout.search import best_reading
from services.segment.layout.search_space import search_space
from services.segment.matching.draft import match
from services.segment.models.shipped import shipped_models
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.text.cleaning import clean_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from services.segment.article import SegmentedIssue
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.matching.draft import Draft
    from services.segment.models.shipped import Models
    from services.segment.page.rows import Row
    from services.text.cleaning import CleanLine

    Stretch = tuple[int, tuple[Row, ...], tuple[int, ...]]

REMEMBERED = 32  # pages whose drafts are kept, of about a megabyte each: an issue or two that arrive page by page
MAX_ROWS = 800  # rows decided on together; a longer page is read in stretches of this many


def segment_issue(pages: Mapping[int, str]) -> SegmentedIssue:
    """Segment an issue.

    Args:
        pages: page number to raw extractor text as received; lines are parted at line feeds only.

    Returns:
        The articles and the furniture; every non-blank line of every page is in exactly one of them. The same pages
        give the same result on every machine. Never raises on any text.
    """
    return assemble([_shipped_draft(*stretch) for stretch in _stretches(pages, _rows)], _lines(pages))


def segment_with(models: Models, pages: Mapping[int, str]) -> SegmentedIssue:
    """Segment an issue with given models, remembering nothing."""
    return assemble([_draft(models, *stretch) for stretch in _stretches(pages, rows_of)], _lines(pages))


def _lines(pages: Mapping[int, str]) -> dict[int, tuple[CleanLine, ...]]:
    return {number: clean_page(text) for number, text in pages.items()}


def _stretches(pages: Mapping[int, str], read: Callable[[int, str], Sequence[Row]]) -> Iterator[Stretch]:
    """The issue in portions that are decided on one by one: page number, rows, and on how many pages each is printed.

    A page's draft depends on nothing else, so that a page need not be read again when another of its issue arrives,
    unless that changes how often its lines are printed.
    """
    rows = {number: tuple(read(number, pages[number])) for number in sorted(pages)}
    holding = Counter(text for of_page in rows.values() for text in {row.plain for row in of_page})
    for number, of_page in rows.items():
        for start in range(0, len(of_page), MAX_ROWS):
            part = of_page[start : start + MAX_ROWS]
            yield number, part, tuple(min(holding[row.plain], MOST_PAGES) for row in part)


@lru_cache(maxsize=REMEMBERED)
def _rows(number: int, text: str) -> tuple[Row, ...]:
    return tuple(rows_of(number, text))


@lru_cache(maxsize=REMEMBERED)
def _shipped_draft(number: int, rows: tuple[Row, ...], printed_on: tuple[int, ...]) -> Draft:
    return _draft(shipped_models(), number, rows, printed_on)


def _draft(models: Models, number: int, rows: tuple[Row, ...], printed_on: tuple[int, ...]) -> Draft:
    page = read_page(number, rows)
    features = row_features(page, dict(zip((row.plain for row in rows), printed_on, strict=True)))
    return draft_from(recognised(page, features, models), models)


def draft_from(evidence: Evidence, models: Models) -> Draft:
    """Cut and match one page of which it is known what each row is."""
    cutting = cutting_of(evidence, models.flow, models.heads)
    captions = caption_groups(evidence)
    reading = best_reading(search_space(evidence, cutting, captions), models.fast_headlines)
    evidence = decided(evidence, cutting, reading)
    pieces = pieces_of(evidence, cutting, reading, captions)
    starts = paragraph_starts(evidence, models.paragraphs)
    return match(evidence, cutting, pieces, starts, models)
