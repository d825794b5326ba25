"""The stretch of an article that shows best why it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.desk.highlight import Highlighter, Hit

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


def best_snippet(highlighter: Highlighter, passages: Sequence[tuple[str, str]]) -> Snippet:
    """Return a snippet of the passages, (part, text) in reading order: where most of what is wanted stands together.

    Without any hit it is the beginning of the first passage.
    """
    best: tuple[int, int, int] | None = None
    where = Snippet()
    for number, (part, text) in enumerate(passages):
        hits = highlighter.hits(part, text)
        for first in hits:
            window = [hit for hit in hits if first.start <= hit.start and hit.end <= first.start + LENGTH - LEAD]
            rank = (len({hit.wanted for hit in window}), -number, len(window))
            if best is None or rank > best:
                best = rank
                where = cut(text, hits, first.start)
    if best is None and passages:
        return cut(passages[0][1], (), 0)
    return where


def cut(text: str, hits: Sequence[Hit], at: int) -> Snippet:
    """Return about `LENGTH` characters of `text` around the hit that begins `at`, after a mark where one is near."""
    start = max(0, at - LEAD)
    if len(text) - start < LENGTH:
        start = max(0, min(start, len(text) - LENGTH))
    if start:
        start = next((place + 1 for place in range(start, at) if text[place] in BREAKS), start)
    end = min(len(text), max(start + LENGTH, next((hit.end for hit in hits if hit.start == at), 0)))
    shown = tuple(
        dict.fromkeys(
            (max(hit.start, start) - start, min(hit.end, end) - start) for hit in hits if _within(hit, start, end)
        )
    )
    return Snippet(text[start:end], shown, cut_before=start > 0, cut_after=end < len(text))


def _within(hit: Hit, start: int, end: int) -> bool:
    return hit.start < end and hit.end > start
