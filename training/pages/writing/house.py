"""House styles: how an invented paper prints its pages, drawn at random once for each issue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import opencc

from training.pages.writing import pools

if TYPE_CHECKING:
    from random import Random

FULL_WIDTH_DIGITS = str.maketrans("0123456789%", "０１２３４５６７８９％")

DRAW_MODES = (
    *("natural", "natural", "body_first", "body_first", "mixed", "mixed", "heads_end", "heads_first"),
    *("captions_first", "bylines_end", "rows", "columns", "columns", "shuffled"),
)
LEADINGS = (
    1.15,
    1.2,
    1.2,
    1.25,
    1.25,
    1.3,
    1.3,
    1.3,
    1.35,
    1.4,
    1.5,
    1.65,
)  # wide leading makes some extractors separate every line


@dataclass(frozen=True, slots=True)
class House:
    """A paper's habits. Lengths are in ems of the body size unless a name says otherwise."""

    name: str
    city: str
    paper: str
    short: str
    year: int
    month: int
    day: int
    traditional: bool
    full_width_digits: bool
    body_font: str
    head_font: str
    body_size: float  # points
    leading: float  # times the body size
    gutter: float
    latin_width: float
    latin_gap: float
    quote_advance: float
    quote_declared: float
    punctuation_advance: float
    punctuation_declared: float
    squeeze_opening: bool
    hang: bool
    justify: bool
    indent: str  # space | geometry | none | ascii
    paragraph_gap: float
    subhead_align: str
    subhead_gap: float
    byline_forms: tuple[int, ...]
    byline_place: str  # head | top | end | above | float
    byline_mark: str
    name_space: str
    lead: str
    lead_share: float
    tail_share: float
    byline_share: float
    label_form: str
    label_share: float
    deck_share: float
    kicker_share: float
    subhead_share: float
    jump: list[str]  # to, from
    jump_place: str  # line | glued | frame
    jump_headline: str  # short | same | none
    credit_forms: tuple[int, ...]
    credit_glued: float
    caption_heads: tuple[str, ...]
    teaser_form: str
    page_form: str
    date_form: str
    head_tracking: float
    spaced_heads: float
    vertical_share: float
    box_share: float
    photo_share: float
    text_operator: str  # line | run | character
    draw_mode: str
    furniture_place: str
    blunt_heads: float  # chance that a headline is cut inside a word
    lost_stops: float  # chance that a paragraph has lost its last full stop
    misread: float  # share of characters mistaken for others

    def write(self, text: str) -> str:
        """Return the text in this paper's script and digits; the length stays the same."""
        if self.traditional:
            table = traditional_table()
            text = "".join(table(ch) for ch in text)
        if self.full_width_digits:
            text = text.translate(FULL_WIDTH_DIGITS)
        return text


@dataclass(frozen=True, slots=True)
class Press:
    """What sets an issue: the house's style and the source of chance."""

    house: House
    rng: Random


class _Table:
    """A table for single characters, so that a line always agrees with the text from which it was cut."""

    def __init__(self) -> None:
        self._convert = opencc.OpenCC("s2t").convert
        self._known: dict[str, str] = {}

    def __call__(self, ch: str) -> str:
        if ch not in self._known:
            out = self._convert(ch)
            self._known[ch] = out if len(out) == 1 else ch
        return self._known[ch]


@cache
def traditional_table() -> _Table:
    """Return the table from simplified to traditional characters, character by character."""
    return _Table()


