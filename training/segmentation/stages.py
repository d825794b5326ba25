"""Train the models one after another, each on what the earlier models say about pages they have not seen."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from services.segment.evidence.page_evidence import Evidence, evidence_from
from services.segment.evidence.second_look import continuity_features, refined_features
from services.segment.evidence.text_cuts import boundary_features, stretches
from services.segment.features import NOTHING, Boundaries, Features
from services.segment.layout.cutting import Cutting, cut_flow, cutting_of
from services.segment.layout.fast_pairs import fast_pairs
from services.segment.layout.heading_cuts import head_features
from services.segment.layout.pieces import caption_groups, decided, pieces_of
from services.segment.layout.reading import PRIOR, UNSURE, first_reading, spans_of
from services.segment.layout.search import best_reading
from services.segment.layout.search_space import search_space
from services.segment.matching.draft import HEAD_LEAST, head_pairs, odds_of, other_pairs, stories_of
from services.segment.matching.heading_parts import part_features
from services.segment.matching.matches import NONE, match_one_to_one
from services.segment.models.shipped import Models
from services.segment.roles import BODY, CLASSES, HEADING
from training.segmentation.boosting import fit
from training.segmentation.corpus import NOBODY, AnnotatedPage
from training.segmentation.network import lessons
from training.segmentation.network import train as train_network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.models.network import Network
    from services.segment.models.trees import Forest


_NEAR = 3
_THIN = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pages each fold keeps aside, and which pages only train.

    Attributes:
        fold_of: fold of each page; `NONE` for pages that are only for training.
        barred: for each page, the folds whose models must not see it.
    """

    fold_of: tuple[int, ...]
    barred: tuple[frozenset[int], ...]
    folds: int


