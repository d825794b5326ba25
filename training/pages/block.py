"""Blocks: one story laid out in a rectangle of columns, with its headline above, beside, below or amid the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from training.pages.story import headline_lines
from training.pages.typeset import Glyph, SetLine, Tag, aligned, glyphs, natural_width, set_line, set_paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.house import House
    from training.pages.story import Caption, Story

FLUSH = ("left", "left", "center", "center", "right")
HEAD_PLACES = ("above",) * 9 + ("part", "part", "side", "side", "below", "below", "middle", "middle", "inset")
OTHER_HEAD_FONT = {"song": "hei", "hei": "micro", "micro": "song"}


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
    """What one story draws, and how high it is in points."""

    height: float = 0.0
    units: list[Unit] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, bool]] = field(default_factory=list)
    place: str = "above"


@dataclass(slots=True)
class Obstacle:
    """Rows that keep the text out of columns first..last: at the top, the middle or the bottom of the block, or all of it."""

    first: int
    last: int
    where: str
    height: float
    rows: list[tuple[str, SetLine]]
    photo: tuple[float, float, float, float] | None = None


@dataclass(slots=True)
class Columns:
    """The block's columns: left edges and the common width, in points."""

    lefts: list[float]
    width: float

    def span(self, first: int, last: int) -> tuple[float, float]:
        """Left edge and width of columns first..last."""
        return self.lefts[first], self.lefts[last] + self.width - self.lefts[first]


def columns_of(x: float, width: float, count: int, house: House) -> Columns:
    """`count` columns of a whole number of characters."""
    size, gutter = house.body_size, house.gutter * house.body_size
    measure = max(4, int((width - (count - 1) * gutter) / count / size + 1e-6))
    column = measure * size
    step = (width - column) / (count - 1) if count > 1 else 0.0
    return Columns([x + i * step for i in range(count)], column)


def rows_of(text: str, tag: Tag, width: float, size: float, font: str, house: House, align: str) -> list[SetLine]:
    """Short text set in as many lines as the width needs, each aligned, baselines from zero."""
    out: list[SetLine] = []
    for piece in text.split("\n"):
        plain = replace(house, justify=False)
        for line in set_paragraph(glyphs(piece, tag), max(3.0, width / size), size, font, plain):
            out.append(aligned(line, 0.0, width, align).at(aligned(line, 0.0, width, align).x, size * 1.3 * len(out) + size))
    return out


def head_rows(story: Story, width: float, house: House, rng: Random, *, small: bool) -> tuple[list[tuple[str, SetLine]], float]:
    """Label, kicker, headline, deck and byline rows for a box of this width, from its top, with the height they take."""
    size = house.body_size
    align = rng.choice(FLUSH)
    font = house.head_font
    rows: list[tuple[str, SetLine]] = []
    y = 0.0

    def put(kind: str, lines: Sequence[SetLine], after: float) -> None:
        nonlocal y
        for line in lines:
            y += line.size * 1.22
            rows.append((kind, aligned(line, 0.0, width, align).at(aligned(line, 0.0, width, align).x, y)))
        if lines:
            y += after

    def text(role: str, words: str, scale: float, face: str) -> list[SetLine]:
        pieces = re.split(r"[\s　]+", words) if natural_width(glyphs(words, Tag("", "")), house) * size * scale > width else [words]
        tag = Tag(story.article, role)
        return [line for p in pieces for line in rows_of(p, tag, width, size * scale, face, house, "left")]

    if story.label:
        put("label", text("label", story.label, 1.1, font), size * 0.3)
    if story.bylines and house.byline_place == "above":
        put("byline", [line for b in story.bylines for line in text("byline", b, 1.0, house.body_font)], size * 0.3)
    if story.kicker:
        put("kicker", text("kicker", story.kicker, rng.choice((1.1, 1.3, 1.6)) if not small else 1.0, OTHER_HEAD_FONT[font]), size * 0.4)
    if story.jump_from and house.jump_place == "frame":
        put("jump", text("jump", story.jump_from, 1.0, house.body_font), size * 0.2)
    if story.headline:
        put("headline", headline_set(story, width, house, rng, small=small), size * 0.5)
    if story.deck:
        put("deck", text("deck", story.deck, rng.choice((1.1, 1.25, 1.4)), OTHER_HEAD_FONT[font]), size * 0.4)
    if story.bylines and house.byline_place == "head":
        put("byline", [line for b in story.bylines for line in text("byline", b, 1.0, house.body_font)], size * 0.3)
    return rows, y + (size * 0.4 if rows else 0.0)


