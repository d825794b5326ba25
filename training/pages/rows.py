"""Rows: the lines of an annotated issue with their records, which can be moved and turned into an issue again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from training.pages import bench
from training.pages.reading.align import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page: its record (None if blank) and its place in its article's flow."""

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
        """Whether this is a body line of only one article."""
        return self.role == "body" and not (self.record or {}).get("also")


def rows_of(issue: bench.Issue) -> dict[int, list[Row]]:
    """Return the issue's pages as rows."""
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
    """Return the issue with these rows, and with new line numbers, article lines and reading orders."""
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


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Return runs of an article's lines; blank lines belong to the line before them."""
    out: list[list[Row]] = []
    for row in rows:
        if out and (not row.record or row.owner == next((r.owner for r in reversed(out[-1]) if r.record), row.owner)):
            out[-1].append(row)
        else:
            out.append([row])
    return out


def merged(a: Row, b: Row, between: str) -> Row:
    """Join two lines; the role is that of most characters."""
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
