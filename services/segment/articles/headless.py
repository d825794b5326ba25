"""Give stories without a headline the headline that the page prints for them.

The models judge pages as a whole, and a few places deceive them. The main headline directly under the running heads
reads like a slogan. A headline above a separate （上接第1版） is close to the story before it. A vertical headline may
be the last thing of a page. A story that is left without a headline next to such a row shows the mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.segment.formulas.jump_lines import read_mark
from services.segment.page.patterns import COMPILED
from services.segment.roles import BYLINE, FURNITURE, HEADING, JUMP, LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.articles.story import Story
    from services.segment.matching.draft import Draft

LENGTHS: Final = range(4, 31)  # characters of a headline that may be taken from the page's furniture
SHORTEST: Final = 2  # characters of a headline directly above a byline (晒秋, an essay)
LEAST_BODY: Final = 3  # rows of a story that misses its headline; fewer may be a remark
MOST_ROWS: Final = 3  # of a headline
LEAST: Final = 0.1  # the least probability of a headline that a row taken for furniture must have
_BETWEEN: Final = frozenset({BYLINE, LABEL, JUMP})  # roles of rows that may be between a headline and its text
_OF_THE_PAGE: Final = (
    *("page_line", "issue_number", "publisher", "editor", "contact", "date", "weekday", "date_only", "folio"),
    *("teaser", "paper_name", "ad", "round_label", "picture_label", "bracket_label", "weather"),
)
_PROSE: Final = tuple("。，、；")


def headed(stories: Sequence[Story]) -> Sequence[Story]:
    """Return the stories of a page after those without a headline were given one, where the page prints one."""
    told = [story for story in stories if story.body]
    if not told:
        return stories
    draft = told[0].draft
    for story in told:
        if not story.heading:
            _take_from_neighbour(story, stories)
    taken = {row for story in stories for row in story.rows()}
    missing = [story for story in told if not story.heading and len(story.body) >= LEAST_BODY]
    for story in missing:
        story.heading = _slogan_above(draft, story, taken)
        taken.update(story.heading)
    missing = [story for story in missing if not story.heading]
    standing = [row for row in _free(draft, taken) if draft.evidence.page.rows[row].vertical]
    if len(missing) == len(standing) == 1:
        missing[0].heading = standing
    return [story for story in stories if story.rows()]


def _take_from_neighbour(story: Story, stories: Sequence[Story]) -> None:
    """Give a text that comes from another page the headline above its jump line, if another story has taken it."""
    evidence = story.draft.evidence
    first = story.body[0]
    mark = read_mark(evidence.page.rows[first].plain) or (
        read_mark(evidence.page.rows[first - 1].plain) if first and evidence.roles[first - 1] == JUMP else None
    )
    if mark is None or mark.direction != "from":
        return
    rows = _above(story.draft, first, HEADING)
    for other in stories:
        if other is not story and rows and set(rows) <= set(other.heading):
            other.heading = [row for row in other.heading if row not in rows]
            story.heading = rows


def _slogan_above(draft: Draft, story: Story, taken: set[int]) -> list[int]:
    """Return the row above a story's text if it reads as a headline although it was taken for furniture.

    Above a 上接 line, any row reads so. Above a byline, two characters are enough.
    """
    evidence = draft.evidence
    found = []
    for row in _above(draft, story.body[0], FURNITURE)[-1:]:
        between = evidence.roles[row + 1 : story.body[0]].tolist()
        likely = JUMP in between or evidence.probabilities[row, HEADING] >= LEAST
        shortest = SHORTEST if BYLINE in between else LENGTHS.start
        if row not in taken and likely and _may_be_headline(draft, row, shortest):
            found.append(row)
    return found


def _above(draft: Draft, first: int, role: int) -> list[int]:
    """Return the rows of a role directly above row `first`, past bylines, labels and jump lines."""
    roles = draft.evidence.roles
    at = first - 1
    while at >= 0 and roles[at] in _BETWEEN:
        at -= 1
    rows: list[int] = []
    while at >= 0 and roles[at] == role and len(rows) < MOST_ROWS:
        rows.insert(0, at)
        at -= 1
    return rows


def _free(draft: Draft, taken: set[int]) -> list[int]:
    roles = draft.evidence.roles
    loose = [row for row in range(len(roles)) if roles[row] == FURNITURE and row not in taken]
    return [row for row in loose if _may_be_headline(draft, row)]


def _may_be_headline(draft: Draft, row: int, shortest: int = LENGTHS.start) -> bool:
    """Tell whether a row taken for furniture has the length of a headline and no form that only the page has."""
    evidence = draft.evidence
    plain = evidence.page.rows[row].plain
    if not shortest <= len(plain) < LENGTHS.stop or plain.endswith(_PROSE):
        return False
    return not any(COMPILED[name].search(plain) for name in _OF_THE_PAGE)
