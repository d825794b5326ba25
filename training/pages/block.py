"""Blocks: one story laid out in a rectangle of columns, its headline above, beside, below or amid the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from training.pages.columns import Box, Columns, FlowLine, Obstacle, apart, columns_of, pour
from training.pages.heads import Rows, head_rows, upright_rows
from training.pages.typeset import Fount, SetLine, Tag, aligned, glyphs, rows_of, set_line, set_paragraph

if TYPE_CHECKING:
    from training.pages.house import House, Press
    from training.pages.story import Caption, Part, Story

HEAD_PLACES: Final = ("above",) * 9 + ("part", "part", "side", "side", "below", "below", "middle", "middle", "inset")
HEAD_ROLES: Final = ("kicker", "headline", "deck")


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines drawn together: `kind` is label, head, byline, body, caption, jump or furniture; `story` is -1 for furniture."""

    story: int
    kind: str
    lines: tuple[SetLine, ...]

    @property
    def top(self) -> float:
        """The highest baseline."""
        return min(line.y for line in self.lines)

    @property
    def left(self) -> float:
        """The leftmost start."""
        return min(line.x for line in self.lines)


@dataclass(slots=True)
class Block:
    """What one story draws, how high it is in points, and where its headline stands; boxes are x, y, width, height, filled."""

    height: float = 0.0
    units: list[Unit] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, bool]] = field(default_factory=list)
    place: str = "above"


def caption_rows(caption: Caption, article: str, width: float, points: float, press: Press) -> tuple[Rows, float]:
    """A caption's rows, its credit on the last line or on its own, and the height they take."""
    house, rng = press.house, press.rng
    fount = Fount(rng.choice((house.body_font, house.head_font)), points)
    text = glyphs(caption.text, Tag(article, "caption"))
    if caption.credit and caption.glued:
        text += glyphs(rng.choice(("", " ", " ", "　")), Tag(article, "caption"))
        text += glyphs(caption.credit, Tag(article, "credit"))
    lines = set_paragraph(text, max(4.0, width / points), fount, replace(house, squeeze_opening=False))
    if caption.credit and not caption.glued:
        credit = set_line(glyphs(caption.credit, Tag(article, "credit")), fount, house)
        lines.append(aligned(credit, max(width, credit.width), rng.choice(("right", "right", "left"))))
    return [("caption", line.at(line.x, (k + 1) * points * 1.3)) for k, line in enumerate(lines)], (
        len(lines) + 0.5
    ) * points * 1.3


def photo(caption: Caption, article: str, columns: Columns, press: Press) -> Obstacle:
    """A photo across some columns, its caption below, above or beside it."""
    rng = press.rng
    count = len(columns.lefts)
    span = rng.randint(1, max(1, min(count, 3)))
    first = rng.randint(0, count - span)
    left, width = columns.span(first, first + span - 1)
    points = press.house.body_size * rng.choice((0.8, 0.9, 1.0))
    high = width * rng.choice((0.4, 0.55, 0.7))
    where = rng.choice(("top", "top", "bottom", "middle"))
    if span > 1 and rng.random() < 0.1:
        side = points * rng.randint(7, 12)
        rows, height = caption_rows(caption, article, side, points, press)
        rows = [(role, line.at(left + width - side + line.x, line.y)) for role, line in rows]
        return Obstacle(
            first, first + span - 1, where, max(high, height) + points, rows, (left, 0.0, width - side - points, high)
        )
    rows, height = caption_rows(caption, article, width, points, press)
    above = rng.random() < 0.12
    rows = [(role, line.at(left + line.x, line.y + (0.0 if above else high))) for role, line in rows]
    picture = (left, height if above else 0.0, width, high)
    return Obstacle(first, first + span - 1, where, high + height + points * 0.5, rows, picture)


def head(story: Story, columns: Columns, press: Press, *, small: bool) -> tuple[Obstacle, str]:
    """The horizontal headline block where it stands among the columns, and the name of that place."""
    rng = press.rng
    count = len(columns.lefts)
    name = "above" if small or count == 1 else rng.choice(HEAD_PLACES)
    if (count == 1 and not small and rng.random() < 0.12) or (not story.parts and rng.random() < 0.5):
        name = "below"
    elif not story.parts:
        name = "above"
    first, last = 0, count - 1
    if name in ("part", "inset"):
        last = rng.randint(0, count - 2)
        if rng.random() < 0.3:
            first, last = count - 1 - last, count - 1
    elif name == "side":
        first = last = rng.choice((0, count - 1))
    elif name == "middle" and count > 2:
        first, last = 1, count - rng.choice((1, 2, 2))
    left, width = columns.span(first, last)
    rows, height = head_rows(story, width, press, small=small)
    side = rng.choice(("top", "all", "middle"))
    where = {"above": "top", "part": "top", "side": side, "below": "bottom", "middle": "middle", "inset": "middle"}[
        name
    ]
    return Obstacle(first, last, where, height, [(role, line.at(line.x + left, line.y)) for role, line in rows]), name


def single(kind: str, text: str, article: str, width: float, house: House) -> list[FlowLine]:
    """A text of its own line or lines in the stream, aligned as its kind is."""
    align = {"byline:top": "left", "byline:float": "center", "byline:end": "right", "jump_from": "left"}.get(
        kind, "right"
    )
    role = "byline" if kind.startswith("byline") else "jump"
    unit = role if role == "byline" or house.jump_place == "frame" else "body"
    rows = rows_of(text, Tag(article, role), width, Fount(house.body_font, house.body_size), house)
    return [FlowLine(unit, aligned(row, width, align)) for row in rows] if text else []


