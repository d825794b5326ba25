"""From an issue's page texts to its articles: the public entry of segmentation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from services.segment.articles.assembly import assemble
from services.segment.evidence.rows import MOST_PAGES
from services.segment.matching.draft import Draft, draft_page
from services.segment.models.shipped import shipped_models
from services.segment.page.page import read_page
from services.segment.page.rows import Row, rows_of
from services.segment.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from services.segment.article import SegmentedIssue
    from services.segment.models.shipped import Models

    Stretch = tuple[int, tuple[Row, ...], tuple[int, ...]]

REMEMBERED_ROWS = 64_000  # of pages whose drafts are kept, of about 1 KB each: more than the largest issue has
ROW_CHARACTERS = 25  # a longer row weighs as much as several
MAX_ROWS = 800  # rows decided on together; a longer page is read in stretches of this many
KEPT_FEATURE = "round_label"  # the one that assembly asks for

_rows_of: Remembered[tuple[Row, ...]] = Remembered(REMEMBERED_ROWS)
_drafts: Remembered[Draft] = Remembered(REMEMBERED_ROWS)


def segment_issue(pages: Mapping[int, str], between: Callable[[], None] = lambda: None) -> SegmentedIssue:
    """Segment an issue.

    Args:
        pages: page number to raw extractor text as received; lines are parted at line feeds only.
        between: called between portions of the work, of some seconds at most; what it raises ends the work.

    Returns:
        The articles and the furniture; every non-blank line of every page is in exactly one of them. The same pages
        give the same result on every machine. Never raises on any text.
    """
    _rows_of.begin_round()
    _drafts.begin_round()
    drafts = []
    for number, rows, printed_on in _stretches(pages, _remembered_rows):
        between()
        make = partial(_draft, shipped_models(), number, rows, printed_on)
        weight = len(rows) + sum(len(row.text) for row in rows) // ROW_CHARACTERS
        drafts.append(_drafts.get((number, rows, printed_on), weight, make))
    between()
    return assemble(drafts)


def segment_with(models: Models, pages: Mapping[int, str]) -> SegmentedIssue:
    """Segment an issue with given models, remembering nothing."""
    return assemble([_draft(models, *stretch) for stretch in _stretches(pages, rows_of)])


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


def _remembered_rows(number: int, text: str) -> tuple[Row, ...]:
    weight = text.count("\n") + 1 + len(text) // ROW_CHARACTERS
    return _rows_of.get((number, text), weight, lambda: tuple(rows_of(number, text)))


def _draft(models: Models, number: int, rows: tuple[Row, ...], printed_on: tuple[int, ...]) -> Draft:
    holding = dict(zip((row.plain for row in rows), printed_on, strict=True))
    return _slim(draft_page(read_page(number, rows), holding, models))


def _slim(draft: Draft) -> Draft:
    """Return the draft without what was only needed to make it, which is three quarters of its memory."""
    evidence = draft.evidence
    nothing = evidence.page.gram[:0].copy()
    page = replace(evidence.page, gram=nothing, gram_row=nothing, order=nothing, weight=nothing)
    kept = evidence.values[:, [evidence.column[KEPT_FEATURE]]]
    return replace(draft, evidence=replace(evidence, page=page, names=[KEPT_FEATURE], values=kept))
