"""Quality of topics, by cross-validation on the labelled articles: `python -m benchmarks.topics`.

Every figure is of articles that the weights were not fitted on: in ten folds, three times over; with a whole kind of
source left out (broadcast, web, newspapers old and new); and with no labelled article of the topic at all, its weights
being those that the other topics share, as for a topic that a desk has just added. The term lists were written from
knowledge of the field. Where errors were looked at to widen them, it was on the half of the articles that is reported
as "looked at"; "never looked at" is the other half. "Briefs" are first sentences alone, which are trained on too, each
in the fold of its article. At the end stand, by source and by length of text, the share of articles whose topics are
all right, and the one-sentence items of benchmarks/short_topics.tsv, real and figurative, which are never trained on.
"""

from __future__ import annotations

import hashlib
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from training.topics.articles import BenchMissingError, Labelled, bench, read
from training.topics.fit import fit_shared, fit_topic, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from schemas.taxonomy import Taxonomy

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

FOLDS = 10
REPEATS = 3
LENGTHS = (0, 100, 200, 400, 800, 1600, 100_000)
SHORT = Path(__file__).with_name("short_topics.tsv")
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


class Result(NamedTuple):
    """Right, wrong and missed articles of one topic."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def judge(labelled: Labelled, topic: str, scores: Numbers, threshold: float, rows: Mask) -> Result:
    """Return how `scores` do on the articles `rows` (a mask); borderline ones are left out."""
    truth, tagged = labelled.truth[topic], scores >= threshold
    return Result(
        int((tagged & (truth == 1) & rows).sum()),
        int((tagged & (truth == 0) & rows).sum()),
        int((~tagged & (truth == 1) & rows).sum()),
    )


def held_out(labelled: Labelled, parts: list[Mask], fit: Callable[[str, Mask], Numbers]) -> dict[str, Numbers]:
    """Return the scores of every article, each part's by weights fitted on the others."""
    scores = {topic: np.zeros(len(labelled.ids)) for topic in labelled.features}
    for part in parts:
        for topic, features in labelled.features.items():
            scores[topic][part] = predict(features[part], fit(topic, ~part))
    return scores


def folds(labelled: Labelled, repeat: int) -> list[Mask]:
    """Return ten parts of the articles, by a hash of their ids, so that they are the same on every machine."""
    digests = {name: hashlib.sha256(f"{repeat}/{name}".encode()).digest() for name in labelled.ids}
    order = sorted(digests, key=digests.__getitem__)
    fold = {name: number % FOLDS for number, name in enumerate(order)}
    numbers = np.array([fold[name] for name in labelled.ids])
    return [numbers == number for number in range(FOLDS)]


def table(
    labelled: Labelled, title: str, runs: list[dict[str, Numbers]], rows: Mask, taxonomy: Taxonomy | None = None
) -> Iterator[str]:
    """Yield the lines of one table: each topic of `taxonomy` (None: the seed), and their mean, over `runs`."""
    thresholds = {topic.id: topic.threshold for topic in (taxonomy or seed_taxonomy()).topics}
    yield f"{title} ({int(rows.sum())} articles)"
    means = []
    for topic in labelled.features:
        results = [judge(labelled, topic, run[topic], thresholds[topic], rows) for run in runs]
        right, wrong, missed = (sum(result[part] for result in results) / len(results) for part in range(3))
        means.append(sum(result.f1 for result in results) / len(results))
        precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
        yield f"  {topic:13} P {precision:.3f}  R {recall:.3f}  F1 {means[-1]:.3f}"
    yield f"  macro F1 {sum(means) / len(means):.3f}"


def calibration(labelled: Labelled, runs: list[dict[str, Numbers]]) -> Iterator[str]:
    """Yield the lines that compare scores with the share of articles that are about the topic."""
    known = {topic: truth >= 0 for topic, truth in labelled.truth.items()}
    scores = np.concatenate([run[topic][known[topic]] for run in runs for topic in labelled.features])
    truth = np.concatenate([labelled.truth[topic][known[topic]] for _ in runs for topic in labelled.features])
    yield f"calibration (Brier score {np.mean((scores - truth) ** 2):.4f})"
    for low, high in pairwise(BINS):
        inside = (scores >= low) & ((scores < high) | (high == BINS[-1]))
        if inside.any():
            share, mean = truth[inside].mean(), scores[inside].mean()
            number = int(inside.sum())
            yield f"  scores {low:.1f} to {high:.1f}: mean {mean:.3f}, about the topic {share:.3f} ({number})"