def subhead_lines(part: Part, article: str, width: float, house: House) -> list[FlowLine]:
    """A subhead in as many lines as it has pauses."""
    size = house.body_size
    out: list[FlowLine] = []
    tag = Tag(article, "subhead", para=part.para)
    for text in part.text.split():
        for row in rows_of(text, tag, width, Fount(house.head_font, size), house):
            if house.subhead_align == "indent":
                line = row.at(2 * size if row.width + 2 * size <= width else 0.0, 0.0)
            else:
                line = aligned(row, width, house.subhead_align)
            out.append(FlowLine("body", line, 0.0 if out else house.subhead_gap * size))
    return out


def flow_lines(story: Story, width: float, house: House) -> list[FlowLine]:
    """The story's text stream set to a column's width: bylines and jump marks that run in it, paragraphs and subheads."""
    size = house.body_size
    fount = Fount(house.body_font, size)
    out = single("jump_from", story.jump_from, story.article, width, house) if house.jump_place == "line" else []
    if house.byline_place in ("top", "float"):
        out += [
            line
            for b in story.bylines
            for line in single(f"byline:{house.byline_place}", b, story.article, width, house)
        ]
    for number, part in enumerate(story.parts):
        if part.role == "subhead":
            out += subhead_lines(part, story.article, width, house)
            continue
        tag, jump = Tag(story.article, "body", para=part.para), Tag(story.article, "jump")
        text = glyphs({"space": "　　", "ascii": "    "}.get(house.indent, "") if part.start else "", tag)
        if number == 0 and house.jump_place == "glued":
            text += glyphs(story.jump_from, jump)
        text += glyphs(part.text, tag, starts=part.start)
        if number == len(story.parts) - 1 and house.jump_place == "glued":
            text += glyphs(story.jump_to, jump)
        indent = 2.0 if house.indent == "geometry" and part.start else 0.0
        white = house.paragraph_gap * size if part.start and number else 0.0
        for k, line in enumerate(set_paragraph(text, width / size, fount, house, indent=indent)):
            out.append(FlowLine("body", line, 0.0 if k else white))
    if house.byline_place == "end":
        out += [line for b in story.bylines for line in single("byline:end", b, story.article, width, house)]
    if house.jump_place != "glued":
        out += single("jump_to", story.jump_to, story.article, width, house)
    return out


def stand_upright(story: Story, box: Box, press: Press) -> tuple[Rows, Box, float] | None:
    """An upright headline at one side of the box, what is left of the box, and the headline's height; None when it takes too much."""
    rows, wide, height = upright_rows(story, press)
    if wide > box.width / 2:
        return None
    on_left = press.rng.random() < 0.5
    start = box.x if on_left else box.x + box.width - wide + press.house.body_size
    rest = Box(box.x + wide if on_left else box.x, box.y, box.width - wide)
    return [(role, line.at(line.x + start, line.y)) for role, line in rows], rest, height


def lay_out(item: tuple[Story, int], box: Box, count: int, press: Press, *, small: bool = False) -> Block:
    """The story (with the number its units carry) in `count` columns within the box; small ones are items of a container."""
    story, index = item
    house, rng = press.house, press.rng
    size = house.body_size
    block = Block()
    framed = not small and box.width > 16 * size and rng.random() < house.box_share
    inner = Box(box.x + size, box.y + size, box.width - 2 * size) if framed else box
    stood = None
    if (
        story.headline
        and not small
        and not story.continued
        and inner.width > 20 * size
        and rng.random() < house.vertical_share
    ):
        stood = stand_upright(story, inner, press)
    upright, inner, least = stood or ([], inner, 0.0)
    if stood:
        count = max(1, min(count, int(inner.width / (8 * size))))
    columns = columns_of(inner, count, house)
    heading, block.place = head(
        replace(story, kicker="", headline=(), deck="") if stood else story, columns, press, small=small
    )
    block.place = "upright" if stood else block.place
    pictures = [photo(c, story.article, columns, press) for c in story.captions]
    obstacles = apart(([heading] if heading.rows else []) + pictures)
    poured = pour(flow_lines(story, columns.width, house), obstacles, columns, size * house.leading, least)
    loose: dict[str, list[SetLine]] = {}
    captions: list[Unit] = []

    def down(line: SetLine, by: float) -> SetLine:
        return line.at(line.x, line.y + inner.y + by)

    for _, line in upright:
        loose.setdefault("head", []).append(down(line, 0.0))
    for obstacle, top in zip(obstacles, poured.tops, strict=True):
        if obstacle.photo:
            left, lower, wide, high = obstacle.photo
            block.boxes.append((left, inner.y + top + lower, wide, high, True))
            captions.append(Unit(index, "caption", tuple(down(line, top) for _, line in obstacle.rows)))
            continue
        for role, line in obstacle.rows:
            loose.setdefault("head" if role in HEAD_ROLES else role, []).append(down(line, top))
    bodies: list[Unit] = []
    order = 0
    for frame in poured.frames:
        body: list[SetLine] = []
        for flow, left, baseline in frame:
            placed = flow.line.at(left + flow.line.x, inner.y + baseline)
            order += 1
            if flow.kind == "body":
                body.append(placed.ordered(order))
            else:
                loose.setdefault(flow.kind, []).append(placed)
        if body:
            bodies.append(Unit(index, "body", tuple(body)))
    block.units = [*(Unit(index, kind, tuple(lines)) for kind, lines in loose.items()), *bodies, *captions]
    block.height = poured.height + (2 * size if framed else 0.0)
    if framed:
        block.boxes.append((box.x, box.y, box.width, block.height, False))
    return block
