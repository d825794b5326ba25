"""Judge drafted issues article by article: what was measured of each, and whether it was right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from services.segment.articles.assembly import chains_of
from services.segment.articles.confidence import Confidence
from services.segment.articles.measures import measures
from services.segment.articles.rendering import render_article
from services.segment.features import Features
from training.segmentation.rightness import judged, truth_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from services.segment.arrays import Flags, Ints
    from services.segment.matching.draft import Draft

_UNKNOWN = Confidence(1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Articles that were judged.

    Attributes:
        measures: (articles x measures).
        right: (articles,) 1 where the article is right, for the questions `body` and `headline`.
        told: (articles,) whether it has a body.
        slices: for each article the groups it belongs to: issue, extractor, mode (the order in which the extractor
            found the page's pieces), script.
    """

    measures: Features
    right: Mapping[str, Ints]
    told: Flags
    slices: Sequence[Mapping[str, str]]


def judged_issue(folder: Path, drafts: Sequence[Draft]) -> Judged:
    """Judge the articles of an annotated issue, given its drafted pages."""
    chains = chains_of(drafts)
    articles = [render_article(chain, _UNKNOWN) for chain in chains]
    found = judged(truth_of(folder), articles)
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    modes = {stat["page"]: str(stat.get("mode")) for stat in meta.get("page_stats", [])}
    of_issue = {
        "issue": folder.name,
        "extractor": str(meta.get("extractor")),
        "script": "traditional" if meta.get("style", {}).get("traditional") else "simplified",
    }
    return Judged(
        measures(chains),
        {
            "body": np.array([one.body for one in found], np.int64),
            "headline": np.array([one.headline for one in found], np.int64),
        },
        np.array([bool(article.blocks) for article in articles], np.bool_),
        [{**of_issue, "mode": modes.get(article.pages[0], "")} for article in articles],
    )


def together(issues: Sequence[Judged]) -> Judged:
    """Return the articles of several issues as one, in order."""
    used = [issue for issue in issues if len(issue.told)]
    names = used[0].measures.names
    return Judged(
        Features(names, np.concatenate([issue.measures.ordered(names) for issue in used])),
        {key: np.concatenate([issue.right[key] for issue in used]) for key in used[0].right},
        np.concatenate([issue.told for issue in used]),
        [one for issue in used for one in issue.slices],
    )


def values_of(judged_articles: Judged, key: str) -> np.ndarray[Any, Any]:
    """Return the group of each article (articles,) under `key`."""
    return np.array([one[key] for one in judged_articles.slices])
