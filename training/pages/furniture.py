"""Furniture: nameplates, folios, weather, slogans, teasers and advertisements, as small blocks of lines of our own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from training.pages import pools, words
from training.pages.block import Unit
from training.pages.typeset import SetLine, Tag, glyphs, natural_width, set_line, set_paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.house import House

ROLES = {"weather": "weather", "slogan": "slogan", "brief_label": "label"}


@dataclass(frozen=True, slots=True)
class Fixture:
    """One piece of furniture: its kind in the bench's terms, its lines, its size beside the body's, and how it stands."""

    kind: str
    lines: tuple[str, ...]
    scale: float = 1.0
    upright: bool = False
    wrap: bool = False

    @property
    def tag(self) -> Tag:
        """The truth about its characters."""
        return Tag("furniture", ROLES.get(self.kind, "furniture"), kind=self.kind)


def letterspaced(text: str, rng: Random) -> str:
    """The text with blanks between its characters."""
    return rng.choice((" ", " ", "　")).join(text.replace(" ", ""))


def header(rng: Random, house: House, page: int, pages: int) -> list[Fixture]:
    """The running head of an inner page: folio, section, date, paper, in pieces or as one line."""
    section = rng.choice(pools.SECTIONS)
    date = house.write(words.fill(house.date_form, rng, house))
    folio = house.write(words.page_number(house.page_form, page))
    if rng.random() < 0.35:
        joint = rng.choice((" ", "　", "  "))
        parts = [folio, letterspaced(section, rng) if rng.random() < 0.3 else section, date, house.paper]
        rng.shuffle(parts)
        out = [Fixture("furn", (house.write(joint.join(parts[: rng.randint(2, 4)])),))]
    else:
        shown = letterspaced(section, rng) if rng.random() < 0.25 else section
        out = [
            Fixture("folio" if folio.isdigit() else "furn", (folio,), rng.choice((1.0, 1.4))),
            Fixture("section", (house.write(shown),), rng.choice((1.2, 1.8, 2.4)), upright=rng.random() < 0.12),
            Fixture("furn", (date,), 0.9),
            Fixture("furn", (house.paper,), 1.0),
        ]
        out = rng.sample(out, rng.randint(2, 4))
    if rng.random() < 0.75:
        out += small_print(rng, house, pages, rng.choice((1, 1, 2)))
    if rng.random() < 0.3:
        out.append(Fixture("folio", (str(page),), 0.9))
    return out


def small_print(rng: Random, house: House, pages: int, count: int) -> list[Fixture]:
    """Imprint lines."""
    return [Fixture("furn", (house.write(words.fill(rng.choice(pools.FURNITURE), rng, house, pages)),), 0.9) for _ in range(count)]


def masthead(rng: Random, house: House, pages: int) -> list[Fixture]:
    """The front page's nameplate and what stands around it."""
    name = house.write(letterspaced(house.paper, rng) if rng.random() < 0.4 else house.paper)
    out = [Fixture("nameplate", (name,), rng.choice((3.0, 4.5, 6.0)), upright=rng.random() < 0.1)]
    out.append(Fixture("furn", (house.write(words.fill(house.date_form, rng, house)),)))
    out += small_print(rng, house, pages, rng.randint(1, 6))
    if rng.random() < 0.6:
        out.append(weather(rng, house))
    if rng.random() < 0.5:
        out.append(slogan(rng, house))
    if rng.random() < 0.3:
        first, *rest = out
        rng.shuffle(rest)
        out = [*rest, first]
    return out


def weather(rng: Random, house: House) -> Fixture:
    """A weather line or a small weather box."""
    return Fixture("weather", tuple(house.write(words.fill(rng.choice(pools.WEATHER_FORMS), rng, house)).split("\n")), rng.choice((0.9, 1.0)))


def slogan(rng: Random, house: House) -> Fixture:
    """A slogan: plain, letterspaced, in two lines or upright."""
    text = house.write(rng.choice(pools.SLOGANS))
    form = rng.random()
    if form < 0.35:
        return Fixture("slogan", (letterspaced(text, rng),), rng.choice((1.0, 1.5)))
    if form < 0.5:
        return Fixture("slogan", tuple(text.split()), 1.4)
    return Fixture("slogan", (text.replace(" ", rng.choice((" ", "　", "   "))),), rng.choice((1.0, 1.6)), upright=form > 0.82)


def teaser(rng: Random, house: House, headlines: Sequence[tuple[int, str]]) -> Fixture:
    """导读: headlines of other pages with their page numbers."""
    lines = [house.write(rng.choice(pools.TEASER_TITLES))] if rng.random() < 0.8 else []
    items = [house.teaser_form.format(h=h, p=house.write(words.page_number(house.page_form, p))) for p, h in headlines]
    lines += [rng.choice((" ", "　")).join(items)] if rng.random() < 0.2 else [line for item in items for line in item.split("\n")]
    return Fixture("teaser", tuple(lines), rng.choice((0.9, 1.0, 1.1)), wrap=True)


def advertisement(rng: Random, house: House) -> Fixture:
    """A small notice."""
    title, text = rng.choice(pools.ADS)
    return Fixture("ad", tuple(house.write(t) for t in (title, words.fill(text, rng, house)) if t), rng.choice((0.8, 0.9, 1.0)), wrap=True)


def set_fixture(fixture: Fixture, x: float, y: float, width: float, house: House, rng: Random) -> tuple[Unit, float, float]:
    """The fixture's unit at x, y in a box of this width, with the width and height it takes."""
    size = house.body_size * fixture.scale
    font = rng.choice((house.head_font, house.body_font))
    if fixture.upright:
        text = "".join(fixture.lines).replace(" ", "").replace("　", "")
        lines = [set_line(glyphs(ch, fixture.tag), size, font, house).at(x, y + (k + 1) * size * 1.15) for k, ch in enumerate(text)]
        return Unit(-1, "furniture", tuple(lines)), size * 1.5, (len(text) + 0.5) * size * 1.15
    out: list[SetLine] = []
    for text in fixture.lines:
        shown = glyphs(text, fixture.tag)
        if fixture.wrap and natural_width(shown, house) * size > width:
            lines = set_paragraph(shown, max(4.0, width / size), size, font, replace(house, squeeze_opening=False))
        else:
            points = min(size, width / max(1.0, natural_width(shown, house)))
            lines = [set_line(shown, points, font, house)]
        out.extend(line.at(x + line.x, y + (len(out) + k + 1) * size * 1.3) for k, line in enumerate(lines))
    return Unit(-1, "furniture", tuple(out)), max(line.x + line.width - x for line in out), (len(out) + 0.4) * size * 1.3


def strip(fixtures: Sequence[Fixture], x: float, y: float, width: float, house: House, rng: Random) -> tuple[list[Unit], float]:
    """Fixtures side by side across the page, in as many rows as they need; the units and the height taken."""
    units: list[Unit] = []
    pen, top, row = x, y, 0.0
    for fixture in fixtures:
        unit, wide, high = set_fixture(fixture, 0.0, 0.0, width, house, rng)
        if pen > x and pen + wide > x + width:
            pen, top, row = x, top + row, 0.0
        units.append(Unit(-1, "furniture", tuple(line.at(line.x + pen, line.y + top) for line in unit.lines)))
        pen += wide + house.body_size * rng.choice((1.0, 2.0, 4.0, 8.0))
        row = max(row, high)
    return units, (top + row - y if fixtures else 0.0)
