"""Draw a soak: memory by stage, backlog, and the time from publishing to searchable, with every rebalance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks.svg import sheet, text
from benchmarks.whole.corpus import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WIDTH: Final = 900
LEFT: Final = 70
ROOM: Final = 790
HEIGHT: Final = 130
GAP: Final = 46
COLOURS: Final = ("#3b6ea5", "#6fa287", "#d9a441", "#b5543c")

Line = tuple[str, str, "Callable[[Mapping[str, Any]], float | None]"]


def draw(found: Mapping[str, Any]) -> str:
    """Return the picture of a run as an SVG."""
    samples: Sequence[Mapping[str, Any]] = found["samples"]
    end = max(float(samples[-1]["second"]), 1.0)
    memory = [(stage, colour, _memory_of(stage)) for stage, colour in zip(STAGES, COLOURS, strict=True)]
    behind = [(stage, colour, _behind_of(stage)) for stage, colour in zip(STAGES, COLOURS, strict=True)]
    waits: list[Line] = [
        ("p50 of 5 s", COLOURS[0], lambda one: one.get("p50")),
        ("longest of 5 s", COLOURS[3], lambda one: one.get("most")),
    ]
    lines = [
        text(
            10,
            20,
            f"{found['rate']} pages a second, 70 % of {found['most']}; Broadsheet at {found['revision']}, "
            f"{found['when']}, {found['cores']} cores, load {found['load']} before it",
            size=14,
        )
    ]
    y = 48
    for title, some in (
        ("Memory of the stage's first worker, MB", memory),
        ("Records behind", behind),
        ("Seconds from publishing to searchable", waits),
    ):
        lines += _panel(y, title, some, samples, end, found["rebalances"])
        y += HEIGHT + GAP
    return sheet(WIDTH, y, lines)


def _memory_of(stage: str) -> Callable[[Mapping[str, Any]], float | None]:
    return lambda one: float(one["mb"][stage])


def _behind_of(stage: str) -> Callable[[Mapping[str, Any]], float | None]:
    return lambda one: float(one["behind"][stage])


def _panel(  # noqa: PLR0913, PLR0917  # where it is, what it shows, and the axes
    y: int,
    title: str,
    shown: Sequence[Line],
    samples: Sequence[Mapping[str, Any]],
    end: float,
    rebalances: Sequence[tuple[float, str]],
) -> list[str]:
    values = {name: [(one["second"], of(one)) for one in samples] for name, _, of in shown}
    most = max([value for points in values.values() for _, value in points if value is not None] or [1.0]) or 1.0
    found = [text(LEFT, y, title)]
    top = y + 8
    for share in (0, 0.5, 1):
        at = top + HEIGHT - share * (HEIGHT - 10)
        found.append(f'<line x1="{LEFT}" x2="{LEFT + ROOM}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        found.append(text(LEFT - 6, int(at) + 4, f"{most * share:.3g}", anchor="end", size=11))
    for second, name in rebalances:
        x = LEFT + second / end * ROOM
        found.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{top + HEIGHT}" stroke="#999" stroke-dasharray="2 3"/>'
        )
        found.append(text(int(x) + 2, top + 8, name, size=9))
    for place, (name, colour, _) in enumerate(shown):
        points = " ".join(
            f"{LEFT + second / end * ROOM:.1f},{top + HEIGHT - value / most * (HEIGHT - 10):.1f}"
            for second, value in values[name]
            if value is not None
        )
        found.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        x = LEFT + 330 + place * 110
        found.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        found.append(text(x + 14, y, name, size=11))
    found.append(text(LEFT + ROOM, top + HEIGHT + 14, f"{end:.0f} s", anchor="end", size=11))
    return found
