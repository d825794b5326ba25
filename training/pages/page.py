"""Pages: blocks of stories and furniture packed into columns, and the order in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from training.pages import furniture, pools
from training.pages.block import Block, Unit, lay_out
from training.pages.pdf import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.house import House
    from training.pages.story import Story

# column count, characters a column (least, most), how often
GRIDS: Final = ((1, 30, 46, 1), (2, 20, 32, 2), (3, 16, 26, 5), (4, 14, 22, 6), (5, 12, 18, 6), (6, 10, 15, 3), (7, 8, 12, 1))
SMALL: Final = 150  # characters: shorter stories are set narrow
Item = tuple["Story", int]


@dataclass(slots=True)
class Group:
    """Stories under one container title, or a single story; `title` is the container's."""

    stories: list[Item]
    title: str = ""


@dataclass(slots=True)
class Composed:
    """A page: what to draw, which template it follows, and which stories' frames were drawn out of order or late."""

    sheet: Sheet
    template: str
    mode: str
    out_of_order: set[int] = field(default_factory=set)
    last_later: set[int] = field(default_factory=set)


def compose(groups: Sequence[Group], fixtures: Sequence[furniture.Fixture], top: Sequence[furniture.Fixture], bottom: Sequence[furniture.Fixture], house: House, rng: Random) -> Composed:
    """The page with `top` and `bottom` fixtures in strips and everything else packed where the columns are shortest."""
    grid = rng.choices(GRIDS, weights=[g[3] for g in GRIDS])[0]
    count = grid[0]
    measure = rng.randint(grid[1], grid[2])
    size = house.body_size
    gutter = house.gutter * size
    column = measure * size
    margin = 3 * size
    width = count * column + (count - 1) * gutter
    units, height = furniture.strip(top, margin, margin, width, house, rng)
    skyline = [margin + height + size] * count
    boxes: list[tuple[float, float, float, float, bool]] = []
    places: list[str] = []
    queue: list[Group | furniture.Fixture] = list(groups)
    for fixture in fixtures:
        queue.insert(rng.randint(0, len(queue)), fixture)
    for item in queue:
        wide = span_of(item, count, measure, rng)
        at = min(range(count - wide + 1), key=lambda c: (max(skyline[c : c + wide]), c))
        x = margin + at * (column + gutter)
        y = max(skyline[at : at + wide])
        across = wide * column + (wide - 1) * gutter
        if isinstance(item, furniture.Fixture):
            unit, _, high = furniture.set_fixture(item, x, y, across, house, rng)
            units.append(unit)
            if rng.random() < 0.3:
                boxes.append((x - 2, y, across + 4, high, False))
        else:
            block = group_block(item, x, y, across, wide, house, rng)
            units += block.units
            boxes += block.boxes
            high = block.height
            places.append(block.place)
        for c in range(at, at + wide):
            skyline[c] = y + high + size * rng.choice((1.0, 1.5, 2.5))
    end = max(skyline)
    more, height = furniture.strip(bottom, margin, end, width, house, rng)
    units += more
    mode = house.draw_mode if rng.random() < 0.8 else rng.choice(("natural", "body_first", "heads_end", "mixed", "captions_first", "rows"))
    ordered, out_of_order, last_later = arrange(units, mode, house.furniture_place, rng)
    sheet = Sheet(width + 2 * margin, end + height + margin, tuple(line for unit in ordered for line in unit.lines), tuple(boxes), house.text_operator)
    odd = sorted(set(places) - {"above"})
    return Composed(sheet, f"grid{count}x{measure}" + ("_" + "_".join(odd) if odd else ""), mode, out_of_order, last_later)


def span_of(item: Group | furniture.Fixture, count: int, measure: int, rng: Random) -> int:
    """How many columns a group or a fixture takes."""
    if isinstance(item, furniture.Fixture):
        return rng.choice((1, 1, min(2, count)))
    story = item.stories[0][0]
    if item.title:
        return rng.choice((1, 1, min(2, count), count if count < 4 else 1))
    if story.kind == "photonews":
        return rng.randint(1, min(3, count))
    if story.characters < SMALL:
        return rng.choice((1, 1, min(2, count)))
    lines = story.characters / measure + 6
    choices = [w for w in range(1, count + 1) if 6 <= lines / w <= 70] or [min(count, 2)]
    return rng.choice(choices)


