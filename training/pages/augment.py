"""Cheap variants of annotated pages, with correct truth.

`python -m training.pages.augment --source DIR --out DIR --variants N --seed S`
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from training.pages import bench
from training.pages.changes import PAGE_CHANGES
from training.pages.rows import Record, Row, rebuilt, rows_of
from training.pages.writing import words
from training.pages.writing.house import FULL_WIDTH_DIGITS, Press, random_house, traditional_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

ISSUE_CHANGES: Final = ("bylines_restyled", "wide_digits", "traditional")


def bylines_restyled(truth: Record, pages: dict[int, list[Row]], rng: Random) -> Record:
    """Give one-line bylines another form with the same names; the record also loses names that the form omits."""
    press = Press(replace(random_house(rng, ""), traditional=False), rng)  # names keep their spelling
    records = {a["id"]: a for a in truth["articles"]}
    for page, rows in pages.items():
        count = Counter(row.owner for row in rows if row.role == "byline")
        out: list[Row] = []
        for row in rows:
            article = records.get(row.owner)
            if row.role != "byline" or count[row.owner] != 1 or not article or (row.record or {}).get("also"):
                out.append(row)
                continue
            shown = "".join(row.text.split())
            here = [b for b in article["bylines"] if b["name"] in shown]
            people = [b["name"] for b in here if b["role"] != "通讯员"] or [b["name"] for b in here]
            others = [b["name"] for b in here if b["name"] not in people]
            if not people:
                out.append(row)
                continue
            lines, names, form = words.byline_of(people, others, press)
            rest = [b for b in article["bylines"] if b not in here]
            records[row.owner] = {
                **article,
                "bylines": [{"name": n, "role": r} for n, r in names] + rest,
                "byline_form": form,
            }
            out += [Row(line, row.record) for line in lines]
        pages[page] = out
    return {**truth, "articles": [records[a["id"]] for a in truth["articles"]]}


def rewritten(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return the truth with every printed text changed; ids, roles, kinds and forms stay."""
    if isinstance(value, str):
        return value if key in ("id", "kind", "role", "byline_form", "article", "issue", "key") else change(value)
    if isinstance(value, list):
        return [rewritten(v, change, key) for v in value]
    if isinstance(value, dict):
        return {k: v if k in ("pages", "source", "lines") else rewritten(v, change, k) for k, v in value.items()}
    return value


def augment(issue: bench.Issue, rng: Random, name: str, changes: Sequence[str] = ()) -> bench.Issue:
    """Return a variant of the issue by the named changes, or by one to four random ones (rarely script and digits)."""
    chosen = list(changes)
    if not chosen:
        chosen = rng.sample(list(PAGE_CHANGES), rng.randint(1, 4))
        chosen += [c for c, share in zip(ISSUE_CHANGES, (0.4, 0.1, 0.08), strict=True) if rng.random() < share]
    pages = rows_of(issue)
    truth = issue.truth
    if "bylines_restyled" in chosen:
        truth = bylines_restyled(truth, pages, rng)
    for change in PAGE_CHANGES:
        if change in chosen:
            pages = {page: PAGE_CHANGES[change](rows, rng) for page, rows in pages.items()}
    table = traditional_table()
    for change, write in (
        ("traditional", lambda text: "".join(map(table, text))),
        ("wide_digits", lambda text: text.translate(FULL_WIDTH_DIGITS)),
    ):
        if change in chosen:
            pages = {page: [replace(row, text=write(row.text)) for row in rows] for page, rows in pages.items()}
            truth = rewritten(truth, write)
    return rebuilt(bench.Issue(issue.name, issue.texts, truth, issue.meta), pages, name, chosen)


def main(argv: Sequence[str] | None = None) -> int:
    """Write `--variants` variants of every issue in `--source` to `--out`."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pages.augment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--source", type=Path, required=True, help="folder of annotated issues")
    parser.add_argument("--out", type=Path, required=True, help="folder for the variants, named ISSUE-vN")
    parser.add_argument("--variants", type=int, default=1, help="variants an issue")
    parser.add_argument("--seed", default="1")
    parser.add_argument(
        "--change", action="append", default=[], choices=[*PAGE_CHANGES, *ISSUE_CHANGES], help="only these changes"
    )
    options = parser.parse_args(argv)
    made = 0
    for path in sorted(options.source.glob("*/truth.json")):
        issue = bench.read(path.parent)
        for number in range(1, options.variants + 1):
            name = f"{issue.name}-v{number}"
            bench.write(augment(issue, random.Random(f"{options.seed}/{name}"), name, options.change), options.out)
            made += 1
    print(f"{made} variants in {options.out}")
    return 0 if made else 2


if __name__ == "__main__":
    sys.exit(main())
