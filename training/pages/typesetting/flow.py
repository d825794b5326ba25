"""The text stream of a story: paragraphs, subheads, and the bylines and jump marks inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from training.pages.typesetting.columns import FlowLine
from training.pages.typesetting.typeset import Fount, Tag, aligned, glyphs, rows_of, set_paragraph

if TYPE_CHECKING:
    from training.pages.writing.house import House
    from training.pages.writing.story import Part, Story

SINGLE: Final = {  # how a separate line is aligned
    "byline:top": "left",
    "byline:float": "center",
    "byline:end": "right",
    "jump_from": "left",
    "jump_to": "right",
}
INDENTS: Final = {"space": "　　", "ascii": "    "}


def single(kind: str, text: str, article: str, width: float, house: House) -> list[FlowLine]:
    """Return a byline or jump mark on separate lines in the stream, placed according to its kind."""
    role = "byline" if kind.startswith("byline") else "jump"
    unit = role if role == "byline" or house.jump_place == "frame" else "body"
    rows = rows_of(text, Tag(article, role), width, Fount(house.body_font, house.body_size), house)
    return [FlowLine(unit, aligned(row, width, SINGLE[kind])) for row in rows] if text else []


def subhead_lines(part: Part, article: str, width: float, house: House) -> list[FlowLine]:
    """Return a subhead in as many lines as it has pauses."""
    size = house.body_size
    out: list[FlowLine] = []
    tag = Tag(article, "subhead", para=part.para)
    for text in part.text.split():
        for row in rows_of(text, tag, width, Fount(house.head_font, size), house):
            if house.subhead_align == "indent":
                line = row.at(2 * size if row.width + 2 * size <= width else 0.0, 0.0)
            else:
                line = aligned(row, width, house.subhead_align)
            out.append(FlowLine("body", line, 0.0 if out else house.subhead_gap * size))
    return out


def flow_lines(story: Story, width: float, house: House) -> list[FlowLine]:
    """Return the story's text stream set to a column's width: paragraphs, subheads, bylines and jump marks."""
    size = house.body_size
    fount = Fount(house.body_font, size)
    out = single("jump_from", story.jump_from, story.article, width, house) if house.jump_place == "line" else []
    if house.byline_place in ("top", "float"):
        out += [
            line
            for b in story.bylines
            for line in single(f"byline:{house.byline_place}", b, story.article, width, house)
        ]
    for number, part in enumerate(story.parts):
        if part.role == "subhead":
            out += subhead_lines(part, story.article, width, house)
            continue
        tag, jump = Tag(story.article, "body", para=part.para), Tag(story.article, "jump")
        text = glyphs(INDENTS.get(house.indent, "") if part.start else "", tag)
        if number == 0 and house.jump_place == "glued":
            text += glyphs(story.jump_from, jump)
        text += glyphs(part.text, tag, starts=part.start)
        if number == len(story.parts) - 1 and house.jump_place == "glued":
            text += glyphs(story.jump_to, jump)
        indent = 2.0 if house.indent == "geometry" and part.start else 0.0
        white = house.paragraph_gap * size if part.start and number else 0.0
        for k, line in enumerate(set_paragraph(text, width / size, fount, house, indent=indent)):
            out.append(FlowLine("body", line, 0.0 if k else white))
    if house.byline_place == "end":
        out += [line for b in story.bylines for line in single("byline:end", b, story.article, width, house)]
    if house.jump_place != "glued":
        out += single("jump_to", story.jump_to, story.article, width, house)
    return out
