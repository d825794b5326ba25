"""Complete the story of a page that has a single story of a few lines: lines next to it belong to it.

The role model learned from complete pages. There, a line with a date, a telephone number or a price between stories
belongs to the page. On a page of a dozen lines with a single story, a line that continues the story's text is part of
that text. If the story has no headline, a separate line above or below it is its headline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.segment.page.patterns import COMPILED
from services.segment.roles import FURNITURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.articles.story import Story

MOST_ROWS: Final = 12
LEAST_TEXT: Final = 8
HEADLINE_LENGTHS: Final = range(4, 31)
_OF_THE_PAGE: Final = ("issue_number", "publisher", "editor", "date_only", "folio", "teaser", "contact", "paper_name")
_PROSE: Final = tuple("。！？，、；：”")


def completed(stories: Sequence[Story]) -> Sequence[Story]:
    """Return the stories of a page; on a short page with a single story with text, give that story its lines."""
    told = [story for story in stories if story.body]
    if len(told) != 1 or len(told[0].draft.evidence.page) > MOST_ROWS:
        return stories
    story = told[0]
    taken = {row for each in stories for row in each.rows()}
    free = [row for row, role in enumerate(story.draft.evidence.roles) if role == FURNITURE and row not in taken]
    for row in (*free, *reversed(free)):
        if row not in story.body and _goes_on(story, row):
            story.body = sorted([*story.body, row])
    if not story.heading:
        story.heading = [row for row in free if row not in story.body and _may_be_headline(story, row)][:1]
    return stories


def _goes_on(story: Story, row: int) -> bool:
    """Tell whether a row reads as text and is directly after or before the story's text, without a blank line."""
    rows = story.draft.evidence.page.rows
    plain = rows[row].plain
    if len(plain) < LEAST_TEXT or not any(mark in plain for mark in _PROSE):
        return False
    after = row - 1 in story.body and rows[row].gap == 0
    before = row + 1 in story.body and rows[row + 1].gap == 0
    return after or before


def _may_be_headline(story: Story, row: int) -> bool:
    plain = story.draft.evidence.page.rows[row].plain
    of_the_page = any(COMPILED[name].search(plain) for name in _OF_THE_PAGE)
    return len(plain) in HEADLINE_LENGTHS and not plain.endswith(_PROSE) and not of_the_page
