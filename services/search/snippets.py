"""The passage of an article that shows best why it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.search.highlight import Highlighter, Match

LENGTH: Final = 120
"""Characters of a snippet: two or three lines of a result."""
LEAD: Final = 24
"""Characters of context before the first match."""
BREAKS: Final = "。！？；，、：…!?;,: \n"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Part of a text with its matches, counted from its own start, and whether it is cut at either end."""

    text: str = ""
    matches: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False


def best_snippets(highlighter: Highlighter, passages: Sequence[tuple[str, str]]) -> tuple[Snippet, ...]:
    """Return one or two snippets of the passages, (part, text) in reading order; none if all are empty.

    One snippet shows the place with most of the units. If other units match elsewhere, a second snippet shows them, and
    each is half as long. Without a match, the snippet is the beginning of the first passage.
    """
    found = [
        (number, matches)
        for number, (part, text) in enumerate(passages)
        if (matches := highlighter.matches(part, text))
    ]
    if not found:
        return (cut(passages[0][1], (), 0, LENGTH),) if passages else ()
    wanted = {match.wanted for _, matches in found for match in matches}
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
    """A part of passage number `number`, from the match that begins at `start`, and the units that it shows."""

    number: int
    start: int
    shown: frozenset[int] = field(compare=False)


def _window(found: Sequence[tuple[int, Sequence[Match]]], wanted: set[int], length: int) -> _Window:
    """Return the first window that shows most of `wanted`."""
    windows = (
        _Window(
            number,
            first.start,
            frozenset(
                match.wanted
                for match in matches
                if first.start <= match.start and match.end <= first.start + length - LEAD
            )
            | {first.wanted},
        )
        for number, matches in found
        for first in matches
        if first.wanted in wanted
    )
    return max(windows, key=lambda window: (len(window.shown & wanted), -window.number, -window.start))


def cut(text: str, matches: Sequence[Match], at: int, length: int) -> Snippet:
    """Return about `length` characters of `text` around the match at `at`, starting after a mark if one is near."""
    start = max(0, at - LEAD)
    if len(text) - start < length:
        start = max(0, min(start, len(text) - length))
    if start:
        start = next((place + 1 for place in range(start, at) if text[place] in BREAKS), start)
    end = min(len(text), max(start + length, next((match.end for match in matches if match.start == at), 0)))
    inside = [match for match in matches if match.start < end and match.end > start]
    shown = dict.fromkeys((max(match.start, start) - start, min(match.end, end) - start) for match in inside)
    return Snippet(text[start:end], tuple(shown), cut_before=start > 0, cut_after=end < len(text))
