"""How far confidences can be trusted: rank, calibration, and what they are worth to an editor who checks the rest.

All functions take `chance` (articles,), the confidence of each article, and `right` (articles,), 1 where it was right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints

PRECISION: Final = 0.95
SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
EDGES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


def ranked(chance: Floats, right: Ints) -> float:
    """Return how often, of two articles, the right one has the higher confidence; ties count half (AUC)."""
    values, place, count = np.unique(chance, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count - 1) / 2
    yes, no = int(right.sum()), int((1 - right).sum())
    if not yes or not no:
        return float("nan")
    assert len(values) == len(middle)
    return float((middle[place][right == 1].sum() - yes * (yes + 1) / 2) / (yes * no))


def trusted(chance: Floats, right: Ints, precision: float = PRECISION) -> float:
    """Return the largest share of articles, surest first, of which at least `precision` are right."""
    order = np.argsort(-chance, kind="stable")
    held = np.flatnonzero(np.cumsum(right[order]) >= precision * np.arange(1, len(order) + 1))
    return float(held[-1] + 1) / len(order) if len(held) else 0.0


def risk_coverage(chance: Floats, right: Ints) -> list[tuple[float, float]]:
    """Return the share of right articles among the surest, for each of `SHARES`."""
    order = np.argsort(-chance, kind="stable")
    counts = [max(1, round(share * len(order))) for share in SHARES]
    return [(share, float(right[order[:count]].mean())) for share, count in zip(SHARES, counts, strict=True)]


@dataclass(frozen=True, slots=True)
class Bin:
    """Articles of similar confidence: how many, their mean confidence, and the share that was right."""

    count: int
    said: float
    right: float


def reliability(chance: Floats, right: Ints) -> list[Bin]:
    """Return the articles in bins of confidence between `EDGES`; empty bins are left out."""
    place = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
    return [
        Bin(int(mine.sum()), float(chance[mine].mean()), float(right[mine].mean()))
        for k in range(len(EDGES) - 1)
        if (mine := place == k).any()
    ]


def off_by(chance: Floats, right: Ints) -> float:
    """Return the mean distance between what is said and what is right, over the bins (expected calibration error)."""
    bins = reliability(chance, right)
    return sum(b.count * abs(b.said - b.right) for b in bins) / max(1, len(chance))


def summary(label: str, chance: Floats, right: Ints) -> str:
    """Return one line of a table: see `HEADER`."""
    return (
        f"{label:30}{len(right):7}{right.mean():8.3f}{chance.mean():8.3f}{ranked(chance, right):8.3f}"
        f"{trusted(chance, right):8.3f}{off_by(chance, right):8.3f}"
    )


HEADER: Final = f"{'':30}{'count':>7}{'right':>8}{'said':>8}{'AUC':>8}{'at .95':>8}{'off by':>8}"
"""Count, share right, mean confidence, `ranked`, `trusted`, `off_by`."""


def curves(chance: Floats, right: Ints) -> list[str]:
    """Return the calibration and the risk-coverage curve as lines of text."""
    bins = reliability(chance, right)
    risk = risk_coverage(chance, right)
    return [
        "  said    " + "".join(f"{b.said:7.2f}" for b in bins),
        "  right   " + "".join(f"{b.right:7.2f}" for b in bins),
        "  count   " + "".join(f"{b.count:7}" for b in bins),
        "  surest  " + "".join(f"{share:7.0%}" for share, _ in risk),
        "  right   " + "".join(f"{of:7.3f}" for _, of in risk),
    ]


_SIZE: Final = 300
_EDGE: Final = 46
_COLOURS: Final = ("#1a6fb5", "#b5471a", "#3d8b37", "#7a3fa0")


def picture(lines: Sequence[tuple[str, Floats, Ints]]) -> str:
    """Return an SVG of calibration (left) and of risk and coverage (right), with a line for each (label, ...)."""
    left, right = (_EDGE, 16), (2 * _EDGE + _SIZE + 20, 16)
    width, height = right[0] + _SIZE + 16, _SIZE + 62 + 16 * len(lines)
    size, words = f'width="{width}" height="{height}"', 'font-family="sans-serif" font-size="11" fill="#222"'
    told = "Left: calibration. Right: share of right articles among the surest."
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {words} role="img" aria-label="{told}">',
        f'<rect {size} fill="#fff"/>',
        *_frame(left, "confidence", "share right"),
        *_frame(right, "share of articles, surest first", "share right"),
        _path(left, [(0, 0), (1, 1)], "#999", dash=True),
        _path(right, [(0, PRECISION), (1, PRECISION)], "#999", dash=True),
    ]
    for k, (label, chance, truth) in enumerate(lines):
        colour = _COLOURS[k % len(_COLOURS)]
        drawn.append(_path(left, [(b.said, b.right) for b in reliability(chance, truth)], colour))
        drawn.append(_path(right, risk_coverage(chance, truth), colour))
        top = _SIZE + 60 + 16 * k
        drawn.append(f'<rect x="{_EDGE}" y="{top - 9}" width="18" height="4" fill="{colour}"/>')
        drawn.append(f'<text x="{_EDGE + 26}" y="{top - 3}">{label}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def _frame(at: tuple[int, int], below: str, beside: str) -> list[str]:
    x, y = at
    marks = [0, 0.25, 0.5, 0.75, 1]
    return [
        f'<rect x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#bbb"/>',
        *(f'<text x="{x + m * _SIZE:g}" y="{y + _SIZE + 14}" text-anchor="middle">{m:g}</text>' for m in marks),
        *(f'<text x="{x - 5}" y="{y + _SIZE - m * _SIZE + 4:g}" text-anchor="end">{m:g}</text>' for m in marks),
        f'<text x="{x + _SIZE / 2:g}" y="{y + _SIZE + 28}" text-anchor="middle">{below}</text>',
        f'<text x="{x + 6}" y="{y + 14}">{beside}</text>',
    ]


def _path(at: tuple[int, int], points: Sequence[tuple[float, float]], colour: str, *, dash: bool = False) -> str:
    x, y = at
    line = " ".join(f"{x + a * _SIZE:.1f},{y + _SIZE - b * _SIZE:.1f}" for a, b in points)
    dashed = ' stroke-dasharray="4 4"' if dash else ""
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'