def headline_set(story: Story, width: float, house: House, rng: Random, *, small: bool) -> list[SetLine]:
    """The headline's lines at the origin, as large as fits."""
    size = house.body_size
    limit = max(4, int(width / (size * (1.1 if small else 1.5))))
    texts = [line for t in story.headline for line in (headline_lines(t, rng, limit) if len(t) > limit else (t,))]
    longest = max(natural_width(glyphs(t, Tag("", "")), house) for t in texts)
    wanted = size * (rng.choice((1.0, 1.1, 1.3)) if small else rng.choice((1.5, 1.8, 2.2, 2.6, 3.2, 4.0)))
    points = max(size, min(wanted, width / longest))
    tag = Tag(story.article, "headline")
    spread = rng.random() < house.spaced_heads
    lines: list[SetLine] = []
    for text in texts:
        tracking = house.head_tracking
        shown = text
        if spread and len(text) > 2:
            if rng.random() < 0.5:
                shown = rng.choice((" ", " ", "　")).join(text)
            else:
                tracking = max(0.0, min(1.0, (width / points - len(text)) / (len(text) - 1)))
        points_here = min(points, width / max(1.0, natural_width(glyphs(shown, tag), house)))
        lines.append(set_line(glyphs(shown, tag), points_here, house.head_font, house, tracking=tracking))
    return lines


def vertical_rows(story: Story, x: float, house: House, rng: Random) -> tuple[list[tuple[str, SetLine]], float, float]:
    """The headline block one character a line, in upright strips: rows from the top, the width and height they take."""
    size = house.body_size
    strips: list[tuple[str, str, float]] = []
    if story.kicker:
        strips += [("kicker", t, size * 1.3) for t in headline_lines(story.kicker, rng, 14)]
    points = size * rng.choice((1.8, 2.2, 2.8))
    strips += [("headline", t, points) for h in story.headline for t in headline_lines(h, rng, 12)]
    if story.deck:
        strips += [("deck", t, size * 1.2) for t in headline_lines(story.deck, rng, 16)]
    total = sum(s * 1.25 for _, _, s in strips)
    rightwards = rng.random() < 0.5
    rows: list[tuple[str, SetLine]] = []
    pen, height = 0.0, 0.0
    for kind, text, points_here in strips:
        left = pen if rightwards else total - pen - points_here * 1.25
        for k, ch in enumerate(text.replace(" ", "").replace("　", "")):
            y = (k + 1) * points_here * 1.1
            rows.append((kind, set_line(glyphs(ch, Tag(story.article, kind)), points_here, house.head_font, house).at(x + left, y)))
            height = max(height, y + points_here * 0.3)
        pen += points_here * 1.25
    return rows, total + size, height


def caption_rows(caption: Caption, article: str, width: float, house: House, rng: Random, points: float) -> tuple[list[tuple[str, SetLine]], float]:
    """A caption's rows with its credit on the last line or on its own."""
    font = rng.choice((house.body_font, house.head_font))
    text = glyphs(caption.text, Tag(article, "caption"))
    if caption.credit and caption.glued:
        text += glyphs(rng.choice(("", " ", " ", "　")), Tag(article, "caption")) + glyphs(caption.credit, Tag(article, "credit"))
    lines = set_paragraph(text, max(4.0, width / points), points, font, replace(house, squeeze_opening=False))
    if caption.credit and not caption.glued:
        credit = set_line(glyphs(caption.credit, Tag(article, "credit")), points, font, house)
        lines.append(aligned(credit, 0.0, max(width, credit.width), rng.choice(("right", "right", "left"))))
    rows = [("caption", line.at(line.x, (k + 1) * points * 1.3)) for k, line in enumerate(lines)]
    return rows, (len(lines) + 0.5) * points * 1.3


