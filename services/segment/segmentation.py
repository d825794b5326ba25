"""From an issue's page texts to its articles: the public entry of segmentation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from services.segment.assembly import assemble
from services.segment.draft import draft_page
from services.segment.models import shipped_models
from services.segment.page import read_page
from services.segment.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.segment.article import SegmentedIssue
    from services.segment.models import Models

MAX_ROWS = 800  # rows decided on together; a longer page is read in stretches of this many


def segment_issue(pages: Mapping[int, str]) -> SegmentedIssue:
    """Segment an issue.

    Args:
        pages: page number to raw extractor text as received; lines are parted at line feeds only.

    Returns:
        The articles and the furniture; every non-blank line of every page is in exactly one of them. The same pages
        give the same result on every machine. Never raises on any text.
    """
    return segment_with(shipped_models(), pages)


def segment_with(models: Models, pages: Mapping[int, str]) -> SegmentedIssue:
    """Segment an issue with given models."""
    rows = {number: rows_of(number, pages[number]) for number in sorted(pages)}
    holding = Counter(text for of_page in rows.values() for text in {row.plain for row in of_page})
    stretches = [
        (number, of_page[start : start + MAX_ROWS])
        for number, of_page in rows.items()
        for start in range(0, len(of_page), MAX_ROWS)
    ]
    drafts = [draft_page(read_page(number, part), holding, models) for number, part in stretches]
    return assemble(drafts)
