"""Headline blocks: label, kicker, headline, deck and byline as rows in a box, or upright with a character per line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from training.pages.typesetting.typeset import Fount, SetLine, Tag, aligned, glyphs, plain_width, rows_of, set_line
from training.pages.writing.story import headline_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.writing.house import Press
    from training.pages.writing.story import Story

Rows = list[tuple[str, SetLine]]  # (role, line)
ALIGNMENTS: Final = ("left", "left", "center", "center", "right")
CONTRAST: Final = {"song": "hei", "hei": "micro", "micro": "song"}
HEADLINE_SCALES: Final = (1.5, 1.8, 2.2, 2.6, 3.2, 4.0)  # times the body size
SMALL_SCALES: Final = (1.0, 1.1, 1.3)


class Stack:
    """Rows set below each other in a box of a given width, all with the same alignment."""

    def __init__(self, width: float, press: Press) -> None:
        self.width = width
        self.press = press
        self.align = press.rng.choice(ALIGNMENTS)
        self.rows: Rows = []
        self.height = 0.0

    def put(self, role: str, lines: Sequence[SetLine], after: float) -> None:
        """Add lines of a role with space `after` them (ems of the body)."""
        for line in lines:
            self.height += line.fount.size * 1.22
            self.rows.append((role, aligned(line.at(0.0, self.height), self.width, self.align)))
        self.height += after * self.press.house.body_size if lines else 0.0

    def text(self, tag: Tag, text: str, fount: Fount, after: float) -> None:
        """Add a separate text; break it at its pauses if it is too wide, then anywhere."""
        wide = plain_width(text, fount, self.press.house) > self.width
        pieces = re.split(r"[\s　]+", text) if wide else [text]
        self.put(
            tag.role, [row for p in pieces if p for row in rows_of(p, tag, self.width, fount, self.press.house)], after
        )


def head_rows(story: Story, width: float, press: Press, *, small: bool) -> tuple[Rows, float]:
    """Return the headline block's rows for a box of this width, from its top, and their height in points."""
    house, rng = press.house, press.rng
    size = house.body_size
    stack = Stack(width, press)
    kicker = 1.0 if small else rng.choice((1.1, 1.3, 1.6))

    def tag(role: str) -> Tag:
        return Tag(story.article, role)

    def bylines() -> None:
        for line in story.bylines:
            stack.text(tag("byline"), line, Fount(house.body_font, size), 0.0)

    stack.text(tag("label"), story.label, Fount(house.head_font, size * 1.1), 0.3)
    if house.byline_place == "above":
        bylines()
    stack.text(tag("kicker"), story.kicker, Fount(CONTRAST[house.head_font], size * kicker), 0.4)
    if house.jump_place == "frame":
        stack.text(tag("jump"), story.jump_from, Fount(house.body_font, size), 0.2)
    stack.put("headline", headline_set(story, width, press, small=small), 0.5)
    stack.text(tag("deck"), story.deck, Fount(CONTRAST[house.head_font], size * rng.choice((1.1, 1.25, 1.4))), 0.4)
    if house.byline_place == "head":
        bylines()
    return stack.rows, stack.height + (size * 0.4 if stack.rows else 0.0)


def headline_set(story: Story, width: float, press: Press, *, small: bool) -> list[SetLine]:
    """Return the headline's lines at the origin, as large as fits; sometimes letterspaced by blanks or tracking."""
    if not story.headline:
        return []
    house, rng = press.house, press.rng
    size = house.body_size
    limit = max(4, int(width / (size * (1.1 if small else 1.5))))
    texts = [piece for t in story.headline for piece in (headline_lines(t, rng, limit) if len(t) > limit else (t,))]
    longest = max(plain_width(t, Fount("", 1.0), house) for t in texts)
    wanted = size * rng.choice(SMALL_SCALES if small else HEADLINE_SCALES)
    points = max(size, min(wanted, width / longest))
    spread = rng.random() < house.spaced_heads
    lines: list[SetLine] = []
    for text in texts:
        shown, tracking = text, house.head_tracking
        if spread and len(text) > 2 and rng.random() < 0.5:
            shown = rng.choice((" ", " ", "　")).join(text)
        elif spread and len(text) > 2:
            tracking = max(0.0, min(1.0, (width / points - len(text)) / (len(text) - 1)))
        fitting = min(points, width / max(1.0, plain_width(shown, Fount("", 1.0), house)))
        lines.append(
            set_line(
                glyphs(shown, Tag(story.article, "headline")), Fount(house.head_font, fitting), house, tracking=tracking
            )
        )
    return lines


def upright_rows(story: Story, press: Press) -> tuple[Rows, float, float]:
    """Return kicker, headline and deck as upright strips with a character per line: rows, width and height."""
    house, rng = press.house, press.rng
    size = house.body_size
    points = size * rng.choice((1.8, 2.2, 2.8))
    strips = [("kicker", t, size * 1.3) for t in headline_lines(story.kicker, rng, 14) if t]
    strips += [("headline", t, points) for h in story.headline for t in headline_lines(h, rng, 12)]
    strips += [("deck", t, size * 1.2) for t in headline_lines(story.deck, rng, 16) if t]
    total = sum(wide * 1.25 for *_, wide in strips)
    rightwards = rng.random() < 0.5
    rows: Rows = []
    pen = height = 0.0
    for role, text, wide in strips:
        left = pen if rightwards else total - pen - wide * 1.25
        for k, ch in enumerate("".join(text.split())):
            y = (k + 1) * wide * 1.1
            rows.append(
                (role, set_line(glyphs(ch, Tag(story.article, role)), Fount(house.head_font, wide), house).at(left, y))
            )
            height = max(height, y + wide * 0.3)
        pen += wide * 1.25
    return rows, total + size, height