def photo_obstacles(story: Story, columns: Columns, house: House, rng: Random) -> list[Obstacle]:
    """The story's photos with their captions below, above or beside."""
    out: list[Obstacle] = []
    count = len(columns.lefts)
    for caption in story.captions:
        span = rng.randint(1, max(1, min(count, 3)))
        first = rng.randint(0, count - span)
        left, width = columns.span(first, first + span - 1)
        points = house.body_size * rng.choice((0.8, 0.9, 1.0))
        high = width * rng.choice((0.4, 0.55, 0.7))
        where = rng.choice(("top", "top", "bottom", "middle"))
        if span > 1 and rng.random() < 0.1:
            side = points * rng.randint(7, 12)
            rows, height = caption_rows(caption, story.article, side, house, rng, points)
            rows = [(k, line.at(left + width - side + line.x, line.y)) for k, line in rows]
            out.append(Obstacle(first, first + span - 1, where, max(high, height) + points, rows, (left, 0.0, width - side - points, high)))
            continue
        rows, height = caption_rows(caption, story.article, width, house, rng, points)
        above = rng.random() < 0.12
        rows = [(k, line.at(left + line.x, line.y + (0.0 if above else high))) for k, line in rows]
        photo = (left, height if above else 0.0, width, high)
        out.append(Obstacle(first, first + span - 1, where, high + height + points * 0.5, rows, photo))
    return out


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of the text stream: `kind` names the unit it is drawn with; `space` is the white above it, in points."""

    kind: str
    line: SetLine
    space: float = 0.0


def flow_lines(story: Story, width: float, house: House) -> list[FlowLine]:
    """The story's text stream set to one column's width: bylines and jump marks that run in it, paragraphs and subheads."""
    size = house.body_size
    measure = width / size
    out: list[FlowLine] = []

    def single(kind: str, text: str, align: str) -> None:
        for line in rows_of(text, Tag(story.article, kind.removeprefix("body:")), width, size, house.body_font, house, align):
            out.append(FlowLine(kind, line))

    if story.jump_from and house.jump_place == "line":
        single("body:jump", story.jump_from, "left")
    if story.bylines and house.byline_place in ("top", "float"):
        for text in story.bylines:
            single("byline", text, {"top": "left", "float": "center"}[house.byline_place])
    for number, part in enumerate(story.parts):
        tag = Tag(story.article, part.role, para=part.para)
        if part.role == "subhead":
            for k, text in enumerate(t for t in re.split(r"[\s　]+", part.text) if t):
                for line in rows_of(text, tag, width, size, house.head_font, house, house.subhead_align if house.subhead_align != "indent" else "left"):
                    shifted = line.at(line.x + (2 * size if house.subhead_align == "indent" and line.width + 2 * size <= width else 0.0), 0.0)
                    out.append(FlowLine("body", shifted, house.subhead_gap * size if k == 0 else 0.0))
            continue
        prefix = {"space": "　　", "ascii": "    "}.get(house.indent, "") if part.start else ""
        text_glyphs: list[Glyph] = glyphs(prefix, tag)
        if number == 0 and story.jump_from and house.jump_place == "glued":
            text_glyphs += glyphs(story.jump_from, Tag(story.article, "jump"))
        text_glyphs += glyphs(part.text, tag, starts=part.start)
        if number == len(story.parts) - 1 and story.jump_to and house.jump_place == "glued":
            text_glyphs += glyphs(story.jump_to, Tag(story.article, "jump"))
        indent = 2.0 if house.indent == "geometry" and part.start else 0.0
        white = house.paragraph_gap * size if part.start and number else 0.0
        for k, line in enumerate(set_paragraph(text_glyphs, measure, size, house.body_font, house, indent=indent)):
            out.append(FlowLine("body", line, white if k == 0 else 0.0))
    if story.bylines and house.byline_place == "end":
        for text in story.bylines:
            single("byline", text, "right")
    if story.jump_to and house.jump_place != "glued":
        single("body:jump" if house.jump_place == "line" else "jump", story.jump_to, "right")
    return out


def intervals(blocked: Sequence[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    """The free stretches of a column of this height."""
    free, start = [], 0.0
    for a, b in sorted(blocked):
        if a > start + 1:
            free.append((start, a))
        start = max(start, b)
    if height > start + 1:
        free.append((start, height))
    return free


def spread(obstacles: Sequence[Obstacle], count: int, height: float) -> tuple[list[list[tuple[float, float]]], list[float]] | None:
    """Blocked stretches by column and each obstacle's top for a block of this height; None when obstacles collide."""
    blocked: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    tops: list[float] = []
    top, bottom = [0.0] * count, [height] * count
    for o in obstacles:
        span = range(o.first, o.last + 1)
        if o.where in ("top", "all"):
            place = max(top[c] for c in span)
            for c in span:
                top[c] = place + o.height if o.where == "top" else height
        elif o.where == "bottom":
            place = min(bottom[c] for c in span) - o.height
            for c in span:
                bottom[c] = place
        else:
            place = max(max(top[c] for c in span), (height - o.height) / 2)
        for c in span:
            if any(a < place + o.height and place < b for a, b in blocked[c]):
                return None
            blocked[c].append((place, height if o.where == "all" else place + o.height))
        if place < -0.01 or place + o.height > height + 0.01:
            return None
        tops.append(place)
    return blocked, tops


