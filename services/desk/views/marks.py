"""Cut a text at marks that may overlap, so that a template can write it in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Characters `start` to `end` (exclusive) of a text, and their mark: `hit`, or a topic's id."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under the same marks; `kinds` are in the order in which the marks begin."""

    text: str
    kinds: tuple[str, ...] = ()


def segments(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Segment, ...]:
    """Return characters `start` to `end` of `text`, cut where any mark begins or ends; joined, they give the text.

    Marks that reach beyond the text are cut.
    """
    end = len(text) if end is None else end
    inside = sorted(
        Mark(max(m.start, start), min(m.end, end), m.kind) for m in marks if m.start < end and m.end > start
    )
    edges = sorted({start, end} | {edge for mark in inside for edge in (mark.start, mark.end)})
    found: list[Segment] = []
    for first, last in pairwise(edges):
        kinds = tuple(dict.fromkeys(mark.kind for mark in inside if mark.start <= first and last <= mark.end))
        if found and found[-1].kinds == kinds:
            found[-1] = Segment(found[-1].text + text[first:last], kinds)
        else:
            found.append(Segment(text[first:last], kinds))
    return tuple(found)


def merged(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks in order, joining those of the same kind that overlap or touch."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.kind, mark.start, mark.end)):
        if found and found[-1].kind == mark.kind and mark.start <= found[-1].end:
            found[-1] = Mark(found[-1].start, max(found[-1].end, mark.end), mark.kind)
        else:
            found.append(mark)
    return tuple(sorted(found))
