"""Train the models one after another, each on what the earlier models say about pages they have not seen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.segment.evidence.second_look import refined_features
from services.segment.evidence.text_cuts import stretches
from services.segment.layout.cutting import cut_flow, cutting_of
from services.segment.layout.pieces import caption_groups, decided, pieces_of
from services.segment.layout.reading import PRIOR
from services.segment.layout.search import best_reading
from services.segment.layout.search_space import search_space
from services.segment.matching.draft import HEAD_LEAST, head_pairs, odds_of, other_pairs, stories_of
from services.segment.matching.matches import NONE, match_one_to_one
from services.segment.models.shipped import Models
from services.segment.roles import CLASSES
from training.segmentation.forests.boosting import fit
from training.segmentation.lessons.rows import lessons
from training.segmentation.lessons.samples import (
    Sample,
    continuity_sample,
    evidence_of,
    fast_sample,
    flow_samples,
    head_sample,
    pair_sample,
    part_sample,
    role_sample,
    stack,
)
from training.segmentation.network import train as train_network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from services.segment.models.trees import Forest
    from training.segmentation.corpus import AnnotatedPage


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
