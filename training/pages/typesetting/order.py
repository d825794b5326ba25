"""Drawing order: the order in which a page's units are written to the PDF, which many extractors keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from training.pages.typesetting.block import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.house import Press

ORDERS: Final = {
    "natural": ("label", "head", "byline", "body", "jump", "caption"),
    "body_first": ("byline", "body", "jump", "caption", "head", "label"),
    "body_first_byline_late": ("body", "jump", "head", "byline", "label", "caption"),
    "body_first_caption_last": ("body", "head", "label", "byline", "caption", "jump"),
    "captions_first": ("caption", "label", "head", "byline", "body", "jump"),
    "captions_amid": ("label", "head", "caption", "byline", "body", "jump"),
    "byline_last": ("head", "label", "body", "jump", "caption", "byline"),
    "byline_first": ("byline", "label", "head", "body", "caption", "jump"),
}
CHOICES: Final = {  # what each story of a page may follow
    "natural": ("natural",),
    "body_first": ("body_first", "body_first", "body_first_byline_late", "body_first_caption_last"),
    "captions_first": ("captions_first",),
    "mixed": tuple(ORDERS),
    "shuffled": tuple(ORDERS),
    "heads_end": ("natural", "body_first", "byline_last"),
    "heads_first": ("natural", "body_first", "byline_last"),
    "bylines_end": ("natural", "body_first"),
}
LOOSE: Final = {"heads_end": ("head", "label"), "heads_first": ("head",), "bylines_end": ("byline",)}
BAND: Final = 40.0  # points: units that start within the same band count as one row or column


@dataclass(slots=True)
class Arranged:
    """Units in drawing order, stories whose body frames are out of order, and stories whose last frame comes late."""

    units: list[Unit] = field(default_factory=list)
    out_of_order: set[int] = field(default_factory=set)
    last_later: set[int] = field(default_factory=set)


def arrange(units: Sequence[Unit], mode: str, press: Press) -> Arranged:
    """Return the page's units in an order of this mode; some stories' frames change places."""
    rng = press.rng
    stories = sorted({u.story for u in units if u.story >= 0})
    if mode == "shuffled" or rng.random() < 0.2:
        rng.shuffle(stories)
    done = Arranged()
    late: list[Unit] = []
    own: dict[int, list[Unit]] = {}
    for story in stories:
        own[story], left_out = frames_moved(split_heads([u for u in units if u.story == story], rng), done, rng)
        late += left_out
    if mode in ("rows", "columns"):
        loose = [u for story in stories for u in own[story]]
        done.units = sorted(loose, key=row_place if mode == "rows" else column_place)
        done.out_of_order |= {s for s in stories if disordered([u for u in done.units if u.story == s])}
    else:
        done.units = story_by_story([own[s] for s in stories], mode, rng)
    for unit in late:
        done.units.insert(rng.randint(len(done.units) // 2, len(done.units)), unit)
    done.units = with_furniture(done.units, [u for u in units if u.story < 0], press)
    return done


def row_place(unit: Unit) -> tuple[float, float]:
    """Return a unit's place if rows are read before columns."""
    return round(unit.top / BAND), unit.left


def column_place(unit: Unit) -> tuple[float, float]:
    """Return a unit's place if columns are read before rows."""
    return round(unit.left / BAND), unit.top


def story_by_story(stories: Sequence[Sequence[Unit]], mode: str, rng: Random) -> list[Unit]:
    """Return each story's units in an order the mode allows, then move headlines or bylines to the start or end."""
    out: list[Unit] = []
    for units in stories:
        rank = {kind: i for i, kind in enumerate(ORDERS[rng.choice(CHOICES[mode])])}
        out += sorted(units, key=lambda u: rank[u.kind])
    if mode == "captions_first" and rng.random() < 0.5:
        return [u for u in out if u.kind == "caption"] + [u for u in out if u.kind != "caption"]
    loose = LOOSE.get(mode, ())
    moved = [u for u in out if u.kind in loose]
    if rng.random() < 0.4:
        rng.shuffle(moved)
    rest = [u for u in out if u.kind not in loose]
    return moved + rest if mode == "heads_first" else rest + moved


def frames_moved(units: list[Unit], done: Arranged, rng: Random) -> tuple[list[Unit], list[Unit]]:
    """Return the story's units; rarely, shuffle its frames or keep the last for later; record this in `done`."""
    frames = [u for u in units if u.kind == "body"]
    others = [u for u in units if u.kind != "body"]
    if len(frames) > 2 and rng.random() < 0.04:
        shuffled = rng.sample(frames, len(frames))
        if shuffled != frames:
            done.out_of_order.add(frames[0].story)
        return others + shuffled, []
    if len(frames) > 1 and rng.random() < 0.02:
        done.last_later.add(frames[0].story)
        return others + frames[:-1], frames[-1:]
    return units, []


def disordered(units: Sequence[Unit]) -> bool:
    """Return whether body frames are drawn in another order than they are read."""
    numbers = [u.lines[0].glyphs[0].tag.order for u in units if u.kind == "body"]
    return numbers != sorted(numbers)


def split_heads(units: Sequence[Unit], rng: Random) -> list[Unit]:
    """Return the story's units; now and then kicker, headline and deck change places or are drawn separately."""
    out: list[Unit] = []
    headline_first, parted = rng.random() < 0.25, rng.random() < 0.1
    for unit in units:
        groups: dict[str, list[Unit]] = {}
        for line in unit.lines if unit.kind == "head" else ():
            groups.setdefault(line.glyphs[0].tag.role, []).append(Unit(unit.story, "head", (line,)))
        if len(groups) < 2:
            out.append(unit)
            continue
        roles = sorted(groups, key=("headline", "deck", "kicker").index) if headline_first else list(groups)
        parts = [Unit(unit.story, "head", tuple(line for u in groups[role] for line in u.lines)) for role in roles]
        out += parts if parted else [Unit(unit.story, "head", tuple(line for part in parts for line in part.lines))]
    return out


def with_furniture(units: Sequence[Unit], fixed: Sequence[Unit], press: Press) -> list[Unit]:
    """Draw furniture before, after, around or among the stories, mostly between two stories."""
    rng, where = press.rng, press.house.furniture_place
    fixtures = rng.sample(fixed, len(fixed)) if rng.random() < 0.3 else list(fixed)
    if where in ("first", "last", "around"):
        cut = {"first": len(fixtures), "last": 0, "around": rng.randint(0, len(fixtures))}[where]
        return [*fixtures[:cut], *units, *fixtures[cut:]]
    out = list(units)
    for unit in fixtures:
        ends = (0, len(out))
        between = [i for i in range(len(out) + 1) if i in ends or out[i - 1].story != out[i].story or out[i].story < 0]
        out.insert(rng.choice(between) if rng.random() < 0.8 else rng.randint(*ends), unit)
    return out
