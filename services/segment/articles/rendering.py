"""Render an article as readers get it, from the rows it is made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.segment.article import (
    Block,
    Caption,
    Jump,
    LineRef,
    PlacedLine,
    SegmentedArticle,
)
from services.segment.articles.confidence import LOW
from services.segment.formulas.bylines import parse_byline
from services.segment.formulas.credits import split_credit
from services.segment.formulas.jump_lines import glued_mark, read_mark
from services.segment.formulas.signatures import people_in_text
from services.segment.formulas.weather import parse_weather
from services.segment.matching.heading_parts import HEADLINE, PARTS
from services.segment.models.confidence import DIGITS
from services.segment.page.unwrapping import join_heading, join_lines
from services.segment.roles import CREDIT, SUBHEAD, WEATHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.article import Flag, Role
    from schemas.contract import ArticleKind
    from services.segment.articles.confidence import Confidence
    from services.segment.articles.story import Story
    from services.segment.matching.draft import Draft

BRIEF = 120  # a story with at most this many characters of body is a brief
_SOURCE = re.compile("^(?:本报讯|本台消息|本报消息|(?:据)?(?:本报|新华社|中新社)[^，。（(：:]{0,20}?(?:电|讯))")
_LABEL_MARKS = "[]［］【】●■◆★▲（）() 　"


def _refs(page: int, lines: Sequence[int]) -> tuple[LineRef, ...]:
    return tuple(LineRef(page, line) for line in lines)


def render_article(chain: Sequence[Story], confidence: Confidence) -> SegmentedArticle:
    """Return the article made from its parts on one or more pages, given in reading order, with its confidence."""
    first = next((story for story in chain if story.heading), chain[0])
    texts: dict[str, list[str]] = {"kicker": [], "headline": [], "deck": []}
    for row in sorted(first.heading):
        texts[_part_of(first, row)].append(first.draft.evidence.page.rows[row].text)
    blocks = [block for story in chain for block in _blocks(story)]
    captions = tuple(c for story in chain for c in _captions(story))
    jumps = tuple(j for story in chain for j in _jumps(story))
    told = [b for b in blocks if b.kind == "paragraph"]
    paragraphs = [b.text for b in told]
    bylines = [p for story in chain for g in story.bylines for p in parse_byline(_joined(story, g))]
    if paragraphs:
        named = {p.name for p in bylines}
        credited = people_in_text(_printed(chain, told[0]), _printed(chain, told[-1]))
        bylines += [p for p in credited if p.name not in named]
    labels = [story.draft.evidence.page.rows[r].text for story in chain for r in story.labels]
    headline = join_heading(texts["headline"])
    return SegmentedArticle(
        kind=kind_of(blocks, captions),
        pages=tuple(dict.fromkeys(story.page for story in chain)),
        headline=headline,
        kicker=join_heading(texts["kicker"]),
        deck=join_heading(texts["deck"]),
        label=labels[0].strip(_LABEL_MARKS) if labels else "",
        bylines=tuple(dict.fromkeys(bylines)),
        source=source_of(blocks),
        blocks=tuple(blocks),
        captions=captions,
        jumps=jumps,
        weather=None,
        lines=tuple(line for story in chain for line in _placed(story)),
        confidence=confidence.body,
        headline_confidence=confidence.headline,
        flags=flags_of(headline, blocks, captions, confidence.body, unresolved=bool(jumps) and len(chain) == 1),
    )


def kind_of(blocks: Sequence[Block], captions: Sequence[Caption]) -> ArticleKind:
    """Return the kind of an article with these paragraphs, subheads and captions."""
    if not blocks:
        return "photo" if captions else "notice"
    return "brief" if sum(len(b.text) for b in blocks if b.kind == "paragraph") <= BRIEF else "story"


def source_of(blocks: Sequence[Block]) -> str:
    """Return the source at the start of the first paragraph, such as 新华社北京8月4日电, or an empty string."""
    first = next((b.text for b in blocks if b.kind == "paragraph"), "")
    source = _SOURCE.match(first)
    return source.group() if source else ""


def flags_of(
    headline: str, blocks: Sequence[Block], captions: Sequence[Caption], confidence: float, *, unresolved: bool
) -> tuple[Flag, ...]:
    """Return what is doubtful about an article; `unresolved` means it has a jump whose other end was not found."""
    found: dict[Flag, bool] = {
        "title-only": bool(headline) and not blocks and not captions,
        "body-only": bool(blocks) and not headline,
        "low-confidence": confidence < LOW,
        "jump-unresolved": unresolved,
        "orphan-caption": bool(captions) and not headline and not blocks,
    }
    return tuple(flag for flag, raised in found.items() if raised)


def _part_of(story: Story, row: int) -> Role:
    """Return the part of a heading row: kicker, headline or deck."""
    return PARTS[story.draft.parts.get(row, HEADLINE)]


def _joined(story: Story, rows: Sequence[int]) -> str:
    return "".join(story.draft.evidence.page.rows[r].text for r in rows)


def _printed(chain: Sequence[Story], block: Block) -> str:
    """Return a block as printed, with the blanks that a paragraph loses, because they separate names in a credit."""
    lines = set(block.lines)
    texts = []
    for story in chain:
        page = story.draft.evidence.page
        texts += [page.rows[r].text for r in story.body if LineRef(page.number, page.rows[r].lines[0]) in lines]
    text = "".join(texts)
    return text.removesuffix(glued_mark(text))


def _placed(story: Story) -> list[PlacedLine]:
    """Return the lines of a story on its page, each with its role."""
    page, roles = story.draft.evidence.page, story.draft.evidence.roles
    role_of: dict[int, Role] = {}
    role_of |= dict.fromkeys(story.jumps, "jump")
    role_of |= dict.fromkeys(story.labels, "label")
    role_of |= dict.fromkeys((r for g in story.bylines for r in g), "byline")
    for r in (r for g in story.captions for r in g):
        role_of[r] = "credit" if roles[r] == CREDIT else "caption"
    for r in story.body:
        role_of[r] = "subhead" if roles[r] == SUBHEAD else "body"
    for r in story.heading:
        role_of[r] = _part_of(story, r)
    # With places, the rows are in the order in which they are read; the lines stay in the order of the text.
    placed = (PlacedLine(page.number, line, role_of[r]) for r in sorted(role_of) for line in page.rows[r].lines)
    return sorted(placed, key=lambda x: x.line)


def _blocks(story: Story) -> list[Block]:
    page, roles, starts = story.draft.evidence.page, story.draft.evidence.roles, story.draft.starts
    found: list[tuple[bool, list[int]]] = []
    for k, row in enumerate(story.body):
        subhead = bool(roles[row] == SUBHEAD)
        if not found or subhead != found[-1][0] or (not subhead and k and row in starts):
            found.append((subhead, []))
        found[-1][1].append(row)
    blocks = []
    for subhead, rows in found:
        texts = [page.rows[r].text for r in rows]
        text = join_heading(texts) if subhead else join_lines(texts)
        if not subhead and rows[-1] == story.body[-1]:
            text = text.removesuffix(glued_mark(text))
        blocks.append(
            Block(
                "subhead" if subhead else "paragraph",
                text,
                _refs(page.number, [x for r in rows for x in page.rows[r].lines]),
            )
        )
    return blocks


def _captions(story: Story) -> list[Caption]:
    page = story.draft.evidence.page
    found = []
    for rows in sorted(story.captions):
        text, credit = split_credit(join_lines(page.rows[r].text for r in rows))
        found.append(Caption(text, credit, _refs(page.number, [x for r in rows for x in page.rows[r].lines])))
    return found


def _jumps(story: Story) -> list[Jump]:
    page = story.draft.evidence.page
    found = []
    for row in sorted({*story.jumps, *story.body[-1:], *story.body[:1]}):
        mark = read_mark(page.rows[row].plain)
        if mark is None and row not in story.jumps:
            continue
        direction = mark.direction if mark else "to"
        target = mark.target(page.number) if mark else None
        printed = page.rows[row].text
        found.append(
            Jump(
                direction,
                target,
                (glued_mark(printed) or printed).strip(),
                LineRef(page.number, page.rows[row].lines[-1]),
            )
        )
    return found


def render_weather(draft: Draft, rows: Sequence[int]) -> SegmentedArticle:
    """Return the article made from a weather item."""
    page = draft.evidence.page
    text = " ".join(page.rows[r].text for r in rows)
    number = [n for r in rows for n in page.rows[r].lines]
    weather = parse_weather(text)
    return SegmentedArticle(
        kind="weather",
        pages=(page.number,),
        headline="",
        kicker="",
        deck="",
        label="",
        bylines=(),
        source="",
        blocks=(),
        captions=(),
        jumps=(),
        weather=weather,
        lines=tuple(PlacedLine(page.number, n, "weather") for n in number),
        confidence=float(draft.evidence.probabilities[rows, WEATHER].min().round(DIGITS)),
        headline_confidence=None,
        flags=() if weather.whole else ("weather-unread",),
    )