def plan_by(
    pages: Sequence[AnnotatedPage], key: Callable[[AnnotatedPage], str], extra: Sequence[AnnotatedPage] = ()
) -> Plan:
    """Keep aside one value of `key` at a time; `extra` pages are only for training, never with a fold of their text."""
    values = sorted({key(p) for p in pages})
    fold_of = [values.index(key(p)) for p in pages]
    folds_of_issue: dict[str, set[int]] = defaultdict(set)
    for page, fold in zip(pages, fold_of, strict=True):
        folds_of_issue[page.issue].add(fold)
    barred = [frozenset({f}) for f in fold_of]
    barred += [frozenset(f for s in page.sources for f in folds_of_issue.get(s, ())) for page in extra]
    return Plan((*fold_of, *([NONE] * len(extra))), tuple(barred), len(values))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What a model learns from.

    Attributes:
        features: (examples x features).
        labels: (examples,) the right answers, whole numbers from 0.
        weights: (examples,) how much each counts.
    """

    features: Features
    labels: Ints
    weights: Floats

    @staticmethod
    def of(features: Features, labels: Ints) -> Sample:
        """Return examples with equal weights."""
        return Sample(features, labels, np.ones(len(labels)))


def nothing() -> Sample:
    """Return the sample of a page without examples."""
    return Sample.of(NOTHING, np.zeros(0, np.int64))


def stack(samples: Sequence[Sample]) -> Sample:
    """Return samples of several pages as one sample."""
    used = [s for s in samples if len(s.labels)]
    names = used[0].features.names
    return Sample(
        Features(names, np.concatenate([s.features.ordered(names) for s in used])),
        np.concatenate([s.labels for s in used]),
        np.concatenate([s.weights for s in used]),
    )


def role_sample(page: AnnotatedPage, features: Features) -> Sample:
    """Return rows of a page with their class; rows deep inside running text are thinned out and get more weight."""
    other = page.classes != BODY
    near = other.copy()
    for k in range(1, _NEAR + 1):
        near[k:] |= other[:-k]
        near[:-k] |= other[k:]
    deep = np.flatnonzero(~near)
    keep = near.copy()
    keep[deep[::_THIN]] = True
    weight = np.ones(len(near))
    weight[deep] = _THIN
    return Sample(Features(features.names, features.values[keep]), page.classes[keep], weight[keep])


def evidence_of(page: AnnotatedPage, probabilities: Floats, network: Network) -> Evidence:
    """Return what the models know about an annotated page."""
    return evidence_from(page.page, page.features, probabilities, network)


def continuity_sample(page: AnnotatedPage, probabilities: Floats) -> Sample:
    """Boundaries between body rows: a new article?"""
    boundaries = continuity_features(page.page, page.features, probabilities)
    return Sample.of(boundaries.features, _changes(page, boundaries)) if len(boundaries) else nothing()


def _changes(page: AnnotatedPage, boundaries: Boundaries) -> Ints:
    """Return 1 at each boundary (boundaries,) between rows of different articles."""
    articles = np.array([page.articles[r] for r in boundaries.rows])
    changes: Ints = (articles[1:] != articles[:-1]).astype(np.int64)
    return changes


def flow_samples(page: AnnotatedPage, evidence: Evidence) -> tuple[Sample, Sample]:
    """Boundaries of the running text: a new article? a new paragraph?"""
    boundaries = boundary_features(evidence.page, evidence.features, evidence.probabilities, evidence.roles)
    if not len(boundaries):
        return nothing(), nothing()
    starts = page.starts[boundaries.rows[1:]].astype(np.int64)
    return Sample.of(boundaries.features, _changes(page, boundaries)), Sample.of(boundaries.features, starts)


def head_sample(page: AnnotatedPage, evidence: Evidence, bodies: Sequence[Sequence[int]]) -> Sample:
    """Boundaries between heading rows: a new headline block?"""
    boundaries = head_features(evidence.page, evidence.features, evidence.probabilities, evidence.roles, bodies)
    if not len(boundaries):
        return nothing()
    features = boundaries.features
    near = features.column("flow_between") == 0
    return Sample.of(Features(features.names, features.values[near]), _changes(page, boundaries)[near])


def majority(page: AnnotatedPage, rows: Sequence[int]) -> str:
    """Return the article that most rows belong to."""
    return Counter(page.articles[r] for r in rows).most_common(1)[0][0]


def pair_sample(
    page: AnnotatedPage, pairs: Features, pieces: Sequence[Sequence[int]], bodies: Sequence[Sequence[int]]
) -> Sample:
    """(piece, body) pairs: the same article?"""
    if not pairs.names:
        return nothing()
    left, right = [majority(page, p) for p in pieces], [majority(page, b) for b in bodies]
    same = np.array([[int(a == b and a != NOBODY) for b in right] for a in left])
    return Sample.of(pairs.one_by_one(), same.reshape(-1))


def fast_sample(page: AnnotatedPage, evidence: Evidence, cutting: Cutting) -> Sample:
    """(headline block, stretch of text) pairs; stretches are cut as predicted, correctly, and wrongly on purpose."""
    if not len(cutting.flow) or not len(cutting.heading):
        return nothing()
    space = search_space(evidence, cutting, caption_groups(evidence))
    reading = first_reading(space)
    article = np.array([page.articles[r] for r in cutting.flow])
    predicted = list(reading.bodies)
    true = spans_of(np.flatnonzero(article[1:] != article[:-1]).tolist(), len(article))
    stretches = set(predicted) | set(true)
    for spans in (predicted, true):
        stretches |= {(a, d) for (a, _), (_, d) in itertools.pairwise(spans)}
    for k in np.flatnonzero(np.abs(cutting.flow_odds + PRIOR) < UNSURE / 2):
        for a, b in predicted:
            if a <= k < b:
                stretches |= {(a, int(k)), (int(k) + 1, b)}
    bodies = [*sorted(stretches), *space.fixed]
    headed = np.array([page.articles[r] for r in cutting.heading])
    apart = np.flatnonzero(cutting.head_apart | (headed[1:] != headed[:-1])).tolist()
    blocks = set(reading.heads) | set(spans_of(apart, len(headed))) | {t.heading for t in cutting.choices}
    heads = sorted(blocks)
    pairs = fast_pairs(space.counts, heads, bodies)
    # Rows that are not a heading in the truth are not the headline of any body.
    headed = np.array(
        [a if page.classes[r] == HEADING else NOBODY for a, r in zip(headed, cutting.heading, strict=True)]
    )
    left = [Counter(headed[a : b + 1]).most_common(1)[0][0] for a, b in heads]
    owner = [page.articles[r] for r in space.counts.flow]
    right = [Counter(owner[a : b + 1]).most_common(1)[0][0] for a, b in bodies]
    same = np.array([[int(a == b and a != NOBODY) for b in right] for a in left])
    weight = np.where(same.reshape(-1) > 0, 1.0, 0.5)
    return Sample(pairs.one_by_one(), same.reshape(-1), weight)


def true_blocks(page: AnnotatedPage) -> list[list[int]]:
    """Return groups of adjacent heading rows of each article."""
    found: list[list[int]] = []
    for row in np.flatnonzero(page.classes == HEADING):
        if found and page.articles[found[-1][-1]] == page.articles[row] and row - found[-1][-1] <= 3:
            found[-1].append(int(row))
        else:
            found.append([int(row)])
    return found


def part_sample(page: AnnotatedPage) -> Sample:
    """Heading rows: kicker, headline or deck?"""
    blocks = true_blocks(page)
    features = part_features(page.page, page.features, blocks)
    return Sample.of(features, page.parts[[r for b in blocks for r in b]]) if features.names else nothing()


SETTINGS: Mapping[str, Mapping[str, float]] = {
    "roles": {"trees": 170, "depth": 6, "rate": 0.18, "sample": 0.12},
    "continuity": {"trees": 150, "depth": 5, "rate": 0.12, "sample": 0.25},
    "refined": {"trees": 150, "depth": 6, "rate": 0.16, "sample": 0.15},
    "flow": {"trees": 200, "depth": 5, "rate": 0.1, "sample": 0.3},
    "paragraphs": {"trees": 120, "depth": 5, "rate": 0.12, "sample": 0.3},
    "heads": {"trees": 120, "depth": 4, "rate": 0.1, "sample": 0.3},
    "fast_headlines": {"trees": 100, "depth": 5, "rate": 0.15, "sample": 0.4},
    "headlines": {"trees": 200, "depth": 5, "rate": 0.1, "sample": 0.3},
    "captions": {"trees": 150, "depth": 4, "rate": 0.1, "sample": 0.3},
    "bylines": {"trees": 150, "depth": 4, "rate": 0.1, "sample": 0.3},
    "parts": {"trees": 200, "depth": 4, "rate": 0.1, "sample": 0.3},
}


def fit_stage(stage: str, samples: Sequence[Sample]) -> Forest:
    """Fit one stage's model on the samples of its training pages."""
    examples = stack(samples)
    outputs = {"roles": len(CLASSES), "refined": len(CLASSES), "parts": 3}.get(stage, 2)
    setting = SETTINGS[stage]
    return fit(
        examples.features,
        examples.labels,
        outputs=outputs,
        weights=examples.weights,
        trees=int(setting["trees"]),
        depth=int(setting["depth"]),
        rate=float(setting["rate"]),
        sample=float(setting["sample"]),
    )


