"""Labelled articles, in one of two forms.

A JSON file has an object on each line: id, headline, text, topics {topic: 0 | 1 | "b"}; b is borderline. A TSV file has
an article on each line: the kind of its subject, its topics (separated by "; ", with "?" after a borderline one),
headline and text; topics that it does not name are 0, and lines that begin with # are comments.

Each article is measured completely. Its first sentence is also measured, as a brief without a headline, because the
labelled articles are long and papers print one-sentence items. A brief is about a topic if its article is about it and
the sentence has a word that almost settles it. A brief without such a word is left out.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from services.topics.document import Passage, lay_out
from services.topics.scores.matching import SETTLING, Lexicon
from services.topics.scores.scoring import measure, values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from schemas.taxonomy import Taxonomy
    from services.topics.document import Document

BENCH_VARIABLE = "BROADSHEET_BENCH"
SENTENCE_END = re.compile(r"[。！？\n]")
LEAST_BRIEF = 20
"""The least number of characters of a brief; a shorter sentence is joined with the next sentence."""
REPOSITORY = Path(__file__).resolve().parents[2]


class BenchMissingError(FileNotFoundError):
    """The labelled articles are missing; the text says where they were expected."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles and their briefs, measured for every topic of a taxonomy; the briefs come after the articles.

    features[topic]: a row for each article, a column for each feature of `services.topics.scores.scoring.FEATURES`
    truth[topic]:    1 about it, 0 not, -1 borderline or unlabelled
    groups:          where each article comes from, for leaving out a complete source
    lengths:         characters of the text that was measured
    briefs:          whether it is only a first sentence
    """

    ids: tuple[str, ...]
    features: dict[str, NDArray[np.float64]]
    truth: dict[str, NDArray[np.int8]]
    groups: tuple[str, ...]
    lengths: NDArray[np.int64]
    briefs: NDArray[np.bool_]


def bench() -> Path:
    """Return the folder of labelled material: BROADSHEET_BENCH, else ../shared/bench beside the repository.

    Raises:
        BenchMissingError: neither folder exists.
    """
    named = os.environ.get(BENCH_VARIABLE)
    beside = [parent / "shared" / "bench" for parent in REPOSITORY.parents[:2]]
    for folder in [Path(named)] if named else beside:
        if folder.is_dir():
            return folder
    looked = named or " and ".join(str(folder) for folder in beside)
    raise BenchMissingError(f"no labelled articles at {looked}: set {BENCH_VARIABLE} to the folder that holds topics/")


def read(path: Path, taxonomy: Taxonomy) -> Labelled:
    """Return the articles of `path` (.jsonl or .tsv), measured for the topics of `taxonomy`."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if path.suffix == ".tsv":
        topics = [topic.id for topic in taxonomy.topics]
        written = [line for line in lines if not line.startswith("#")]
        return measured([_written(f"{path.stem}{n}", line, topics) for n, line in enumerate(written, 1)], taxonomy)
    return measured([json.loads(line) for line in lines], taxonomy)


def measured(articles: list[dict[str, Any]], taxonomy: Taxonomy) -> Labelled:
    """Return `articles` (id, headline, text, topics, medium, date), measured for the topics of `taxonomy`."""
    documents = [_document(article["headline"] or "", article["text"]) for article in articles]
    briefs = [_document("", first_sentence(article["text"])) for article in articles]
    features, truth = {}, {}
    for topic in taxonomy.topics:
        lexicon = Lexicon(topic)
        found = [lexicon.find(document) for document in (*documents, *briefs)]
        rows = [values(measure(*each)) for each in zip((*documents, *briefs), found, strict=True)]
        features[topic.id] = np.array(rows, dtype=np.float64)
        labels = [article["topics"].get(topic.id) for article in articles]
        labels += [
            label if label == 0 or any(hit.weight >= SETTLING for hit in hits) else None
            for label, hits in zip(labels, found[len(labels) :], strict=True)
        ]
        truth[topic.id] = np.array([label if label in (0, 1) else -1 for label in labels], dtype=np.int8)
    return Labelled(
        ids=tuple(article["id"] for article in articles) * 2,
        features=features,
        truth=truth,
        groups=tuple(map(_source, articles)) * 2,
        lengths=np.array([len(document.text) - document.headline_end for document in (*documents, *briefs)]),
        briefs=np.arange(2 * len(articles)) >= len(articles),
    )


def _written(name: str, line: str, topics: list[str]) -> dict[str, Any]:
    """Return the article of a line of a TSV file, with a label for each of `topics`.

    Raises:
        ValueError: the line has not four fields, or names a topic that is not among `topics`.
    """
    kind, named, headline, text = line.split("\t")
    labels: dict[str, Any] = dict.fromkeys(topics, 0)
    for topic in filter(None, named.split("; ")):
        if topic.removesuffix("?") not in labels:
            raise ValueError(f"{name}: there is no topic {topic!r}; use one of {', '.join(topics)}")
        labels[topic.removesuffix("?")] = "b" if topic.endswith("?") else 1
    return {"id": name, "headline": headline, "text": text, "topics": labels, "medium": kind}


def first_sentence(text: str) -> str:
    """Return the first sentence of `text`, or as many as it takes to say something."""
    end = next((match.end() for match in SENTENCE_END.finditer(text) if match.end() >= LEAST_BRIEF), len(text))
    return text[:end]


def _document(headline: str, text: str) -> Document:
    passages = [Passage("headline", 0, headline), Passage("body", 0, text)]
    return lay_out([passage for passage in passages if passage.text])


def _source(article: dict[str, str]) -> str:
    """Return a coarse source: broadcast, web, or a newspaper by its age, because language changes with age."""
    if article.get("medium") != "newspaper":
        return article.get("medium", "unknown")
    return "newspaper until 1990" if (article.get("date") or "") < "1991" else "newspaper since 1991"