def apart(obstacles: list[Obstacle]) -> list[Obstacle]:
    """The obstacles with at most one in the middle and none across a column that a headline fills, so that they can be placed."""
    middles = 0
    for k, o in enumerate(obstacles):
        if o.where == "all" and any(p.first <= o.last and o.first <= p.last for p in obstacles[k + 1 :]):
            o.where = "top"
        if o.where == "middle":
            middles += 1
            if middles > 1:
                o.where = "bottom"
    return obstacles


def pour(lines: Sequence[FlowLine], obstacles: Sequence[Obstacle], columns: Columns, leading: float, least: float) -> tuple[list[list[tuple[FlowLine, float, float]]], list[float], float]:
    """Frames of (line, x, baseline), the obstacles' tops and the smallest height that holds everything."""
    count = len(columns.lefts)
    total = sum(leading + line.space for line in lines)
    taken = sum(o.height * (o.last - o.first + 1) for o in obstacles)
    height = max(least, (total + taken) / count * 0.97, max((o.height for o in obstacles), default=0.0))
    while True:
        found = spread(obstacles, count, height)
        if found:
            blocked, tops = found
            frames: list[list[tuple[FlowLine, float, float]]] = []
            k = 0
            for c in range(count):
                for a, b in intervals(blocked[c], height):
                    frame: list[tuple[FlowLine, float, float]] = []
                    y = a
                    while k < len(lines):
                        space = lines[k].space if frame else 0.0
                        if y + space + leading > b + 0.5:
                            break
                        y += space + leading
                        frame.append((lines[k], columns.lefts[c], y - leading * 0.2))
                        k += 1
                    if frame:
                        frames.append(frame)
            if k == len(lines):
                return frames, tops, height
        height += leading / 2