def random_house(rng: Random, name: str) -> House:
    """Return a new paper; `name` goes into the metadata."""
    city = rng.choice(pools.CITIES)
    kind = rng.choice(pools.PAPER_KINDS)
    quote = rng.choice((1.0, 1.0, 0.5))
    mark_advance = rng.choice((1.0, 1.0, 1.0, 0.5))
    loose = rng.random()
    return House(
        name=name,
        city=city,
        paper=city + kind,
        short=kind if len(kind) == 2 else "本报",
        year=rng.choice((1986, 1990, 1990, 1993, 1998, 2003, 2008, 2012, 2015, 2018, 2021, 2023, 2024)),
        month=rng.randint(1, 12),
        day=rng.randint(1, 28),
        traditional=rng.random() < 0.1,
        full_width_digits=rng.random() < 0.12,
        body_font=rng.choice(("song", "song", "hei", "micro")),
        head_font=rng.choice(("hei", "micro", "song")),
        body_size=rng.choice((8.0, 8.5, 9.0, 9.5, 10.0, 10.5)),
        leading=rng.choice(LEADINGS),
        gutter=rng.choice((1.0, 1.3, 1.6, 2.0, 2.5)),
        latin_width=rng.choice((0.5, 0.5, 0.55, 0.6)),
        latin_gap=rng.choice((0.0, 0.0, 0.0, 0.125, 0.25)),
        quote_advance=quote,
        quote_declared=quote if loose < 0.85 else 0.5,
        punctuation_advance=mark_advance,
        punctuation_declared=mark_advance if loose < 0.93 else 0.5,
        squeeze_opening=rng.random() < 0.35,
        hang=rng.random() < 0.5,
        justify=rng.random() < 0.8,
        indent=rng.choice(("space", "space", "geometry", "geometry", "geometry", "none", "ascii")),
        paragraph_gap=rng.choice((0.0, 0.0, 0.0, 0.0, 0.5, 1.0)),
        subhead_align=rng.choice(("center", "center", "left", "indent")),
        subhead_gap=rng.choice((0.0, 0.5, 1.0)),
        byline_forms=tuple(rng.sample(range(64), 3)),
        byline_place=rng.choice(("head", "head", "top", "top", "end", "above", "float")),
        byline_mark=rng.choice(pools.MARKS),
        name_space=rng.choice(("", "", "", " ", "　", "  ")),
        lead=rng.choice(("plain", "plain", "short", "dated", "brackets", "none", "colon")),
        lead_share=rng.choice((0.2, 0.5, 0.8)),
        tail_share=rng.choice((0.05, 0.2, 0.5)),
        byline_share=rng.choice((0.2, 0.4, 0.6, 0.8)),
        label_form=rng.choice(pools.LABEL_FORMS),
        label_share=rng.choice((0.05, 0.15, 0.3)),
        deck_share=rng.choice((0.05, 0.15, 0.35)),
        kicker_share=rng.choice((0.0, 0.1, 0.25)),
        subhead_share=rng.choice((0.1, 0.4, 0.7)),
        jump=rng.choice(pools.JUMP_FORMS),
        jump_place=rng.choice(("line", "line", "glued", "frame")),
        jump_headline=rng.choice(("short", "short", "same", "none")),
        credit_forms=tuple(rng.sample(range(len(pools.CREDIT_FORMS)), 3)),
        credit_glued=rng.choice((0.1, 0.5, 0.9)),
        caption_heads=tuple(rng.sample(pools.CAPTION_HEADS, 2)),
        teaser_form=rng.choice(pools.TEASER_FORMS),
        page_form=rng.choice(pools.PAGE_FORMS),
        date_form=rng.choice(pools.DATE_FORMS),
        head_tracking=rng.choice((0.0, 0.0, 0.03, 0.08)),
        spaced_heads=rng.choice((0.0, 0.03, 0.12)),
        vertical_share=rng.choice((0.0, 0.02, 0.08)),
        box_share=rng.choice((0.0, 0.1, 0.25)),
        photo_share=rng.choice((0.15, 0.3, 0.5)),
        text_operator=rng.choice(("line", "line", "run", "character")),
        draw_mode=rng.choice(DRAW_MODES),
        furniture_place=rng.choice(("first", "last", "last", "around", "anywhere", "anywhere")),
        blunt_heads=rng.choice((0.05, 0.1, 0.1, 0.6)),
        lost_stops=rng.choice((0.0, 0.0, 0.0, 0.02, 0.08)),
        misread=rng.choice((0.0, 0.0, 0.0, 0.0, 0.0, 0.003, 0.01)),
    )
