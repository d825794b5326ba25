"""The printed lines behind the sentences of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.text.cleaning import clean_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.article import LineSpan

SENTENCE: Final = re.compile(r"[^。！？!?；;]*[。！？!?；;]+[”」』）)]*|[^。！？!?；;]+$")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a page, 1-based."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` (exclusive) of a block's text, and the lines they were printed on."""

    start: int
    end: int
    places: tuple[Place, ...]


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a page as line numbers count them; only line feeds separate lines."""
    return tuple(text.split("\n"))


def read_lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a page as the pipeline reads them: repaired, so that they agree with the articles.

    They leave out what an extractor damaged. A line that was printed over another line is empty.
    """
    lines = [""] * len(lines_of(text))
    for line in clean_page(text):
        lines[line.numbers[0] - 1] = line.text
    return tuple(lines)


def places_of(spans: Iterable[LineSpan]) -> tuple[Place, ...]:
    """Return every line of `spans`, in their order."""
    return tuple(Place(span.page, line) for span in spans for line in range(span.first, span.last + 1))


def sentences(text: str, spans: Iterable[LineSpan], pages: Mapping[int, Sequence[str]]) -> tuple[Sentence, ...]:
    """Return the sentences of a block's `text`, with the lines of each; joined, they give the text.

    `pages` holds the lines of each page as the pipeline reads them. Text and lines are compared without blanks. If
    they disagree (a page was replaced since, or is not known), each sentence gets all lines of the block.
    """
    places = places_of(spans)
    owners = _owners(text, places, pages)
    found = []
    for match in SENTENCE.finditer(text):
        on = tuple(dict.fromkeys(owners[at] for at in range(*match.span()) if owners[at])) if owners else places
        found.append(Sentence(match.start(), match.end(), tuple(place for place in on if place)))
    return tuple(found)


def _owners(text: str, places: Sequence[Place], pages: Mapping[int, Sequence[str]]) -> list[Place | None] | None:
    """Return the printed line of each character of `text` (None for blanks); None if they disagree."""
    printed: list[str] = []
    owners: list[Place] = []
    for place in places:
        lines = pages.get(place.page, ())
        for character in lines[place.line - 1] if place.line <= len(lines) else "":
            if not character.isspace():
                printed.append(character)
                owners.append(place)
    bare = "".join(character for character in text if not character.isspace())
    at = "".join(printed).find(bare)
    if at < 0 or not bare:
        return None
    following = iter(owners[at:])
    return [None if character.isspace() else next(following) for character in text]
