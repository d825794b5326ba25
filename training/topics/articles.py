"""Labelled articles, one JSON object a line: id, headline, text, topics {topic: 0 | 1 | "b"}; b is borderline."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from services.tag.document import Passage, lay_out
from services.tag.topics.matching import Lexicon
from services.tag.topics.scoring import measure, values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from schemas.taxonomy import Taxonomy

BENCH_VARIABLE = "BROADSHEET_BENCH"
REPOSITORY = Path(__file__).resolve().parents[2]


class BenchMissingError(FileNotFoundError):
    """The labelled articles are not there; its text says where they were looked for."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles measured for every topic of a taxonomy.

    features[topic]: one row an article, one column a feature of `services.tag.topics.scoring.FEATURES`
    truth[topic]:    1 about it, 0 not, -1 borderline or unlabelled
    groups:          where each article comes from, for leaving a whole source out
    """

    ids: tuple[str, ...]
    features: dict[str, NDArray[np.float64]]
    truth: dict[str, NDArray[np.int8]]
    groups: tuple[str, ...]


def bench() -> Path:
    """Return the folder of labelled material: BROADSHEET_BENCH, else ../shared/bench beside the repository.

    Raises:
        BenchMissingError: neither is there.
    """
    named = os.environ.get(BENCH_VARIABLE)
    beside = [parent / "shared" / "bench" for parent in REPOSITORY.parents[:2]]
    for folder in [Path(named)] if named else beside:
        if folder.is_dir():
            return folder
    looked = named or " and ".join(str(folder) for folder in beside)
    raise BenchMissingError(f"no labelled articles at {looked}: set {BENCH_VARIABLE} to the folder that holds topics/")


def read(path: Path, taxonomy: Taxonomy) -> Labelled:
    """Return the articles of `path`, measured for the topics of `taxonomy`."""
    articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    documents = []
    for article in articles:
        passages = [Passage("headline", 0, article["headline"] or ""), Passage("body", 0, article["text"])]
        documents.append(lay_out([passage for passage in passages if passage.text]))
    features, truth = {}, {}
    for topic in taxonomy.topics:
        lexicon = Lexicon(topic)
        rows = [values(measure(document, lexicon.find(document))) for document in documents]
        features[topic.id] = np.array(rows, dtype=np.float64)
        labels = [article["topics"].get(topic.id) for article in articles]
        truth[topic.id] = np.array([label if label in (0, 1) else -1 for label in labels], dtype=np.int8)
    return Labelled(tuple(a["id"] for a in articles), features, truth, tuple(map(_source, articles)))


def _source(article: dict[str, str]) -> str:
    """Return a coarse source: broadcast, web, or a newspaper by its age, since language changes with it."""
    if article.get("medium") != "newspaper":
        return article.get("medium", "unknown")
    return "newspaper until 1990" if (article.get("date") or "") < "1991" else "newspaper since 1991"
