"""Blocks: a story laid out in a rectangle of columns, with its headline above, beside, below or inside the text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from training.pages.typesetting.columns import Box, Columns, Obstacle, Poured, apart, columns_of, pour
from training.pages.typesetting.flow import flow_lines
from training.pages.typesetting.heads import Rows, head_rows, upright_rows
from training.pages.typesetting.pictures import photo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.typesetting.typeset import SetLine
    from training.pages.writing.house import Press
    from training.pages.writing.story import Story

HEAD_PLACES: Final = ("above",) * 9 + ("part", "part", "side", "side", "below", "below", "middle", "middle", "inset")
HEAD_ROLES: Final = ("kicker", "headline", "deck")


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines drawn together: label, head, byline, body, caption, jump or furniture; `story` is -1 for furniture."""

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
    """What a story draws, its height in points, its headline's place; boxes: x, y, width, height, filled."""

    height: float = 0.0
    units: list[Unit] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, bool]] = field(default_factory=list)
    place: str = "above"


def head(story: Story, columns: Columns, press: Press, *, small: bool) -> tuple[Obstacle, str]:
    """Return the horizontal headline block at its place among the columns, and the name of that place."""
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


def stand_upright(story: Story, box: Box, press: Press) -> tuple[Rows, Box, float] | None:
    """Return an upright headline at a side of the box, the rest of the box, and its height; None if it is too wide."""
    rows, wide, height = upright_rows(story, press)
    if wide > box.width / 2:
        return None
    on_left = press.rng.random() < 0.5
    start = box.x if on_left else box.x + box.width - wide + press.house.body_size
    rest = Box(box.x + wide if on_left else box.x, box.y, box.width - wide)
    return [(role, line.at(line.x + start, line.y)) for role, line in rows], rest, height


def lay_out(item: tuple[Story, int], box: Box, count: int, press: Press, *, small: bool = False) -> Block:
    """Return the story, with its units' number, in `count` columns of the box; `small` stories are container items."""
    story, index = item
    house, rng = press.house, press.rng
    size = house.body_size
    framed = not small and box.width > 16 * size and rng.random() < house.box_share
    inner = Box(box.x + size, box.y + size, box.width - 2 * size) if framed else box
    heads_own_lines = bool(story.headline) and not small and not story.continued
    stood = None
    if heads_own_lines and inner.width > 20 * size and rng.random() < house.vertical_share:
        stood = stand_upright(story, inner, press)
    upright, inner, least = stood or ([], inner, 0.0)
    if stood:
        count = max(1, min(count, int(inner.width / (8 * size))))
        story = replace(story, kicker="", headline=(), deck="")
    columns = columns_of(inner, count, house)
    heading, place = head(story, columns, press, small=small)
    pictures = [photo(c, story.article, columns, press) for c in story.captions]
    obstacles = apart(([heading] if heading.rows else []) + pictures)
    poured = pour(flow_lines(story, columns.width, house), obstacles, columns, size * house.leading, least)
    rows = [(role, line.at(line.x, line.y + inner.y)) for role, line in upright]
    block = drawn(index, rows, obstacles, poured, inner.y)
    block.place = "upright" if stood else place
    if framed:
        block.height += 2 * size
        block.boxes.append((box.x, box.y, box.width, block.height, False))
    return block


def drawn(index: int, rows: Rows, obstacles: Sequence[Obstacle], poured: Poured, y: float) -> Block:
    """Return the block that begins at height y: units of the loose rows, of each caption and of each text frame."""
    block = Block(poured.height)
    captions: list[Unit] = []
    bodies: list[Unit] = []
    for obstacle, top in zip(obstacles, poured.tops, strict=True):
        moved = [(role, line.at(line.x, line.y + y + top)) for role, line in obstacle.rows]
        if obstacle.photo:
            left, lower, wide, high = obstacle.photo
            block.boxes.append((left, y + top + lower, wide, high, True))
            captions.append(Unit(index, "caption", tuple(line for _, line in moved)))
        else:
            rows = [*rows, *moved]
    order = 0
    for frame in poured.frames:
        body: list[SetLine] = []
        for flow, left, baseline in frame:
            order += 1
            line = flow.line.at(left + flow.line.x, y + baseline).ordered(order)
            if flow.kind == "body":
                body.append(line)
            else:
                rows = [*rows, (flow.kind, line)]
        if body:
            bodies.append(Unit(index, "body", tuple(body)))
    loose: dict[str, list[SetLine]] = {}
    for role, line in rows:
        loose.setdefault("head" if role in HEAD_ROLES else role, []).append(line)
    block.units = [*(Unit(index, kind, tuple(lines)) for kind, lines in loose.items()), *bodies, *captions]
    return block
