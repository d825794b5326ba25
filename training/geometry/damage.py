"""Damage the places of a page as other programs and the recognition of scanned pages do."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from schemas.geometry import Area, Geometry

if TYPE_CHECKING:
    from random import Random

CLEAN, SHAKEN, TALL = (
    0.55,
    0.75,
    0.9,
)  # shares of pages, added up: as they are, inexact boxes, no type sizes; else holes
_HOLES = 0.04


def damaged(geometry: Geometry, seed: str) -> Geometry:
    """Return the geometry with inexact boxes, without type sizes, or with holes; the same for the same seed."""
    rng = random.Random(seed)
    kind = rng.random()
    if kind < CLEAN or geometry.lines is None:
        return geometry
    if kind < SHAKEN:
        scale = rng.choice((0.6, 4.17, 1.0))
        lines = tuple(line and _shaken(line, scale, rng) for line in geometry.lines)
        size = geometry.size and (geometry.size[0] * scale, geometry.size[1] * scale)
        boxes = tuple(Area(kind=b.kind, box=_scaled(b.box, scale)) for b in geometry.boxes)
        kept = boxes if rng.random() < 0.5 else ()
        return Geometry.model_validate({"size": size, "lines": lines, "boxes": kept})
    if kind < TALL:
        return geometry.model_copy(update={"lines": tuple(p and (*p[:4], p[3]) for p in geometry.lines)})
    return geometry.model_copy(
        update={"lines": tuple(None if rng.random() < _HOLES else line for line in geometry.lines)}
    )


def _shaken(line: tuple[float, float, float, float, float], scale: float, rng: Random) -> tuple[float, ...]:
    x, y, w, h, size = line
    by = 0.08 * size
    height = max(h + rng.gauss(0, by), 0.5 * h)
    return (
        (x + rng.gauss(0, by)) * scale,
        (y + rng.gauss(0, by)) * scale,
        max(w + rng.gauss(0, 2 * by), 0.5 * w) * scale,
        height * scale,
        (height if rng.random() < 0.5 else size * rng.gauss(1, 0.03)) * scale,
    )


def _scaled(box: tuple[float, float, float, float], scale: float) -> tuple[float, float, float, float]:
    x, y, width, height = box
    return x * scale, y * scale, width * scale, height * scale
