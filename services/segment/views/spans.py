"""Turn a segmented issue into line spans, the form in which segmentations are scored and exchanged."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.segment.article import SegmentedArticle, SegmentedIssue

_FURNITURE = {"weather": "weather", "slogan": "slogan", "label": "label"}


def prediction(issue: SegmentedIssue) -> dict[str, Any]:
    """Return the articles and furniture of `issue` as spans.

    Returns:
        {"articles": [{"lines": {role: [[page, line] or [page, first, last], ...]}, "headline", "bylines",
        "para_starts", "confidence", "headline_confidence"}], "furniture": {kind: spans}}; a weather item counts as
        furniture.
    """
    furniture: dict[str, list[tuple[int, int]]] = {"furniture": [], "weather": [], "slogan": [], "label": []}
    for line in issue.furniture:
        furniture[_FURNITURE.get(line.kind, "furniture")].append((line.page, line.line))
    articles = []
    for article in issue.articles:
        if article.kind == "weather":
            furniture["weather"] += [(x.page, x.line) for x in article.lines]
        else:
            articles.append(_article(article))
    return {"articles": articles, "furniture": {kind: _spans(sorted(lines)) for kind, lines in furniture.items()}}


def _article(article: SegmentedArticle) -> dict[str, Any]:
    lines: dict[str, list[tuple[int, int]]] = {}
    order = {(ref.page, ref.line): k for k, ref in enumerate(r for b in article.blocks for r in b.lines)}
    for placed in article.lines:
        lines.setdefault(placed.role, []).append((placed.page, placed.line))
    for role in ("body", "subhead"):
        if role in lines:
            lines[role].sort(key=lambda x: order.get(x, len(order)))
    starts = [[b.lines[0].page, b.lines[0].line] for b in article.blocks if b.kind == "paragraph"]
    return {
        "lines": {role: _spans(found) for role, found in lines.items()},
        "headline": article.headline,
        "bylines": [{"name": b.name, "role": b.role} for b in article.bylines],
        "para_starts": starts,
        "confidence": article.confidence,
        "headline_confidence": article.headline_confidence,
    }


def _spans(lines: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return runs of consecutive lines of a page as [page, first, last], single lines as [page, line], in order."""
    found = list(lines)
    if not found:
        return []
    runs = [[found[0]]]
    for before, line in pairwise(found):
        if line[0] == before[0] and line[1] == before[1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [[r[0][0], r[0][1]] if len(r) == 1 else [r[0][0], r[0][1], r[-1][1]] for r in runs]