def train(
    pages: Sequence[AnnotatedPage], plan: Plan, *, final: bool, say: Callable[[str], None]
) -> tuple[list[Models], Models | None]:
    """Train every stage once for each fold, and if `final` once on everything.

    Each stage learns from what the fold models of the earlier stages say about pages they did not see.

    Returns:
        the models of each fold, and the final models.
    """
    keys = [*range(plan.folds), *([NONE] if final else [])]
    made: dict[int, dict[str, Any]] = {k: {} for k in keys}
    # A fold model that has not seen them judges the pages that are only for training, if there is such a model.
    judge = [f if f != NONE else min(plan.barred[i], default=i % plan.folds) for i, f in enumerate(plan.fold_of)]

    def stage(name: str, samples: Sequence[Sample]) -> None:
        for key in keys:
            made[key][name] = fit_stage(name, [s for i, s in enumerate(samples) if key not in plan.barred[i]])
        say(f"{name}: {sum(len(s.labels) for s in samples)} examples")

    taught = [lessons(p, 1.0) for p in pages]
    for key in keys:
        seen = [lesson for i, lesson in enumerate(taught) if key not in plan.barred[i]]
        made[key]["network"] = train_network(seen, say=say)
    stage("roles", [role_sample(p, p.features) for p in pages])
    first = [made[j]["roles"].probabilities(p.features) for p, j in zip(pages, judge, strict=True)]
    stage("continuity", [continuity_sample(p, q) for p, q in zip(pages, first, strict=True)])
    looks = [
        refined_features(p.page, p.features, q, made[j]["continuity"])
        for p, q, j in zip(pages, first, judge, strict=True)
    ]
    stage("refined", [role_sample(p, look) for p, look in zip(pages, looks, strict=True)])
    evidence = [
        evidence_of(p, made[j]["refined"].probabilities(look), made[j]["network"])
        for p, j, look in zip(pages, judge, looks, strict=True)
    ]
    both = [flow_samples(p, e) for p, e in zip(pages, evidence, strict=True)]
    stage("flow", [a for a, _ in both])
    stage("paragraphs", [b for _, b in both])
    flows = [cut_flow(e, made[j]["flow"]) for e, j in zip(evidence, judge, strict=True)]
    bodies = [stretches(flow, odds + PRIOR > 0) for flow, odds in flows]
    stage("heads", [head_sample(p, e, b) for p, e, b in zip(pages, evidence, bodies, strict=True)])
    cuttings = [cutting_of(e, made[j]["flow"], made[j]["heads"]) for e, j in zip(evidence, judge, strict=True)]
    stage("fast_headlines", [fast_sample(p, e, c) for p, e, c in zip(pages, evidence, cuttings, strict=True)])
    pieces = []
    for k, (cutting, j) in enumerate(zip(cuttings, judge, strict=True)):
        captions = caption_groups(evidence[k])
        reading = best_reading(search_space(evidence[k], cutting, captions), made[j]["fast_headlines"])
        evidence[k] = decided(evidence[k], cutting, reading)
        pieces.append(pieces_of(evidence[k], cutting, reading, captions))
    pairs = [head_pairs(e, q) for e, q in zip(evidence, pieces, strict=True)]
    stage(
        "headlines",
        [
            pair_sample(p, found, q.heads, stories_of(p.page, q))
            for p, q, found in zip(pages, pieces, pairs, strict=True)
        ],
    )
    owners = [
        match_one_to_one(odds_of(made[j]["headlines"], found), HEAD_LEAST)
        for j, found in zip(judge, pairs, strict=True)
    ]
    for name in ("captions", "bylines"):
        samples = []
        for p, e, q, owner in zip(pages, evidence, pieces, owners, strict=True):
            which = getattr(q, name)
            samples.append(pair_sample(p, other_pairs(e, q, which, owner), which, q.bodies))
        stage(name, samples)
    stage("parts", [part_sample(p) for p in pages])
    fold_models = [Models(**made[f]) for f in range(plan.folds)]
    return fold_models, Models(**made[NONE]) if final else None
