"""Scores by groups of pages, because the average hides where segmentation fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.segmentation.evaluate import score

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType


def by_issue(
    module: ModuleType, folders: Mapping[str, Path], predictions: Mapping[str, Any], key: Callable[[str], str]
) -> list[tuple[str, dict[str, Any]]]:
    """Return a summary for each value of `key` over issue names."""
    values = sorted({key(name) for name in folders})
    return [(v, score(module, {n: f for n, f in folders.items() if key(n) == v}, predictions)) for v in values]


def by_page(
    module: ModuleType,
    folders: Mapping[str, Path],
    predictions: Mapping[str, Any],
    key: Callable[[str, int], str],
) -> list[tuple[str, dict[str, Any]]]:
    """Return a summary for each value of `key` over (issue, page); stories are judged by their part on the page."""
    loaded = {name: module.load_issue(str(folder)) for name, folder in folders.items()}
    values = sorted({key(name, page) for name, (_, lines, _) in loaded.items() for page, _ in lines})
    found = []
    for value in values:
        total = module.Acc()
        for name, (truth, lines, text) in sorted(loaded.items()):
            pages = {page for page, _ in lines if key(name, page) == value}
            if pages:
                module.score_issue(
                    _truth_on(truth, pages),
                    {x: r for x, r in lines.items() if x[0] in pages},
                    {x: t for x, t in text.items() if x[0] in pages},
                    _prediction_on(predictions[name], pages),
                    total,
                )
        found.append((value, dict(module.summary(total))))
    return found


def _truth_on(truth: Mapping[str, Any], pages: set[int]) -> dict[str, Any]:
    articles = []
    for article in truth["articles"]:
        kept = [p for p in article["pages"] if p in pages]
        if kept:
            lines = {role: [x for x in found if x[0] in pages] for role, found in article["lines"].items()}
            order = [x for x in article.get("reading_order", []) if x[0] in pages]
            articles.append({**article, "pages": kept, "lines": lines, "reading_order": order, "continues": []})
    return {**truth, "articles": articles}


def _prediction_on(prediction: Mapping[str, Any], pages: set[int]) -> dict[str, Any]:
    def spans(found: list[list[int]]) -> list[list[int]]:
        return [s for s in found if s[0] in pages]

    articles = [
        {
            **a,
            "lines": {role: spans(v) for role, v in a["lines"].items()},
            "para_starts": [x for x in a.get("para_starts", []) if x[0] in pages],
        }
        for a in prediction["articles"]
    ]
    furniture = {kind: spans(v) for kind, v in prediction["furniture"].items()}
    return {"articles": articles, "furniture": furniture}
