"""`python -m training.geometry.reorder --data DIR --out DIR`: the same issues with their text in other orders.

Text recognition and other extractors give the blocks of a page from the top, column by column, or in the order in which
a program drew them. A model that only ever saw one order believes the order more than the places.
"""

from __future__ import annotations

import argparse
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.geometry.pages import geometries
from training.segmentation.corpus import issue_folders, page_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from schemas.geometry import Geometry, PlacedLine

_SHIFT = 4.0  # a line of the same block starts within this many type sizes
_STEP = 3.0  # and is at most this many type sizes further down
_ALIKE = 0.15


def blocks_of(lines: Sequence[PlacedLine | None]) -> list[list[int]]:
    """Return the lines (from 0) in blocks: lines that follow each other in the text and down the page."""
    found: list[list[int]] = [[0]]
    for before, k in pairwise(range(len(lines))):
        one, two = lines[before], lines[k]
        same = two is None or (
            one is not None
            and abs(one[0] - two[0]) < _SHIFT * two[4]
            and 0 < two[1] - one[1] < _STEP * two[4]
            and abs(one[4] - two[4]) < _ALIKE * two[4]
        )
        if same:
            found[-1].append(k)
        else:
            found.append([k])
    return found


def new_order(geometry: Geometry, rng: Random) -> list[int]:
    """Return the lines (from 0) in another order: from the top, by columns, or with some blocks moved."""
    lines = geometry.lines or ()
    blocks = blocks_of(lines)
    way = rng.choice(("top", "columns", "moved"))
    start = {k: lines[block[0]] or (0.0, 0.0, 0.0, 0.0, 0.0) for k, block in enumerate(blocks)}
    order = list(range(len(blocks)))
    if way == "top":
        order.sort(key=lambda k: (start[k][1], start[k][0]))
    elif way == "columns":
        order.sort(key=lambda k: (round(start[k][0] / max(start[k][4], 1.0) / 6), start[k][1]))
    else:
        for _ in range(max(2, len(blocks) // 6)):
            order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    return [line for k in order for line in blocks[k]]


def reorder(folder: Path, target: Path) -> None:
    """Write the issue with its text in another order; its truth and its places move along."""
    texts, given = page_texts(folder), geometries(folder)
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    moved: dict[tuple[int, int], int] = {}
    target.mkdir(parents=True, exist_ok=True)
    for page, text in texts.items():
        if page not in given:
            truth["pages"].pop(str(page), None)
            continue
        geometry = given[page]
        order = new_order(geometry, random.Random(f"{folder.name}-{page}"))
        moved |= {(page, old + 1): new for new, old in enumerate(order, 1)}
        lines, places = text.split("\n"), geometry.lines or ()
        name = f"page-{page:02d}"
        (target / f"{name}.txt").write_text("\n".join(lines[k] for k in order), encoding="utf-8", newline="")
        layout = geometry.model_copy(update={"lines": tuple(places[k] for k in order)})
        (target / f"{name}.lines.json").write_text(layout.model_dump_json(include={"size", "lines", "boxes"}))
        records = truth["pages"][str(page)]
        for record in records:
            record["line"] = moved[page, record["line"]]
        records.sort(key=lambda record: record["line"])

    def placed(found: list[list[int]]) -> list[list[int]]:
        return [[page, moved[page, line], *rest] for page, line, *rest in found if (page, line) in moved]

    for article in truth["articles"]:
        article["lines"] = {role: sorted(placed(found)) for role, found in article["lines"].items()}
        article["reading_order"] = placed(article.get("reading_order") or [])
    (target / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
    (target / "meta.json").write_text((folder / "meta.json").read_text(encoding="utf-8"), encoding="utf-8")


def main() -> None:
    """Write every issue of the given folders in another order."""
    parser = argparse.ArgumentParser(prog="python -m training.geometry.reorder", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of annotated issues")
    parser.add_argument("--out", type=Path, required=True, help="where the issues go, under their names with -r")
    arguments = parser.parse_args()
    for folder in issue_folders(arguments.data):
        reorder(folder, arguments.out / f"{folder.name}-r")


if __name__ == "__main__":
    main()
