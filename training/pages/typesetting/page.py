"""Pages: pack blocks of stories and furniture where the columns are shortest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from training.pages.typesetting import furniture
from training.pages.typesetting.block import Block, lay_out
from training.pages.typesetting.columns import Box
from training.pages.typesetting.order import Arranged, arrange
from training.pages.typesetting.pdf import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.house import Press
    from training.pages.writing.story import Story

# columns, characters a column (least, most), how often
GRIDS: Final = (
    (1, 30, 46, 1),
    (2, 20, 32, 2),
    (3, 16, 26, 5),
    (4, 14, 22, 6),
    (5, 12, 18, 6),
    (6, 10, 15, 3),
    (7, 8, 12, 1),
)
SMALL: Final = 150  # characters: shorter stories are set narrow
LEAST_MEASURE: Final = 7.5  # ems a column needs
COMMON_MODES: Final = ("natural", "body_first", "heads_end", "mixed", "captions_first", "rows")


@dataclass(frozen=True, slots=True)
class Group:
    """A story, or the items of a container under its title; each story has the number of its units."""

    stories: tuple[tuple[Story, int], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """A page's furniture: among the stories, in the top strip and in the bottom strip."""

    inside: list[furniture.Fixture] = field(default_factory=list)
    top: list[furniture.Fixture] = field(default_factory=list)
    bottom: list[furniture.Fixture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Composed:
    """A page: what to draw, its template, the mode of its drawing order, and the effects of that order."""

    sheet: Sheet
    template: str
    mode: str
    arranged: Arranged


def compose(groups: Sequence[Group], fixtures: Fixtures, press: Press) -> Composed:
    """Return the page: strips at top and bottom, and everything else packed between them."""
    house, rng = press.house, press.rng
    count, least, most, _ = rng.choices(GRIDS, weights=[g[3] for g in GRIDS])[0]
    measure = rng.randint(least, most)
    size = house.body_size
    column, gutter, margin = measure * size, house.gutter * size, 3 * size
    width = count * column + (count - 1) * gutter
    units, height = furniture.strip(fixtures.top, Box(margin, margin, width), press)
    skyline = [margin + height + size] * count
    boxes: list[tuple[float, float, float, float, bool]] = []
    places: set[str] = set()
    queue: list[Group | furniture.Fixture] = list(groups)
    for fixture in fixtures.inside:
        queue.insert(rng.randint(0, len(queue)), fixture)
    for item in queue:
        wide = span_of(item, count, measure, rng)
        at = min(range(count - wide + 1), key=lambda c: max(skyline[c : c + wide]))
        box = Box(margin + at * (column + gutter), max(skyline[at : at + wide]), wide * column + (wide - 1) * gutter)
        block = (
            fixture_block(item, box, press)
            if isinstance(item, furniture.Fixture)
            else group_block(item, box, wide, press)
        )
        units += block.units
        boxes += block.boxes
        places.add(block.place)
        skyline[at : at + wide] = [box.y + block.height + size * rng.choice((1.0, 1.5, 2.5))] * wide
    end = max(skyline)
    more, height = furniture.strip(fixtures.bottom, Box(margin, end, width), press)
    mode = house.draw_mode if rng.random() < 0.8 else rng.choice(COMMON_MODES)
    arranged = arrange(units + more, mode, press)
    lines = tuple(line for unit in arranged.units for line in unit.lines)
    sheet = Sheet(width + 2 * margin, end + height + margin, lines, tuple(boxes), house.text_operator)
    odd = sorted(places - {"above"})
    return Composed(sheet, "_".join([f"grid{count}x{measure}", *odd]), mode, arranged)


def span_of(item: Group | furniture.Fixture, count: int, measure: int, rng: Random) -> int:
    """Return how many columns a group or a fixture takes."""
    narrow = rng.choice((1, 1, min(2, count)))
    if isinstance(item, furniture.Fixture) or item.title:
        return narrow
    story = item.stories[0][0]
    if story.kind == "photonews":
        return rng.randint(1, min(3, count))
    if story.characters < SMALL:
        return narrow
    lines = story.characters / measure + 6
    return rng.choice([w for w in range(1, count + 1) if 6 <= lines / w <= 70] or [min(count, 2)])


def fixture_block(fixture: furniture.Fixture, box: Box, press: Press) -> Block:
    """Return a fixture among the stories, now and then with a frame."""
    unit, _, height = furniture.set_fixture(fixture, box, press)
    framed = [(box.x - 2, box.y, box.width + 4, height, False)] if press.rng.random() < 0.3 else []
    return Block(height, [unit], framed)


def group_block(group: Group, box: Box, columns: int, press: Press) -> Block:
    """Return a story's block, or a container: its title, and its items below each other."""
    rng, size = press.rng, press.house.body_size
    if not group.title:
        inner = max(1, columns + rng.choice((-1, 1))) if columns > 1 and rng.random() < 0.25 else columns
        while inner > 1 and box.width / inner < LEAST_MEASURE * size:
            inner -= 1
        return lay_out(group.stories[0], box, inner, press)
    fixture = furniture.Fixture("brief_label", (group.title,), rng.choice((1.2, 1.8)), upright=rng.random() < 0.08)
    unit, _, height = furniture.set_fixture(fixture, box, press)
    out = Block(height + size * 0.5, [unit])
    for item in group.stories:
        block = lay_out(item, Box(box.x, box.y + out.height, box.width), 1, press, small=True)
        out.units += block.units
        out.boxes += block.boxes
        out.height += block.height + size * rng.choice((0.3, 1.0))
    return out


def page_furniture(press: Press, page: int, pages: int, headlines: Sequence[tuple[int, str]]) -> Fixtures:
    """Return the furniture of a page; the first page may have teasers for `headlines` (page, text)."""
    rng = press.rng
    out = Fixtures(top=furniture.masthead(press, pages) if page == 1 else furniture.header(press, page, pages))
    if page == 1 and headlines and rng.random() < 0.6:
        out.inside.append(furniture.teaser(press, headlines))
    extras = (
        (0.2, lambda press: furniture.small_print(press, pages, 1)[0]),
        (0.06, lambda press: rng.choice(furniture.header(press, page, pages))),
        (0.15, furniture.advertisement),
        (0.2, furniture.slogan),
        (0.08, furniture.weather),
        (0.06, furniture.advertisement),
    )
    out.inside.extend(make(press) for share, make in extras if rng.random() < share)
    out.bottom.extend(furniture.small_print(press, pages, rng.choice((0, 0, 1, 1, 2))))
    if rng.random() < 0.15:
        out.bottom.append(furniture.slogan(press))
    return out
