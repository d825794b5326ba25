"""Changes of a page's rows: lines cut, joined, moved and rewrapped, blanks and furniture added or dropped."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from training.pages.reading.align import visible
from training.pages.rows import Row, blocks, merged
from training.pages.typesetting import furniture
from training.pages.writing.breaks import NEVER_FIRST, NEVER_LAST
from training.pages.writing.house import Press, random_house

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

HEAD_ROLES: Final = ("kicker", "headline", "deck")


def without_blanks(rows: list[Row], rng: Random) -> list[Row]:
    """Drop blank lines: all of them, or two thirds."""
    share = rng.choice((1.0, 0.66))
    return [row for row in rows if row.record or rng.random() >= share]


def with_blanks(rows: list[Row], rng: Random) -> list[Row]:
    """Add blank lines where the role or the article changes, at paragraphs, or anywhere."""
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
    """Cut lines after punctuation, as some extractors do at every narrow mark."""
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
    """Set runs of a paragraph's lines to another width, with no mark first on a line."""
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
    """Return whether b continues a's paragraph."""
    one, two = a.record or {}, b.record or {}
    return (
        one["article"] == two["article"]
        and one["para"] == two["para"]
        and not two.get("para_start")
        and b.order in (a.order, a.order + 1)
    )


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of about `width` full-width characters."""
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
    """Join neighbouring lines now and then; `also` keeps the original lines' truth."""
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


def blanks_inside(rows: list[Row], rng: Random) -> list[Row]:
    """Put blanks around figures and after marks, or between the letters of headlines."""
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


def blocks_moved(rows: list[Row], rng: Random) -> list[Row]:
    """Return the page's blocks in another order."""
    parts = blocks(rows)
    if rng.random() < 0.5:
        rng.shuffle(parts)
    else:
        at = rng.randint(0, len(parts))
        parts = parts[at:] + parts[:at]
    return [row for part in parts for row in part]


def heads_moved(rows: list[Row], rng: Random) -> list[Row]:
    """Move headline blocks to the page's start or end, or before or after their bodies."""
    where = rng.choice(("start", "end", "before", "after", "before", "after"))
    return moved(rows, HEAD_ROLES, where)


def bylines_moved(rows: list[Row], rng: Random) -> list[Row]:
    """Move bylines before or after their bodies, or move all to the page's end."""
    return moved(rows, ("byline",), rng.choice(("end", "before", "after", "after", "before")))


def moved(rows: list[Row], roles: Sequence[str], where: str) -> list[Row]:
    """Move the rows of these roles, article by article, to `where`; articles without a body stay as they are."""
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
    """Set some headlines with one character on each line."""
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
    """Add invented furniture between the blocks of the page."""
    press = Press(random_house(rng, ""), rng)
    extra = furniture.small_print(press, 4, rng.randint(1, 3))
    extra += [furniture.slogan(press), furniture.weather(press), furniture.advertisement(press)]
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