def lay_out(story: Story, index: int, x: float, y: float, width: float, count: int, house: House, rng: Random, *, small: bool = False) -> Block:
    """The story in a block `width` points wide with `count` columns, its top left corner at x, y."""
    block = Block()
    size = house.body_size
    boxed = not small and width > 16 * size and rng.random() < house.box_share
    outer = (x, y, width)
    if boxed:
        x, y, width = x + size, y + size, width - 2 * size
    least = 0.0
    upright: list[tuple[str, SetLine]] = []
    if story.headline and not small and not story.continued and width > 20 * size and rng.random() < house.vertical_share:
        strip, strip_width, least = vertical_rows(story, 0.0, house, rng)
        if strip_width < width * 0.5:
            on_left = rng.random() < 0.5
            upright = [(k, line.at(line.x + (x if on_left else x + width - strip_width + size), line.y)) for k, line in strip]
            x, width = (x + strip_width if on_left else x), width - strip_width
            count = max(1, min(count, int(width / (8 * size))))
            block.place = "vertical"
        else:
            least = 0.0
    columns = columns_of(x, width, count, house)
    plain = replace(story, kicker="", headline=(), deck="") if upright else story
    head = head_obstacle(plain, columns, house, rng, block, small=small)
    photos = photo_obstacles(story, columns, house, rng)
    lines = flow_lines(story, columns.width, house)
    obstacles = apart(([head] if head.rows else []) + photos)
    frames, tops, height = pour(lines, obstacles, columns, size * house.leading, least)
    units: dict[str, list[SetLine]] = {}
    for kind, line in upright:
        units.setdefault("label" if kind == "label" else "head", []).append(line.at(line.x, line.y + y))
    captions: list[list[SetLine]] = []
    for obstacle, top in zip(obstacles, tops, strict=True):
        moved = [(kind, line.at(line.x, line.y + y + top)) for kind, line in obstacle.rows]
        if obstacle.photo:
            left, down, wide, high = obstacle.photo
            block.boxes.append((left, y + top + down, wide, high, True))
            captions.append([line for _, line in moved])
            continue
        for kind, line in moved:
            units.setdefault({"kicker": "head", "headline": "head", "deck": "head"}.get(kind, kind), []).append(line)
    order = 0
    bodies: list[list[SetLine]] = []
    for frame in frames:
        body: list[SetLine] = []
        for flow, left, baseline in frame:
            placed = flow.line.at(left + flow.line.x, y + baseline)
            if flow.kind.startswith("body"):
                order += 1
                body.append(placed.ordered(order))
            else:
                units.setdefault(flow.kind, []).append(placed)
        if body:
            bodies.append(body)
    block.units = [Unit(index, kind, tuple(lines)) for kind, lines in units.items()]
    block.units += [Unit(index, "body", tuple(lines)) for lines in bodies]
    block.units += [Unit(index, "caption", tuple(lines)) for lines in captions]
    block.height = height + (2 * size if boxed else 0.0)
    if boxed:
        block.boxes.append((outer[0], outer[1], outer[2], block.height, False))
    return block


def head_obstacle(story: Story, columns: Columns, house: House, rng: Random, block: Block, *, small: bool) -> Obstacle:
    """The horizontal headline block and where it stands among the columns."""
    count = len(columns.lefts)
    place = "above" if small or count == 1 else rng.choice(HEAD_PLACES)
    if count == 1 and not small and rng.random() < 0.12:
        place = "below"
    if not story.parts:
        place = rng.choice(("above", "below"))
    first, last = 0, count - 1
    if place in ("part", "inset"):
        last = rng.randint(0, count - 2)
        if rng.random() < 0.3:
            first, last = count - 1 - last, count - 1
    elif place == "side":
        first = last = rng.choice((0, count - 1))
    elif place == "middle" and count > 2:
        first, last = 1, count - 2 if rng.random() < 0.6 else count - 1
    left, width = columns.span(first, last)
    rows, height = head_rows(story, width, house, rng, small=small)
    if block.place != "vertical":
        block.place = place
    where = {"above": "top", "part": "top", "side": rng.choice(("top", "all", "middle")), "below": "bottom", "middle": "middle", "inset": "middle"}[place]
    if where == "all" and not story.parts:
        where = "top"
    return Obstacle(first, last, where, height, [(k, line.at(line.x + left, line.y)) for k, line in rows])
