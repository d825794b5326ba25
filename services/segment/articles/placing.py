"""Decide which story of its page each row belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.segment.articles.story import Story
from services.segment.formulas.jump_lines import read_mark
from services.segment.matching.matches import NONE
from services.segment.roles import HEADING, JUMP, LABEL

if TYPE_CHECKING:
    from services.segment.matching.draft import Draft


def stories_of_page(draft: Draft) -> list[Story]:
    """Return the page's stories; rows in no story are furniture."""
    pieces = draft.pieces
    stories = [Story(draft, body=list(b)) for b in pieces.bodies]
    by_target: dict[int, Story] = dict(enumerate(stories))
    of_briefs = draft.evidence.features.column("round_label") > 0
    for h, target in enumerate(draft.head_story):
        if target == NONE and of_briefs[list(pieces.heads[h])].all():
            continue  # the title of a column whose briefs have headlines belongs to the page
        if target == NONE:
            stories.append(Story(draft, heading=list(pieces.heads[h])))
            continue
        if target not in by_target:
            caption = draft.stories[target]
            by_target[target] = Story(draft, captions=[caption])
            stories.append(by_target[target])
        by_target[target].heading += pieces.heads[h]
    placed = {c for s in stories for c in s.captions}
    for caption, body in zip(pieces.captions, draft.caption_body, strict=True):
        if caption in placed:
            continue
        if body == NONE:
            stories.append(Story(draft, captions=[caption]))
        else:
            by_target[body].captions.append(caption)
    for byline, body in zip(pieces.bylines, draft.byline_body, strict=True):
        if body == NONE:
            _nearest_or_new(draft, stories, byline[0]).bylines.append(byline)
        else:
            by_target[body].bylines.append(byline)
    _place_jumps(draft, stories)
    _place_labels(draft, stories)
    return stories


def _nearest_or_new(draft: Draft, stories: list[Story], row: int) -> Story:
    """Return the story with a row closest to `row`, or a new story where no story has a row."""
    best: tuple[int, int] | None = None
    for k, story in enumerate(stories):
        rows = story.rows()
        if rows:
            distance = min(abs(r - row) for r in (rows[0], rows[-1], *story.heading, *story.body[:1], *story.body[-1:]))
            best = min(best, (distance, k)) if best else (distance, k)
    if best is None:
        stories.append(Story(draft))
        return stories[-1]
    return stories[best[1]]


def _place_jumps(draft: Draft, stories: list[Story]) -> None:
    """Give each jump line to the story whose text it ends or begins."""
    page = draft.evidence.page
    bodies = [s for s in stories if s.body]
    for row in (int(r) for r in (draft.evidence.roles == JUMP).nonzero()[0]):
        mark = read_mark(page.rows[row].plain)
        above = [s for s in bodies if s.body[-1] < row]
        below = [s for s in bodies if s.body[0] > row]
        inside = [s for s in bodies if s.body[0] < row < s.body[-1]]
        headed = next((s for s in bodies if _next_heading(draft, row) in s.heading), None)
        if mark and mark.direction == "from" and headed:
            owner = headed
        elif mark and mark.direction == "from" and below:
            owner = min(below, key=lambda s: s.body[0])
        elif above:
            owner = max(above, key=lambda s: s.body[-1])
        elif inside or below:
            owner = (inside or below)[0]
        else:
            owner = _nearest_or_new(draft, stories, row)
        owner.jumps.append(row)


def _next_heading(draft: Draft, row: int) -> int:
    """Return the heading row under `row` with nothing but labels between, else `NONE`."""
    roles = draft.evidence.roles
    at = row + 1
    while at < len(roles) and roles[at] == LABEL:
        at += 1
    return at if at < len(roles) and roles[at] == HEADING else NONE


def _place_labels(draft: Draft, stories: list[Story]) -> None:
    """Give each label to the story whose heading or first row it is next to; other labels are furniture."""
    evidence = draft.evidence
    owner = {r: s for s in stories for r in s.rows()}
    for row in (int(r) for r in (evidence.roles == LABEL).nonzero()[0]):
        for near in (row + 1, row - 1):
            story = owner.get(near)
            if (
                story is not None
                and near in (*story.heading, *story.body[:1])
                and not evidence.features.column("round_label")[row]
            ):
                story.labels.append(row)
                break
