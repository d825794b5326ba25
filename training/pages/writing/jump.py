"""Jumps: where a story breaks off, and what its first and its later page print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from training.pages.writing import words
from training.pages.writing.story import Story, headline_lines

if TYPE_CHECKING:
    from training.pages.writing.house import Press

SHORTEST_JUMP: Final = 200  # characters a story needs before it can continue on another page
SHORTEST_PIECE: Final = 20  # characters on either side of a cut paragraph


@dataclass(frozen=True, slots=True)
class Jump:
    """A story's part on its first page, its part on the later page, and whether the break cuts a sentence."""

    first: Story
    second: Story
    cut_mid_sentence: bool


def split(story: Story, press: Press, first_page: int, second_page: int) -> Jump | None:
    """Split the story into two parts with jump marks, between or inside paragraphs; None if it is too short."""
    house, rng = press.house, press.rng
    bodies = [i for i, part in enumerate(story.parts) if part.role == "body"]
    if len(bodies) < 2 or story.characters < SHORTEST_JUMP:
        return None
    at = rng.choice(bodies[1:])
    before, after = list(story.parts[:at]), list(story.parts[at:])
    text, cut = after[0].text, False
    if rng.random() < 0.35 and len(text) > 3 * SHORTEST_PIECE:
        place = rng.randint(SHORTEST_PIECE, len(text) - SHORTEST_PIECE)
        if rng.random() < 0.5:
            place = text.find("。", place) + 1 or place
        if place < len(text) and not text[place].isascii():
            cut = text[place - 1] not in "。！？”"
            before.append(replace(after[0], text=text[:place]))
            after[0] = replace(after[0], text=text[place:], start=False)
    if sum(len(part.text) for part in after) < 3 * SHORTEST_PIECE:
        return None
    while before[-1].role == "subhead":
        after.insert(0, before.pop())
    short = max(story.headline, key=len) if len(story.headline_text) > 12 else story.headline_text
    again = {"same": story.headline_text, "none": "", "short": short}[house.jump_headline]
    to_form, from_form = house.jump
    photos = rng.randint(0, len(story.captions))
    first = replace(
        story,
        parts=tuple(before),
        jump_to=house.write(words.page_number(to_form, second_page)),
        captions=story.captions[:photos],
    )
    second = replace(
        story,
        parts=tuple(after),
        jump_from=house.write(words.page_number(from_form, first_page)),
        captions=story.captions[photos:],
        headline=headline_lines(again, rng, 14) if again else (),
        kicker="",
        deck="",
        label="",
        bylines=(),
        continued=True,
    )
    return Jump(first, second, cut)