def group_block(group: Group, x: float, y: float, width: float, columns: int, house: House, rng: Random) -> Block:
    """A story's block, or a container: its title and its items one under another."""
    if not group.title:
        story, index = group.stories[0]
        inner = columns
        if columns > 1 and rng.random() < 0.25:
            inner = max(1, columns + rng.choice((-1, 1)))
        while inner > 1 and width / inner < 7.5 * house.body_size:
            inner -= 1
        return lay_out(story, index, x, y, width, inner, house, rng)
    out = Block()
    fixture = furniture.Fixture("brief_label", (house.write(group.title),), rng.choice((1.2, 1.8)), upright=rng.random() < 0.08)
    unit, _, height = furniture.set_fixture(fixture, x, y, width, house, rng)
    out.units.append(unit)
    out.height = height + house.body_size * 0.5
    for story, index in group.stories:
        block = lay_out(story, index, x, y + out.height, width, 1, house, rng, small=True)
        out.units += block.units
        out.boxes += block.boxes
        out.height += block.height + house.body_size * rng.choice((0.3, 1.0))
    return out


ORDERS: Final = {
    "natural": ("label", "head", "byline", "body", "jump", "caption"),
    "body_first": ("byline", "body", "jump", "caption", "head", "label"),
    "body_first_2": ("body", "jump", "head", "byline", "label", "caption"),
    "captions_first": ("caption", "label", "head", "byline", "body", "jump"),
    "captions_mid": ("label", "head", "caption", "byline", "body", "jump"),
    "byline_last": ("head", "label", "body", "jump", "caption", "byline"),
    "byline_first": ("byline", "label", "head", "body", "caption", "jump"),
    "head_between": ("body", "head", "label", "byline", "caption", "jump"),
}


