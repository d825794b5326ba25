"""The stretch of an article that shows best why it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.search.highlight import Highlighter, Hit

LENGTH: Final = 120
"""Characters of a snippet: two or three lines of a result."""
LEAD: Final = 24
"""Characters of context before the first hit."""
BREAKS: Final = "。！？；，、：…!?;,: \n"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Part of a text with the hits in it, counted from its own start; cut at either end or not."""

    text: str = ""
    hits: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False


def best_snippets(highlighter: Highlighter, passages: Sequence[tuple[str, str]]) -> tuple[Snippet, ...]:
    """Return one or two snippets of the passages, (part, text) in reading order; none where all are empty.

    One, where most of what is wanted stands together; where that leaves out something wanted that stands elsewhere, a
    second for it, each half as long. Without any hit it is the beginning of the first passage.
    """
    found = [(number, hits) for number, (part, text) in enumerate(passages) if (hits := highlighter.hits(part, text))]
    if not found:
        return (cut(passages[0][1], (), 0, LENGTH),) if passages else ()
    wanted = {hit.wanted for _, hits in found for hit in hits}
    first = _window(found, wanted, LENGTH)
    rest = wanted - first.shown
    chosen = [first]
    if rest:
        chosen = sorted((_window(found, wanted, LENGTH // 2), _window(found, rest, LENGTH // 2)))
    length = LENGTH // len(chosen)
    return tuple(
        cut(passages[window.number][1], dict(found)[window.number], window.start, length)
        for window in dict.fromkeys(chosen)
    )


@dataclass(frozen=True, slots=True, order=True)
class _Window:
    """A stretch of passage number `number` from the hit that begins at `start`, and what of the wanted it shows."""

    number: int
    start: int
    shown: frozenset[int] = field(compare=False)


def _window(found: Sequence[tuple[int, Sequence[Hit]]], wanted: set[int], length: int) -> _Window:
    """Return the window that shows most of `wanted`, the first of several."""
    windows = (
        _Window(
            number,
            first.start,
            frozenset(hit.wanted for hit in hits if first.start <= hit.start and hit.end <= first.start + length - LEAD)
            | {first.wanted},
        )
        for number, hits in found
        for first in hits
        if first.wanted in wanted
    )
    return max(windows, key=lambda window: (len(window.shown & wanted), -window.number, -window.start))


def cut(text: str, hits: Sequence[Hit], at: int, length: int) -> Snippet:
    """Return about `length` characters of `text` around the hit that begins `at`, after a mark where one is near."""
    start = max(0, at - LEAD)
    if len(text) - start < length:
        start = max(0, min(start, len(text) - length))
    if start:
        start = next((place + 1 for place in range(start, at) if text[place] in BREAKS), start)
    end = min(len(text), max(start + length, next((hit.end for hit in hits if hit.start == at), 0)))
    inside = [hit for hit in hits if hit.start < end and hit.end > start]
    shown = dict.fromkeys((max(hit.start, start) - start, min(hit.end, end) - start) for hit in inside)
    return Snippet(text[start:end], tuple(shown), cut_before=start > 0, cut_after=end < len(text))
