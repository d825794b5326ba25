"""Columns: pour a text stream around headlines and photos, in the lowest block that holds everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.typesetting.typeset import SetLine
    from training.pages.writing.house import House

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a block: its top left corner and its width, in points."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A block's columns: left edges and their common width, in points."""

    lefts: tuple[float, ...]
    width: float

    def span(self, first: int, last: int) -> tuple[float, float]:
        """Return the left edge and width of columns first..last."""
        return self.lefts[first], self.lefts[last] + self.width - self.lefts[first]


@dataclass(slots=True)
class Obstacle:
    """Rows that block text in columns first..last: at the top, in the middle, at the bottom, or everywhere."""

    first: int
    last: int
    where: str
    height: float
    rows: list[tuple[str, SetLine]]
    photo: tuple[float, float, float, float] | None = None  # left, down, width, height

    def crosses(self, other: Obstacle) -> bool:
        """Return whether both have a column in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of the text stream: `kind` names its unit for drawing; `space` is the space above it, in points."""

    kind: str
    line: SetLine
    space: float = 0.0


@dataclass(slots=True)
class Poured:
    """Frames of (line, left edge, baseline) in reading order, the obstacles' tops, and the block's height."""

    frames: list[list[tuple[FlowLine, float, float]]] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    height: float = 0.0


def columns_of(box: Box, count: int, house: House) -> Columns:
    """Return `count` columns, each a whole number of characters wide."""
    size, gutter = house.body_size, house.gutter * house.body_size
    measure = max(4, int((box.width - (count - 1) * gutter) / count / size + 1e-6))
    width = measure * size
    step = (box.width - width) / (count - 1) if count > 1 else 0.0
    return Columns(tuple(box.x + i * step for i in range(count)), width)


def apart(obstacles: list[Obstacle]) -> list[Obstacle]:
    """Return the obstacles with at most one in the middle, and none under a headline that fills its columns."""
    middles = 0
    for k, obstacle in enumerate(obstacles):
        if obstacle.where == "all" and any(obstacle.crosses(other) for other in obstacles[k + 1 :]):
            obstacle.where = "top"
        if obstacle.where == "middle":
            middles += 1
            if middles > 1:
                obstacle.where = "bottom"
    return obstacles


def free(blocked: Sequence[Interval], height: float) -> list[Interval]:
    """Return the free stretches of a column of this height."""
    out: list[Interval] = []
    start = 0.0
    for a, b in [*sorted(blocked), (height, height)]:
        if a > start + 1:
            out.append((start, a))
        start = max(start, b)
    return out


def place(obstacles: Sequence[Obstacle], count: int, height: float) -> tuple[list[list[Interval]], list[float]] | None:
    """Return blocked stretches by column, and obstacles' tops, for a block of this height; None if they do not fit."""
    blocked: list[list[Interval]] = [[] for _ in range(count)]
    tops: list[float] = []
    top, bottom = [0.0] * count, [height] * count
    for o in obstacles:
        span = range(o.first, o.last + 1)
        at = max(top[c] for c in span)
        if o.where == "bottom":
            at = min(bottom[c] for c in span) - o.height
        elif o.where == "middle":
            at = max(at, (height - o.height) / 2)
        end = height if o.where == "all" else at + o.height
        if at < -0.01 or at + o.height > height + 0.01 or any(a < end and at < b for c in span for a, b in blocked[c]):
            return None
        for c in span:
            blocked[c].append((at, end))
            if o.where == "bottom":
                bottom[c] = at
            elif o.where != "middle":
                top[c] = end
        tops.append(at)
    return blocked, tops


def fill_columns(
    lines: Sequence[FlowLine], blocked: Sequence[Sequence[Interval]], columns: Columns, leading: float, height: float
) -> list[list[tuple[FlowLine, float, float]]] | None:
    """Return frames that hold every line in columns of this height; None if some lines do not fit."""
    frames: list[list[tuple[FlowLine, float, float]]] = []
    k = 0
    for left, taken in zip(columns.lefts, blocked, strict=True):
        for start, end in free(taken, height):
            frame: list[tuple[FlowLine, float, float]] = []
            y = start
            while k < len(lines):
                y += leading + (lines[k].space if frame else 0.0)
                if y > end + 0.5:
                    break
                frame.append((lines[k], left, y - leading * 0.2))
                k += 1
            if frame:
                frames.append(frame)
    return frames if k == len(lines) else None


def pour(
    lines: Sequence[FlowLine], obstacles: Sequence[Obstacle], columns: Columns, leading: float, least: float
) -> Poured:
    """Pour the lines into the lowest block, at least `least` points high, that holds them and the obstacles."""
    count = len(columns.lefts)
    text = sum(leading + line.space for line in lines)
    taken = sum(o.height * (o.last - o.first + 1) for o in obstacles)
    height = max(least, (text + taken) / count * 0.97, *(o.height for o in obstacles), 0.0)
    while True:
        found = place(obstacles, count, height)
        frames = fill_columns(lines, found[0], columns, leading, height) if found else None
        if found and frames is not None:
            return Poured(frames, found[1], height)
        height += leading / 2