def arrange(units: Sequence[Unit], mode: str, place: str, rng: Random) -> tuple[list[Unit], set[int], set[int]]:
    """The units in drawing order, with the stories whose body frames are out of order and those whose last frame comes late."""
    stories = sorted({u.story for u in units if u.story >= 0})
    fixed = [u for u in units if u.story < 0]
    if mode == "shuffled" or rng.random() < 0.2:
        rng.shuffle(stories)
    out_of_order: set[int] = set()
    last_later: set[int] = set()
    late: list[Unit] = []
    by_story: dict[int, list[Unit]] = {}
    for s in stories:
        own = split_heads([u for u in units if u.story == s], rng)
        frames = [u for u in own if u.kind == "body"]
        if len(frames) > 2 and rng.random() < 0.04:
            shuffled = frames[:]
            rng.shuffle(shuffled)
            if shuffled != frames:
                out_of_order.add(s)
                own = [u for u in own if u.kind != "body"] + shuffled
        elif len(frames) > 1 and rng.random() < 0.02:
            last_later.add(s)
            late.append(frames[-1])
            own = [u for u in own if u is not frames[-1]]
        by_story[s] = own
    out: list[Unit] = []
    if mode in ("rows", "columns"):
        loose = [u for s in stories for u in by_story[s]]
        out = sorted(loose, key=lambda u: (round(u.top / 40), u.left) if mode == "rows" else (round(u.left / 40), u.top))
        out_of_order |= {s for s in stories if disordered([u for u in out if u.story == s])}
    else:
        for s in stories:
            name = mode if mode in ORDERS else "natural"
            if mode in ("mixed", "shuffled", "heads_end", "heads_first", "bylines_end"):
                name = rng.choice(list(ORDERS)) if mode in ("mixed", "shuffled") else rng.choice(("natural", "body_first", "byline_last"))
            elif name == "body_first":
                name = rng.choice(("body_first", "body_first", "body_first_2", "head_between"))
            rank = {kind: i for i, kind in enumerate(ORDERS[name])}
            out += sorted(by_story[s], key=lambda u: rank.get(u.kind, 9))
        loose_kinds = {"heads_end": ("head", "label"), "heads_first": ("head",), "bylines_end": ("byline",)}.get(mode, ())
        moved = [u for u in out if u.kind in loose_kinds]
        if moved and rng.random() < 0.4:
            rng.shuffle(moved)
        rest = [u for u in out if u.kind not in loose_kinds]
        out = moved + rest if mode == "heads_first" else rest + moved
        if mode == "captions_first" and rng.random() < 0.5:
            out = [u for u in out if u.kind == "caption"] + [u for u in out if u.kind != "caption"]
    for unit in late:
        out.insert(rng.randint(max(0, len(out) // 2), len(out)), unit)
    return with_furniture(out, fixed, place, rng), out_of_order, last_later


def disordered(units: Sequence[Unit]) -> bool:
    """Whether body frames come in another order than they are read."""
    numbers = [u.lines[0].glyphs[0].tag.order for u in units if u.kind == "body"]
    return numbers != sorted(numbers)


def split_heads(units: Sequence[Unit], rng: Random) -> list[Unit]:
    """The story's units; now and then the headline's parts become units of their own or change places."""
    out: list[Unit] = []
    loose = rng.random() < 0.1
    for unit in units:
        roles = [line.glyphs[0].tag.role for line in unit.lines]
        if unit.kind != "head" or len(set(roles)) == 1:
            out.append(unit)
            continue
        groups = [tuple(line for line, role in zip(unit.lines, roles, strict=True) if role == wanted) for wanted in dict.fromkeys(roles)]
        if rng.random() < 0.25:
            groups.sort(key=lambda lines: {"headline": 0, "deck": 1, "kicker": 2}[lines[0].glyphs[0].tag.role])
        if loose:
            out += [Unit(unit.story, "head" if i == 0 else "label", g) for i, g in enumerate(groups)]
        else:
            out.append(Unit(unit.story, "head", tuple(line for g in groups for line in g)))
    return out


def with_furniture(units: Sequence[Unit], fixed: Sequence[Unit], place: str, rng: Random) -> list[Unit]:
    """Furniture drawn before, after, around or among the stories, mostly between two of them."""
    fixed = list(fixed)
    if rng.random() < 0.3:
        rng.shuffle(fixed)
    if place == "first":
        return [*fixed, *units]
    if place == "last":
        return [*units, *fixed]
    if place == "around":
        half = rng.randint(0, len(fixed))
        return [*fixed[:half], *units, *fixed[half:]]
    out = list(units)
    for unit in fixed:
        between = [i for i in range(len(out) + 1) if i in (0, len(out)) or out[i - 1].story != out[i].story or out[i].story < 0]
        out.insert(rng.choice(between) if rng.random() < 0.8 else rng.randint(0, len(out)), unit)
    return out


def page_furniture(house: House, rng: Random, page: int, pages: int, headlines: Sequence[tuple[int, str]]) -> tuple[list[furniture.Fixture], list[furniture.Fixture], list[furniture.Fixture]]:
    """Fixtures among the stories, in the top strip and in the bottom strip of one page."""
    inside: list[furniture.Fixture] = []
    if page == 1:
        top = furniture.masthead(rng, house, pages)
        if headlines and rng.random() < 0.6:
            inside.append(furniture.teaser(rng, house, headlines))
    else:
        top = furniture.header(rng, house, page, pages)
    for share, make in ((0.15, furniture.advertisement), (0.2, furniture.slogan), (0.08, furniture.weather), (0.06, furniture.advertisement)):
        if rng.random() < share:
            inside.append(make(rng, house))
    bottom = furniture.small_print(rng, house, pages, rng.choice((0, 0, 1, 1, 2)))
    if rng.random() < 0.15:
        bottom.append(furniture.slogan(rng, house))
    return inside, top, bottom


def container_title(rng: Random) -> str:
    """A title such as 简讯 for items with headlines of their own."""
    return rng.choice(pools.BRIEF_TITLES)
