"""Drafted pages put together: parts linked across pages, every row given its one place, articles rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.segment.article import FurnitureLine, Quality, SegmentedArticle, SegmentedIssue
from services.segment.articles.linking import End, Part, link
from services.segment.articles.rendering import render_article, render_weather
from services.segment.articles.story import Story, probability
from services.segment.formulas.furniture import furniture_kind
from services.segment.formulas.jump_lines import read_mark, without_marks
from services.segment.matching.matches import NONE
from services.segment.page.patterns import COMPILED
from services.segment.roles import HEADING, JUMP, LABEL, WEATHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.matching.draft import Draft

_EDGE = 6
MOST_BARE = 400  # stories without a jump line that are held against those with one
MOST_MARKS = 100  # jump lines of an issue that are followed; a real issue has a dozen


def stories_of_page(draft: Draft) -> list[Story]:
    """The page's stories; rows in none of them are furniture."""
    pieces = draft.pieces
    stories = [Story(draft, body=list(b)) for b in pieces.bodies]
    by_target: dict[int, Story] = dict(enumerate(stories))
    for h, target in enumerate(draft.head_story):
        if target == NONE:
            stories.append(Story(draft, heading=list(pieces.heads[h])))
            continue
        if target not in by_target:
            caption = draft.stories[target]
            by_target[target] = Story(draft, captions=[caption])
            stories.append(by_target[target])
        by_target[target].heading += pieces.heads[h]
        by_target[target].matched = min(by_target[target].matched, probability(draft.head_odds[h, target]))
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
            nearest = _nearest(stories, byline[0])
            (nearest or stories.append(Story(draft)) or stories[-1]).bylines.append(byline)  # type: ignore[func-returns-value]
        else:
            by_target[body].bylines.append(byline)
    _place_jumps(draft, stories)
    _place_labels(draft, stories)
    return stories


def _nearest(stories: Sequence[Story], row: int) -> Story | None:
    """The story with a row closest to `row`."""
    best: tuple[int, int] | None = None
    for k, story in enumerate(stories):
        rows = story.rows()
        if rows:
            distance = min(abs(r - row) for r in (rows[0], rows[-1], *story.heading, *story.body[:1], *story.body[-1:]))
            best = min(best, (distance, k)) if best else (distance, k)
    return stories[best[1]] if best else None


def _place_jumps(draft: Draft, stories: list[Story]) -> None:
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
            near = _nearest(stories, row)
            if near is None:
                near = Story(draft)
                stories.append(near)
            owner = near
        owner.jumps.append(row)


def _next_heading(draft: Draft, row: int) -> int:
    """The heading row that stands under `row` with nothing but labels between, else `NONE`."""
    roles = draft.evidence.roles
    at = row + 1
    while at < len(roles) and roles[at] == LABEL:
        at += 1
    return at if at < len(roles) and roles[at] == HEADING else NONE


def _place_labels(draft: Draft, stories: list[Story]) -> None:
    evidence = draft.evidence
    owner = {r: s for s in stories for r in s.rows()}
    for row in (int(r) for r in (evidence.roles == LABEL).nonzero()[0]):
        for near in (row + 1, row - 1):
            story = owner.get(near)
            if (
                story is not None
                and near in (*story.heading, *story.body[:1])
                and not evidence.values[row, evidence.column["round_label"]]
            ):
                story.labels.append(row)
                break


def _part(story: Story) -> Part:
    page = story.draft.evidence.page
    text = without_marks(page.text_of(story.body))
    opens = any(COMPILED[name].match(text) for name in ("lead", "lead_short"))
    return Part(story.page, text, page.text_of(story.heading), opens)


def _beside(stories: Sequence[Story], owner: Story, row: int) -> list[int]:
    """The stories whose running text stands nearest above and below `row` on the owner's page."""
    near: list[int] = []
    for side in (-1, 1):
        found = [
            (min(abs(r - row) for r in s.body if (r - row) * side > 0), k)
            for k, s in enumerate(stories)
            if s.draft is owner.draft and any((r - row) * side > 0 for r in s.body)
        ]
        near += [k for _, k in sorted(found)[:1]]
    return near


@dataclass(slots=True)
class _Marked:
    """Where links may begin and end, by the jump lines of an issue's stories.

    Attributes:
        ends: the stories that go on elsewhere.
        starts: the stories that may be the continuation of another that is marked as such.
        mark: for each of these, the story that has the 上接 line, and the line's row.
        bare: the stories without a jump line.
    """

    ends: list[End] = field(default_factory=list)
    starts: dict[int, End] = field(default_factory=dict)
    mark: dict[int, tuple[int, int]] = field(default_factory=dict)
    bare: list[int] = field(default_factory=list)


