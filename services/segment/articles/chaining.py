"""Link stories that continue on another page to their continuations, using the printed jump lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.segment.articles.linking import End, Part, link
from services.segment.formulas.jump_lines import read_mark, without_marks
from services.segment.matching.matches import NONE
from services.segment.page.patterns import COMPILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.articles.story import Story

MOST_BARE = 400  # the most stories without a jump line that are compared with stories that have a jump line
MOST_MARKS = 100  # the most jump lines of an issue that are followed; a real issue has a dozen


def _part(story: Story) -> Part:
    page = story.draft.evidence.page
    text = without_marks(page.text_of(story.body))
    opens = any(COMPILED[name].match(text) for name in ("lead", "lead_short"))
    return Part(story.page, text, page.text_of(story.heading), opens)


def _beside(stories: Sequence[Story], owner: Story, row: int) -> list[int]:
    """Return the stories whose running text is nearest above and below `row` on the owner's page."""
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
    """Where links may begin and end, according to the jump lines of an issue's stories.

    Attributes:
        ends: the stories that continue on another page.
        starts: the stories that may be the continuation that a 上接 line marks.
        mark: for each of `starts`, the story that has the 上接 line, and the line's row.
        bare: the stories without a jump line.
    """

    ends: list[End] = field(default_factory=list)
    starts: dict[int, End] = field(default_factory=dict)
    mark: dict[int, tuple[int, int]] = field(default_factory=dict)
    bare: list[int] = field(default_factory=list)


def _marked(stories: Sequence[Story]) -> _Marked:
    """Read the jump lines.

    Depending on the extractor, a 上接 line ("continued from") is above or below the text it belongs to. So the text
    above or the text below may be the continuation.
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
            found.ends.append(End(k, forward.target(story.page)))
        if backward and len(found.starts) < MOST_MARKS:
            mark, row = backward
            found.starts[k], found.mark[k] = End(k, mark.target(story.page)), (k, row)
            for j in _beside(stories, story, row) if row in story.jumps else ():
                if j not in found.starts:
                    found.starts[j], found.mark[j] = End(j, mark.target(story.page)), (k, row)
        elif not forward and not backward and len(found.bare) < MOST_BARE:
            found.bare.append(k)
    return found


def _follows(stories: Sequence[Story]) -> dict[int, int]:
    """Find the continuation of each story that continues on another page; the 上接 line moves to the continuation."""
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


def chained(stories: Sequence[Story]) -> list[list[Story]]:
    """Return the stories of all pages in chains: a story and its continuations, in reading order.

    A 上接 line goes to the story that is the continuation.
    """
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
