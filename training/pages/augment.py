"""Cheap variants of annotated pages: lines cut, joined, moved, rewrapped and restyled, with the truth kept right.

`python -m training.pages.augment --source DIR --out DIR --variants N --seed S`
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from training.pages import bench, furniture, words
from training.pages.align import visible
from training.pages.house import FULL_WIDTH_DIGITS, Press, random_house, traditional_table
from training.pages.typeset import NEVER_FIRST, NEVER_LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

HEAD_ROLES: Final = ("kicker", "headline", "deck")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page: its record (None when blank) and its place in its article's flow."""

    text: str
    record: Record | None = None
    order: int = -1

    @property
    def owner(self) -> str:
        """The article, "furniture", or nothing for a blank line."""
        return self.record["article"] if self.record else ""

    @property
    def role(self) -> str:
        """The role, or nothing for a blank line."""
        return self.record["role"] if self.record else ""

    @property
    def plain(self) -> bool:
        """A body line of one article alone."""
        return self.role == "body" and not (self.record or {}).get("also")


def rows_of(issue: bench.Issue) -> dict[int, list[Row]]:
    """The issue's pages as rows."""
    order = {(a["id"], *place): k for a in issue.truth["articles"] for k, place in enumerate(a["reading_order"])}
    pages: dict[int, list[Row]] = {}
    for page, text in issue.texts.items():
        records = {r["line"]: r for r in issue.truth["pages"].get(str(page), [])}
        rows = []
        for number, line in enumerate(text.split("\n"), 1):
            record = records.get(number)
            rows.append(Row(line, record, order.get((record["article"], page, number), -1) if record else -1))
        pages[page] = rows
    return pages


def rebuilt(issue: bench.Issue, pages: dict[int, list[Row]], name: str, done: Sequence[str]) -> bench.Issue:
    """The issue with these rows: line numbers, article lines and reading orders made anew."""
    records: dict[str, list[Record]] = {}
    lines: dict[str, dict[str, list[list[int]]]] = {}
    flow: dict[str, list[tuple[int, int, int, list[int]]]] = {}
    ranks = {a["id"]: {page: k for k, page in enumerate(a["pages"])} for a in issue.truth["articles"]}
    for page, rows in pages.items():
        out: list[Record] = []
        for number, row in enumerate(rows, 1):
            if row.record is None or not visible(row.text):
                continue
            record = {**row.record, "line": number}
            out.append(record)
            if row.owner != "furniture":
                lines.setdefault(row.owner, {}).setdefault(row.role, []).append([page, number])
                if row.role in ("body", "subhead"):
                    flow.setdefault(row.owner, []).append(
                        (ranks[row.owner].get(page, 0), row.order, number, [page, number])
                    )
        records[str(page)] = out
    articles = [
        {**a, "lines": lines.get(a["id"], {}), "reading_order": [place for *_, place in sorted(flow.get(a["id"], []))]}
        for a in issue.truth["articles"]
    ]
    truth = {**issue.truth, "issue": name, "pages": records, "articles": articles}
    texts = {page: "\n".join(row.text for row in rows) for page, rows in pages.items()}
    source_issues = issue.meta.get("source_issues", [issue.name])
    return bench.Issue(
        name,
        texts,
        truth,
        {**issue.meta, "issue": name, "source_issues": source_issues, "variant_of": issue.name, "variant": list(done)},
    )


def without_blanks(rows: list[Row], rng: Random) -> list[Row]:
    """Blank lines dropped, all of them or two thirds."""
    share = rng.choice((1.0, 0.66))
    return [row for row in rows if row.record or rng.random() >= share]


def with_blanks(rows: list[Row], rng: Random) -> list[Row]:
    """Blank lines added: where the role or the article changes, at paragraphs, or anywhere."""
    how = rng.choice(("changes", "paragraphs", "anywhere"))
    out: list[Row] = []
    for row in rows:
        previous = out[-1] if out else None
        if previous and previous.record and row.record:
            wanted = {
                "changes": (previous.owner, previous.role) != (row.owner, row.role),
                "paragraphs": bool(row.record.get("para_start")) or previous.role != row.role,
                "anywhere": rng.random() < 0.06,
            }[how]
            if wanted:
                out.append(Row(""))
        out.append(row)
    return out