def shares(labelled: Labelled, run: dict[str, Numbers], title: str) -> Iterator[str]:
    """Yield the share of articles whose topics are all right, by source and by length of the text."""
    thresholds = {topic.id: topic.threshold for topic in seed_taxonomy().topics}
    right = np.ones(len(labelled.ids), dtype=bool)
    for topic, truth in labelled.truth.items():
        right &= (truth < 0) | ((run[topic] >= thresholds[topic]) == (truth == 1))
    yield f"topics all right, {title}"
    sources = np.array(labelled.groups)
    for source in sorted(set(labelled.groups)):
        yield _share(source, right, (sources == source) & ~labelled.briefs)
    for low, high in pairwise(LENGTHS):
        rows = (labelled.lengths >= low) & (labelled.lengths < high) & ~labelled.briefs
        yield _share(f"{low} to {high - 1} characters", right, rows)
    yield _share("briefs: first sentences", right, labelled.briefs)


def _share(name: str, right: Mask, rows: Mask) -> str:
    return f"  {name:24} {right[rows].mean():.3f} ({int(rows.sum())})" if rows.any() else f"  {name:24} none"


class ShortText(NamedTuple):
    """A one-sentence item, the sitting it was written in, and the topics it is about."""

    sitting: str
    text: str
    topics: frozenset[str]


def short_texts() -> Iterator[ShortText]:
    """Yield the items of benchmarks/short_topics.tsv."""
    for line in SHORT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sitting, text, topics = [*line.split("\t"), ""][:3]
            yield ShortText(sitting, text, frozenset(filter(None, topics.split("; "))))


def short_items() -> Iterator[str]:
    """Yield how the shipped taxonomy does on one-sentence items, and those it gets wrong."""
    tagger = Tagger(seed_taxonomy())
    items = list(short_texts())
    for sitting in sorted({item.sitting for item in items}):
        for kind in ("figurative", "real"):
            chosen = [item for item in items if item.sitting == sitting and bool(item.topics) == (kind == "real")]
            told = [{topic.id for topic in tagger.topics_of("", item.text)} for item in chosen]
            faults = [(item.text, found) for item, found in zip(chosen, told, strict=True) if found != item.topics]
            yield f"one-sentence items, sitting {sitting}, {kind}: {len(told) - len(faults)} of {len(told)} right"
            yield from (f"    {text} {'; '.join(sorted(found)) or 'none'}" for text, found in faults)


def _looked_at(name: str) -> bool:
    """Return whether the article is in the half whose errors were looked at when the terms were widened."""
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def main() -> int:
    """Measure and print; return the exit status."""
    try:
        labelled = read(bench() / "topics" / "dev.jsonl", seed_taxonomy())
    except BenchMissingError as error:
        print(error, file=sys.stderr)
        return 1
    everything = ~labelled.briefs

    def fitted(topic: str, rows: Mask) -> Numbers:
        return fit_topic(labelled.features, labelled.truth, topic, rows)

    def shared(topic: str, rows: Mask) -> Numbers:
        return fit_shared(labelled.features, labelled.truth, rows, without=topic)

    runs = [held_out(labelled, folds(labelled, repeat), fitted) for repeat in range(REPEATS)]
    looked_at = np.array([_looked_at(name) for name in labelled.ids]) & everything
    print(*table(labelled, f"{FOLDS}-fold cross-validation, {REPEATS} times", runs, everything), sep="\n")
    print(*table(labelled, "the same, articles looked at", runs, looked_at), sep="\n")
    print(*table(labelled, "the same, articles never looked at", runs, everything & ~looked_at), sep="\n")
    sources = np.array(labelled.groups)
    parts = [sources == source for source in sorted(set(labelled.groups))]
    left_out = held_out(labelled, parts, fitted)
    print(*table(labelled, "a whole kind of source left out", [left_out], everything), sep="\n")
    print(*table(labelled, "briefs: first sentences, cross-validation", runs, labelled.briefs), sep="\n")
    untrained = [held_out(labelled, folds(labelled, 0), shared)]
    print(*table(labelled, "without training on the topic", untrained, everything), sep="\n")
    print(*calibration(labelled, runs), sep="\n")
    print(*shares(labelled, runs[0], "cross-validation"), sep="\n")
    print(*shares(labelled, left_out, "a whole kind of source left out"), sep="\n")
    print(*short_items(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
