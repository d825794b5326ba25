"""Draw the figures of a run: where a page's CPU time goes, and where a page waits, as one SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks.svg import sheet, text
from benchmarks.whole.corpus import STAGES
from benchmarks.whole.trial import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH: Final = 860
LEFT: Final = 190
ROOM: Final = 560
ROW: Final = 26
BAR: Final = 16
COLOURS: Final = ("#3b6ea5", "#6fa287", "#d9a441", "#b5543c", "#7d6b91", "#8a8a8a")
NAMES: Final = (*STAGES, "kafka", "elasticsearch")


def draw(found: Mapping[str, Any]) -> str:
    """Return the picture of the figures of one run."""
    lines = [text(10, 24, f"Broadsheet at {found['revision']}, {found['when']}, {found['cores']} cores", size=15)]
    y = 52
    bulk, copy = found["bulk_ms"], found["copy_ms"]
    least = {**found["pure_ms"], "index": found["pure_ms"]["index"] + bulk["ours"]}
    least |= {"kafka": copy["server"], "elasticsearch": bulk["server"]}
    costs = {"the least": least, "the pipeline": found["cpu_ms"]}
    most = max(sum(one.values()) for one in costs.values())
    lines.append(text(10, y, "CPU time a page, ms"))
    for label, one in costs.items():
        y += ROW
        lines += _bar(y, label, [one[name] for name in NAMES], most, f"{sum(one.values()):.0f}")
    y += ROW + 4
    lines += _legend(y, NAMES)
    y += ROW + 12
    waits = {f"{load} of the maximum, {name}": (one, at) for load, one in found["loads"].items() for at, name in HALVES}
    longest = max([one["whole"][at] for one, at in waits.values()] or [1.0])
    lines.append(text(10, y, "From publishing to searchable, seconds"))
    for label, (one, at) in waits.items():
        y += ROW
        steps = [one[step][at] for step in STEPS]
        # The steps of the slowest page are not each the slowest, so they are drawn as shares of the whole.
        scale = one["whole"][at] / max(sum(steps), 0.001)
        lines += _bar(y, label, [step * scale for step in steps], longest, f"{one['whole'][at]:.1f}")
    y += ROW + 4
    lines += _legend(y, STEPS)
    return sheet(WIDTH, y + 16, lines)


HALVES: Final = ((0, "p50"), (1, "p99"))


def _bar(y: int, label: str, parts: Iterable[float], most: float, told: str) -> list[str]:
    lines = [text(LEFT - 8, y + 12, label, anchor="end")]
    x = float(LEFT)
    for part, colour in zip(parts, COLOURS, strict=False):
        width = part / most * ROOM
        lines.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>')
        x += width
    return [*lines, text(int(x) + 6, y + 12, told)]


def _legend(y: int, names: Iterable[str]) -> list[str]:
    lines = []
    x = LEFT
    for name, colour in zip(names, COLOURS, strict=False):
        lines.append(f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/>')
        lines.append(text(x + 14, y + 9, name))
        x += 34 + 7 * len(name)
    return lines