def shattered(rows: list[Row], rng: Random) -> list[Row]:
    """Lines cut after punctuation, as some extractors do at every narrow mark."""
    share = rng.choice((0.1, 0.4, 1.0))
    marks = rng.choice(("，。、；：", "，。", "“”《》（）", "，。、；：“”（）"))
    out: list[Row] = []
    for row in rows:
        pieces = (
            re.findall(rf"[^{marks}]*[{marks}]+|[^{marks}]+", row.text)
            if row.plain and rng.random() < share
            else [row.text]
        )
        pieces = [p for p in pieces if p]
        if len(pieces) < 2 or any(not visible(p) for p in pieces):
            out.append(row)
            continue
        for k, piece in enumerate(pieces):
            record = dict(row.record or {})
            if k:
                record.pop("para_start", None)
            out.append(Row(piece, record, row.order))
    return out


def rewrapped(rows: list[Row], rng: Random) -> list[Row]:
    """Runs of a paragraph's lines set to another width, no mark first on a line."""
    width = rng.randint(9, 34)
    out: list[Row] = []
    k = 0
    while k < len(rows):
        run = [rows[k]]
        k += 1
        if not run[0].plain:
            out.append(run[0])
            continue
        while k < len(rows) and rows[k].plain and same_paragraph(run[-1], rows[k]):
            run.append(rows[k])
            k += 1
        text = run[0].text.rstrip() + "".join(row.text.strip() for row in run[1:])
        for number, piece in enumerate(wrap(text, width)):
            record = dict(run[0].record or {})
            if number:
                record.pop("para_start", None)
            out.append(Row(piece, record, run[0].order))
    return out


def same_paragraph(a: Row, b: Row) -> bool:
    """Whether b goes on with a's paragraph."""
    one, two = a.record or {}, b.record or {}
    return (
        one["article"] == two["article"]
        and one["para"] == two["para"]
        and not two.get("para_start")
        and b.order in (a.order, a.order + 1)
    )


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of about `width` full characters."""
    lines, size = [""], 0.0
    for ch in text:
        step = 0.5 if ch.isascii() else 1.0
        if (
            size + step > width
            and ch not in NEVER_FIRST
            and lines[-1][-1:] not in NEVER_LAST
            and not (ch.isascii() and lines[-1][-1:].isascii())
        ):
            lines.append("")
            size = 0.0
        lines[-1] += ch
        size += step
    return [line for line in lines if visible(line)] or [text]


def joined(rows: list[Row], rng: Random) -> list[Row]:
    """Neighbouring lines run together now and then; what they were stays under `also`."""
    share = rng.choice((0.01, 0.03))
    out: list[Row] = []
    for row in rows:
        previous = out[-1] if out else None
        fits = (
            previous
            and previous.record
            and row.record
            and previous.owner == row.owner
            and not row.record.get("para_start")
        )
        if previous and fits and rng.random() < share:
            out[-1] = merged(previous, row, rng.choice(("", " ")))
        else:
            out.append(row)
    return out


def merged(a: Row, b: Row, between: str) -> Row:
    """Two lines as one, its role that of most characters."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in (a, b):
        record = row.record or {}
        others = record.get("also", [])
        counts[(record["article"], record["role"])] += len("".join(row.text.split())) - sum(n for *_, n in others)
        for article, role, n in others:
            counts[(article, role)] += n
    article, role = max(counts, key=lambda key: counts[key])
    chief = a if (a.owner, a.role) == (article, role) else b
    also = [[x, r, n] for (x, r), n in counts.items() if (x, r) != (article, role)]
    record = {k: v for k, v in (chief.record or {}).items() if k != "also"} | ({"also": also} if also else {})
    return Row(a.text.rstrip() + between + b.text.lstrip(), record, chief.order)


def blanks_inside(rows: list[Row], rng: Random) -> list[Row]:
    """Blanks put around figures and after marks, or between the letters of headlines."""
    how = rng.choice(("figures", "quotes", "headlines"))
    out: list[Row] = []
    for row in rows:
        text = row.text
        if how == "figures":
            text = re.sub(r"(?<=[0-9%])(?=[\u4e00-\u9fff])", " ", text)
            if rng.random() < 0.6:
                text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[0-9])", " ", text)
        elif how == "quotes" and rng.random() < 0.5:
            text = re.sub(r"([“”])(?=.)", r"\1 ", text)
        elif row.role in ("headline", "slogan") and rng.random() < 0.4:
            text = " ".join("".join(text.split()))
        out.append(replace(row, text=text))
    return out


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Runs of one article's lines, blanks going with what stands before them."""
    out: list[list[Row]] = []
    for row in rows:
        if out and (not row.record or row.owner == next((r.owner for r in reversed(out[-1]) if r.record), row.owner)):
            out[-1].append(row)
        else:
            out.append([row])
    return out


def blocks_moved(rows: list[Row], rng: Random) -> list[Row]:
    """The page's blocks in another order."""
    parts = blocks(rows)
    if rng.random() < 0.5:
        rng.shuffle(parts)
    else:
        at = rng.randint(0, len(parts))
        parts = parts[at:] + parts[:at]
    return [row for part in parts for row in part]