def _marked(stories: Sequence[Story]) -> _Marked:
    """Read the jump lines.

    A 上接 line stands above or below the text it belongs to, as the extractor had it: either may be the continuation.
    """
    found = _Marked()
    for k, story in enumerate(stories):
        if not story.body:
            continue
        page = story.draft.evidence.page
        rows = (*story.jumps, story.body[-1], story.body[0])
        marks = [(mark, r) for r in rows if (mark := read_mark(page.rows[r].plain)) is not None]
        forward = next((m for m, _ in marks if m.direction == "to"), None)
        backward = next(((m, r) for m, r in marks if m.direction == "from"), None)
        if forward and len(found.ends) < MOST_MARKS:
            found.ends.append(End(k, forward.target))
        if backward and len(found.starts) < MOST_MARKS:
            mark, row = backward
            found.starts[k], found.mark[k] = End(k, mark.target), (k, row)
            for j in _beside(stories, story, row) if row in story.jumps else ():
                if j not in found.starts:
                    found.starts[j], found.mark[j] = End(j, mark.target), (k, row)
        elif not forward and not backward and len(found.bare) < MOST_BARE:
            found.bare.append(k)
    return found


def _follows(stories: Sequence[Story]) -> dict[int, int]:
    """For each story that goes on elsewhere, the story that is its continuation; its 上接 line becomes its own."""
    marked = _marked(stories)
    targets = {end.target for end in marked.ends}
    starts = [marked.starts[k] for k in sorted(marked.starts)]
    starts += [End(k, None, marked=False) for k in marked.bare if k not in marked.starts and stories[k].page in targets]
    if not marked.ends or not starts:
        return {}
    found = dict(link([_part(s) for s in stories], marked.ends, starts))
    for start in found.values():
        owner, row = marked.mark.get(start, (start, NONE))
        if owner != start and row in stories[owner].jumps:
            stories[owner].jumps.remove(row)
            stories[start].jumps.append(row)
    return found


def _link_pages(stories: list[Story]) -> list[list[Story]]:
    """Stories in chains, each a story and its continuations in reading order."""
    follows = _follows(stories)
    continued = set(follows.values())
    chains = []
    seen: set[int] = set()
    for k, story in enumerate(stories):
        if k in continued or k in seen:
            continue
        chain, at = [story], k
        seen.add(k)
        while at in follows and follows[at] not in seen:
            at = follows[at]
            seen.add(at)
            chain.append(stories[at])
        chains.append(chain)
    chains += [[stories[k]] for k in range(len(stories)) if k not in seen]
    return chains


def assemble(drafts: Sequence[Draft]) -> SegmentedIssue:
    """The issue from its drafted pages."""
    stories = [story for draft in drafts for story in stories_of_page(draft)]
    articles = [
        render_article([(s, s.draft.parts) for s in chain])
        for chain in _link_pages(stories)
        if any(s.rows() for s in chain)
    ]
    furniture: list[FurnitureLine] = []
    for draft in drafts:
        taken = {r for s in stories if s.draft is draft for r in s.rows()}
        weather, lines = _loose_rows(draft, taken)
        articles += weather
        furniture += lines
    articles.sort(key=lambda a: (a.pages[0], a.lines[0].line))
    furniture.sort(key=lambda f: (f.page, f.line))
    total = sum(len(row.lines) for draft in drafts for row in draft.evidence.page.rows)
    return SegmentedIssue(tuple(articles), tuple(furniture), quality_of(articles, furniture, total))


def _loose_rows(draft: Draft, taken: set[int]) -> tuple[list[SegmentedArticle], list[FurnitureLine]]:
    evidence = draft.evidence
    page = evidence.page
    weather: list[list[int]] = []
    furniture = []
    for row in range(len(page)):
        if row in taken:
            continue
        if evidence.roles[row] == WEATHER:
            if weather and weather[-1][-1] == row - 1:
                weather[-1].append(row)
            else:
                weather.append([row])
            continue
        kind = furniture_kind(
            page.rows[row].plain,
            weather=False,
            label=evidence.roles[row] == LABEL,
            top=row < _EDGE or row >= len(page) - _EDGE,
        )
        furniture += [FurnitureLine(page.number, line, kind) for line in page.rows[row].lines]
    return [render_weather(draft, rows) for rows in weather], furniture


def quality_of(articles: Sequence[SegmentedArticle], furniture: Sequence[FurnitureLine], total: int) -> Quality:
    """Return the counts of an issue of `total` lines that are not blank."""
    return Quality(
        lines=total,
        placed=sum(len(a.lines) for a in articles) + len(furniture),
        articles=len(articles),
        title_only=sum("title-only" in a.flags for a in articles),
        body_only=sum("body-only" in a.flags for a in articles),
        orphan_captions=sum("orphan-caption" in a.flags for a in articles),
        low_confidence=sum("low-confidence" in a.flags for a in articles),
    )
