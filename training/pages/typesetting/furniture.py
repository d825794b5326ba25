"""Furniture: nameplates, folios, weather, slogans, teasers and advertisements, as blocks of lines in our own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from training.pages.typesetting.block import Unit
from training.pages.typesetting.columns import Box
from training.pages.typesetting.typeset import Fount, SetLine, Tag, glyphs, plain_width, set_line, set_paragraph
from training.pages.writing import pools, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.house import Press

ROLES: Final = {"weather": "weather", "slogan": "slogan", "brief_label": "label"}


@dataclass(frozen=True, slots=True)
class Fixture:
    """A piece of furniture: its kind in the bench's terms, its lines, its size relative to the body, its alignment."""

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
    """Return the text with blanks between its characters."""
    return rng.choice((" ", " ", "　")).join("".join(text.split()))


def header(press: Press, page: int, pages: int) -> list[Fixture]:
    """Return the running head of an inner page: folio, section, date and paper, in pieces or as one line."""
    house, rng = press.house, press.rng
    section = house.write(rng.choice(pools.SECTIONS))
    date = words.fill(house.date_form, press)
    folio = house.write(words.page_number(house.page_form, page))
    paper = house.write(house.paper)
    if rng.random() < 0.25:
        section = letterspaced(section, rng)
    if rng.random() < 0.35:
        parts = rng.sample([folio, section, date, paper], rng.randint(2, 4))
        out = [Fixture("furn", (rng.choice((" ", "　", "  ")).join(parts),))]
    else:
        pieces = [
            Fixture("folio" if folio.isdigit() else "furn", (folio,), rng.choice((1.0, 1.4))),
            Fixture("section", (section,), rng.choice((1.2, 1.8, 2.4)), upright=rng.random() < 0.12),
            Fixture("furn", (date,), 0.9),
            Fixture("furn", (paper,)),
        ]
        out = rng.sample(pieces, rng.randint(2, 4))
    out += small_print(press, pages, rng.choice((0, 1, 1, 2)))
    if rng.random() < 0.3:
        out.append(Fixture("folio", (str(page),), 0.9))
    return out


def small_print(press: Press, pages: int, count: int) -> list[Fixture]:
    """Return imprint lines."""
    return [Fixture("furn", (words.fill(press.rng.choice(pools.FURNITURE), press, pages),), 0.9) for _ in range(count)]


def masthead(press: Press, pages: int) -> list[Fixture]:
    """Return the front page's nameplate and the furniture around it."""
    house, rng = press.house, press.rng
    paper = house.write(house.paper)
    name = letterspaced(paper, rng) if rng.random() < 0.4 else paper
    plate = Fixture("nameplate", (name,), rng.choice((3.0, 4.5, 6.0)), upright=rng.random() < 0.1)
    rest = [Fixture("furn", (words.fill(house.date_form, press),)), *small_print(press, pages, rng.randint(1, 6))]
    if rng.random() < 0.6:
        rest.append(weather(press))
    if rng.random() < 0.5:
        rest.append(slogan(press))
    if rng.random() < 0.3:
        rng.shuffle(rest)
        return [*rest, plate]
    return [plate, *rest]


def weather(press: Press) -> Fixture:
    """Return a weather line or a small weather box."""
    text = words.fill(press.rng.choice(pools.WEATHER_FORMS), press)
    return Fixture("weather", tuple(text.split("\n")), press.rng.choice((0.9, 1.0)))


def slogan(press: Press) -> Fixture:
    """Return a slogan: plain, letterspaced, in two lines or upright."""
    rng = press.rng
    text = press.house.write(rng.choice(pools.SLOGANS))
    form = rng.random()
    if form < 0.35:
        return Fixture("slogan", (letterspaced(text, rng),), rng.choice((1.0, 1.5)))
    if form < 0.5:
        return Fixture("slogan", tuple(text.split()), 1.4)
    return Fixture(
        "slogan", (text.replace(" ", rng.choice((" ", "　", "   "))),), rng.choice((1.0, 1.6)), upright=form > 0.82
    )


def teaser(press: Press, headlines: Sequence[tuple[int, str]]) -> Fixture:
    """导读 (what is inside): headlines of other pages with their page numbers."""
    house, rng = press.house, press.rng
    lines = [house.write(rng.choice(pools.TEASER_TITLES))] if rng.random() < 0.8 else []
    items = [house.teaser_form.format(h=h, p=house.write(words.page_number(house.page_form, p))) for p, h in headlines]
    if rng.random() < 0.2:
        lines.append(rng.choice((" ", "　")).join(items).replace("\n", " "))
    else:
        lines += [line for item in items for line in item.split("\n")]
    return Fixture("teaser", tuple(lines), rng.choice((0.9, 1.0, 1.1)), wrap=True)


def advertisement(press: Press) -> Fixture:
    """Return a small notice."""
    title, text = press.rng.choice(pools.ADS)
    lines = [press.house.write(title), words.fill(text, press)]
    return Fixture("ad", tuple(line for line in lines if line), press.rng.choice((0.8, 0.9, 1.0)), wrap=True)


def set_fixture(fixture: Fixture, box: Box, press: Press) -> tuple[Unit, float, float]:
    """Return the fixture's unit in the box, with the width and height it needs."""
    house = press.house
    fount = Fount(press.rng.choice((house.head_font, house.body_font)), house.body_size * fixture.scale)
    size = fount.size
    if fixture.upright:
        text = "".join("".join(fixture.lines).split())
        lines = [
            set_line(glyphs(ch, fixture.tag), fount, house).at(box.x, box.y + (k + 1) * size * 1.15)
            for k, ch in enumerate(text)
        ]
        return Unit(-1, "furniture", tuple(lines)), size * 1.5, (len(text) + 0.5) * size * 1.15
    out: list[SetLine] = []
    for text in fixture.lines:
        shown = glyphs(text, fixture.tag)
        if fixture.wrap and plain_width(text, fount, house) > box.width:
            lines = set_paragraph(shown, max(4.0, box.width / size), fount, replace(house, squeeze_opening=False))
        else:
            fitting = min(size, box.width / max(1.0, plain_width(text, Fount("", 1.0), house)))
            lines = [set_line(shown, Fount(fount.face, fitting), house)]
        out += [line.at(box.x + line.x, box.y + (len(out) + k + 1) * size * 1.3) for k, line in enumerate(lines)]
    return (
        Unit(-1, "furniture", tuple(out)),
        max(line.x + line.width for line in out) - box.x,
        (len(out) + 0.4) * size * 1.3,
    )


def strip(fixtures: Sequence[Fixture], box: Box, press: Press) -> tuple[list[Unit], float]:
    """Set fixtures side by side across the page, in as many rows as needed; return the units and their height."""
    units: list[Unit] = []
    pen, top, row = box.x, box.y, 0.0
    for fixture in fixtures:
        unit, wide, high = set_fixture(fixture, Box(0.0, 0.0, box.width), press)
        if pen > box.x and pen + wide > box.x + box.width:
            pen, top, row = box.x, top + row, 0.0
        units.append(Unit(-1, "furniture", tuple(line.at(line.x + pen, line.y + top) for line in unit.lines)))
        pen += wide + press.house.body_size * press.rng.choice((1.0, 2.0, 4.0, 8.0))
        row = max(row, high)
    return units, (top + row - box.y if fixtures else 0.0)