def heads_moved(rows: list[Row], rng: Random) -> list[Row]:
    """Headline blocks put to the page's start or end, or before or after their bodies."""
    where = rng.choice(("start", "end", "before", "after", "before", "after"))
    return moved(rows, HEAD_ROLES, where)


def bylines_moved(rows: list[Row], rng: Random) -> list[Row]:
    """Bylines put before or after their bodies, or all at the page's end."""
    return moved(rows, ("byline",), rng.choice(("end", "before", "after", "after", "before")))


def moved(rows: list[Row], roles: Sequence[str], where: str) -> list[Row]:
    """The rows of these roles taken out and put, article by article, at `where`; articles without body stay as they are."""
    bodies = {row.owner for row in rows if row.role == "body"}
    taken: dict[str, list[Row]] = {}
    rest: list[Row] = []
    for row in rows:
        if row.role in roles and row.owner in bodies and not (row.record or {}).get("also"):
            taken.setdefault(row.owner, []).append(row)
        else:
            rest.append(row)
    flat = [row for group in taken.values() for row in group]
    if where in ("start", "end"):
        return flat + rest if where == "start" else rest + flat
    edge: dict[str, int] = {}
    for k, row in enumerate(rest):
        if row.role == "body" and (where == "after" or row.owner not in edge):
            edge[row.owner] = k
    out: list[Row] = []
    for k, row in enumerate(rest):
        own = taken.get(row.owner, []) if edge.get(row.owner) == k and row.role == "body" else []
        out += [*own, row] if where == "before" else [row, *own]
    return out


def upright(rows: list[Row], rng: Random) -> list[Row]:
    """Some headlines set one character a line."""
    chosen = {row.owner for row in rows if row.role == "headline" and rng.random() < 0.2}
    out: list[Row] = []
    for row in rows:
        if (
            row.owner in chosen
            and row.role in HEAD_ROLES
            and not (row.record or {}).get("also")
            and len(row.text.strip()) < 16
        ):
            out += [Row(ch, row.record) for ch in "".join(row.text.split())]
        else:
            out.append(row)
    return out


def furniture_added(rows: list[Row], rng: Random) -> list[Row]:
    """Invented furniture between the blocks of the page."""
    house = random_house(rng, "")
    extra = [
        *furniture.small_print(rng, house, 4, rng.randint(1, 3)),
        furniture.slogan(rng, house),
        furniture.weather(rng, house),
        furniture.advertisement(rng, house),
    ]
    parts = blocks(rows)
    for fixture in rng.sample(extra, rng.randint(1, len(extra))):
        tag = fixture.tag
        lines = (
            [ch for line in fixture.lines for ch in "".join(line.split())] if fixture.upright else list(fixture.lines)
        )
        record = {"article": "furniture", "role": tag.role, "kind": tag.kind}
        parts.insert(rng.randint(0, len(parts)), [Row(line, dict(record)) for line in lines])
    return [row for part in parts for row in part]


PAGE_CHANGES: Final[dict[str, Callable[[list[Row], Random], list[Row]]]] = {
    "blocks_moved": blocks_moved,
    "heads_moved": heads_moved,
    "bylines_moved": bylines_moved,
    "upright": upright,
    "rewrapped": rewrapped,
    "shattered": shattered,
    "joined": joined,
    "blanks_inside": blanks_inside,
    "furniture_added": furniture_added,
    "without_blanks": without_blanks,
    "with_blanks": with_blanks,
}
ISSUE_CHANGES: Final = ("bylines_restyled", "wide_digits", "traditional")


def bylines_restyled(truth: Record, pages: dict[int, list[Row]], rng: Random) -> Record:
    """One-line bylines printed in another form with the same names; names the new form leaves out leave the record too."""
    press = Press(random_house(rng, ""), rng)
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
    """The truth with every printed text changed; ids, roles, kinds and forms stay."""
    if isinstance(value, str):
        return value if key in ("id", "kind", "role", "byline_form", "article", "issue", "key") else change(value)
    if isinstance(value, list):
        return [rewritten(v, change, key) for v in value]
    if isinstance(value, dict):
        return {k: v if k in ("pages", "source", "lines") else rewritten(v, change, k) for k, v in value.items()}
    return value


def augment(issue: bench.Issue, rng: Random, name: str, changes: Sequence[str] = ()) -> bench.Issue:
    """A variant of the issue by the named changes, or by one to four drawn at random (script and digits seldom)."""
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
    """Writes `--variants` variants of every issue in `--source` to `--out`."""
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
