"""Judge every article of an annotated issue: is its body exactly right, and is its headline?

The rules are those of the bench's `score.py` for `article_exact` and `headline_exact`, asked of each predicted article
instead of each true one.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from services.segment.article import SegmentedArticle

    Line = tuple[int, int]

OWNED = 0.5  # a true article is found in the prediction that holds at least this share of its lines
FLOW = ("body", "subhead")


@dataclass(frozen=True, slots=True)
class Right:
    """Whether the body of an article has exactly the true lines, and whether its headline reads exactly as printed."""

    body: bool
    headline: bool


def truth_of(folder: Path) -> dict[str, Any]:
    """Return the truth of an annotated issue."""
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth


def judged(truth: Mapping[str, Any], articles: Sequence[SegmentedArticle]) -> list[Right]:
    """Return for each article whether it is right.

    An article without a body is right if the true article that it holds has none either. Lines that hold two articles
    are left out.
    """
    mixed = _mixed(truth)
    flows = [frozenset(_lines(article, FLOW)) - mixed for article in articles]
    owner = {line: k for k, article in enumerate(articles) for line in _lines(article, None)}
    true_flow = {a["id"]: _true(a, FLOW) - mixed for a in truth["articles"]}
    true_body = {a["id"]: _true(a, ("body",)) - mixed for a in truth["articles"]}
    exact = {frozenset(true_flow[name]) for name, body in true_body.items() if body}
    largest: dict[int, tuple[int, Mapping[str, Any]]] = {}
    bodiless = set()
    for a in truth["articles"]:
        lines = true_body[a["id"]] or _true(a, ("caption", "headline"))
        held = Counter(owner[line] for line in lines if line in owner).most_common(1)
        if not held or held[0][1] < OWNED * len(lines):
            continue
        k = held[0][0]
        size = sum(owner.get(line) == k for line in true_flow[a["id"]])
        if k not in largest or size > largest[k][0]:
            largest[k] = size, a
        if not true_body[a["id"]]:
            bodiless.add(k)
    return [
        Right(
            body=flow in exact if flow else k in bodiless,
            headline=k in largest and _squeezed(article.headline) in _headlines(largest[k][1]),
        )
        for k, (flow, article) in enumerate(zip(flows, articles, strict=True))
    ]


def _mixed(truth: Mapping[str, Any]) -> set[Line]:
    return {
        (int(page), record["line"])
        for page, records in truth["pages"].items()
        for record in records
        if record.get("bad") or any(other[0] != record["article"] for other in record.get("also", []))
    }


def _true(article: Mapping[str, Any], roles: Sequence[str]) -> set[Line]:
    return {(line[0], line[1]) for role in roles for line in article["lines"].get(role, [])}


def _lines(article: SegmentedArticle, roles: Sequence[str] | None) -> list[Line]:
    return [(line.page, line.line) for line in article.lines if roles is None or line.role in roles]


def _headlines(article: Mapping[str, Any]) -> set[str]:
    return {_squeezed(text) for text in (article["headline"], *article.get("headline_alts", []))}


def _squeezed(text: str) -> str:
    return "".join(text.split())
