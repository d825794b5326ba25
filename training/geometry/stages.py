"""Train the models of placed pages in turn, each on what the earlier ones say about pages they did not see."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.geometry.parts import placed_part_features
from services.segment.geometry.placed_page import placed_page, row_evidence
from services.segment.geometry.reading import (
    block_pairs,
    blocks_of,
    linked,
    owners_evidence,
    pair_evidence,
    pieces_of,
)
from services.segment.matching.draft import odds_of
from services.segment.matching.matches import NONE
from services.segment.models.placed import PLACED_NAMES, PlacedModels
from services.segment.roles import CLASSES, HEADING
from training.geometry.pages import NOWHERE, majority
from training.segmentation.corpus import NOBODY
from training.segmentation.forests.boosting import fit
from training.segmentation.lessons.samples import Sample, nothing, role_sample, stack, true_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from services.segment.arrays import Flags, Ints
    from services.segment.geometry.placed_page import PlacedPage
    from services.segment.geometry.reading import PlacedPieces
    from services.segment.models.trees import Forest
    from training.geometry.pages import PlacedExample

FOLDS = 2
_THIN = 3
SETTINGS: Mapping[str, Mapping[str, float]] = {
    "rows": {"trees": 100, "depth": 6, "rate": 0.2, "sample": 0.15},
    "blocks": {"trees": 120, "depth": 5, "rate": 0.12, "sample": 0.4},
    "links": {"trees": 180, "depth": 6, "rate": 0.12, "sample": 0.25},
    "leads": {"trees": 180, "depth": 6, "rate": 0.12, "sample": 0.25},
    "captions": {"trees": 160, "depth": 5, "rate": 0.1, "sample": 0.3},
    "bylines": {"trees": 160, "depth": 5, "rate": 0.1, "sample": 0.3},
    "parts": {"trees": 160, "depth": 5, "rate": 0.1, "sample": 0.3},
}


def fit_stage(stage: str, samples: Sequence[Sample]) -> Forest:
    """Fit one model on the samples of its training pages."""
    examples = stack(samples)
    setting = SETTINGS[stage]
    return fit(
        examples.features,
        examples.labels,
        outputs={"rows": len(CLASSES), "parts": 3}.get(stage, 2),
        weights=examples.weights,
        trees=int(setting["trees"]),
        depth=int(setting["depth"]),
        rate=float(setting["rate"]),
        sample=float(setting["sample"]),
    )


def block_sample(example: PlacedExample, page: PlacedPage) -> Sample:
    """(heading row, heading row) pairs: the same article?"""
    one, two, features = block_pairs(page)
    if not len(one):
        return nothing()
    articles = np.array(example.truth.articles)
    heading = example.truth.classes == HEADING
    same = (articles[one] == articles[two]) & (articles[one] != NOBODY) & heading[one] & heading[two]
    return Sample.of(features, same.astype(np.int64))


def link_samples(
    example: PlacedExample, pieces: PlacedPieces, pairs: tuple[Features, Features]
) -> tuple[Sample, Sample]:
    """(frame, piece) and (headline block, piece) pairs: does the piece follow in the same article?"""
    truth, frames = example.truth, len(pieces.frames)
    first, follows, owner = _followed_in_truth(example, pieces)
    links = np.zeros((frames, len(owner)), np.int64)
    for k, before in follows.items():
        links[before, k] = 1
    leads = np.zeros((len(pieces.blocks), len(owner)), np.int64)
    for h, rows in enumerate(pieces.blocks):
        article = majority(truth, rows)
        if article in first and truth.classes[list(rows)].tolist().count(HEADING) * 2 > len(rows):
            leads[h, first[article]] = 1
    possible = np.ones(links.shape, np.bool_)
    possible[:, frames:] = False  # nothing but a headline leads to a caption
    np.fill_diagonal(possible, False)
    return _thinned(pairs[0], links, possible), _thinned(pairs[1], leads, np.ones(leads.shape, np.bool_))


def _thinned(pairs: Features, labels: Ints, possible: Flags) -> Sample:
    """Return the possible pairs; of the pairs that do not belong together one in `_THIN`, which weighs as much."""
    if not pairs.names:
        return nothing()
    flat, label = pairs.one_by_one(), labels.reshape(-1)
    yes = np.flatnonzero(possible.reshape(-1) & (label > 0))
    no = np.flatnonzero(possible.reshape(-1) & (label == 0))[::_THIN]
    chosen = np.sort(np.concatenate((yes, no)))
    weights = np.where(label[chosen] > 0, 1.0, float(_THIN))
    return Sample(Features(flat.names, flat.values[chosen].astype(np.float32)), label[chosen], weights)


def _followed_in_truth(
    example: PlacedExample, pieces: PlacedPieces
) -> tuple[dict[str, int], dict[int, int], list[str]]:
    """Return the first piece of each article, the frame that each frame follows, and the article of each piece."""
    owner = [majority(example.truth, rows) for rows in pieces.behind.rows]
    rank = [int(example.order[list(rows)].min()) for rows in pieces.behind.rows]
    first: dict[str, int] = {}
    follows: dict[int, int] = {}
    frames = range(len(pieces.frames))
    for article in sorted({owner[k] for k in frames} - {NOBODY}):
        held = sorted((k for k in frames if owner[k] == article and rank[k] < NOWHERE), key=lambda k: rank[k])
        if held:
            first[article] = held[0]
            follows |= dict(zip(held[1:], held, strict=False))
    for k in range(len(frames), len(owner)):
        if owner[k] != NOBODY:
            first.setdefault(owner[k], k)
    return first, follows, owner


def owner_sample(
    example: PlacedExample,
    page: PlacedPage,
    pieces: PlacedPieces,
    articles: list[tuple[int, list[int]]],
    which: tuple[tuple[int, ...], ...],
) -> Sample:
    """(caption or byline, article) pairs: do they belong together?"""
    features = owners_evidence(page, pieces, articles, which)
    if not features.names:
        return nothing()
    truth = example.truth
    held = []
    for head, chain in articles:
        rows = [r for at in chain for r in pieces.behind.rows[at]]
        held.append(majority(truth, tuple(rows or (pieces.blocks[head] if head != NONE else ()))))
    same = [[int(majority(truth, rows) == owner != NOBODY) for owner in held] for rows in which]
    return Sample.of(features.one_by_one(), np.array(same, np.int64).reshape(-1))


def part_sample(example: PlacedExample) -> Sample:
    """Heading rows: kicker, headline or deck?"""
    blocks = true_blocks(example.truth)
    features = placed_part_features(example.draft.evidence, example.places, blocks)
    labels = example.truth.parts[[r for b in blocks for r in b]]
    return Sample.of(features, labels) if features.names else nothing()


def fitted(jobs: Mapping[str, tuple[str, Sequence[Sample]]], processes: int) -> dict[str, Forest]:
    """Fit the models of several stages at once: job -> stage and samples; the result does not depend on `processes`."""
    with ProcessPoolExecutor(processes) as pool:
        running = {job: pool.submit(fit_stage, stage, samples) for job, (stage, samples) in jobs.items()}
        return {job: future.result() for job, future in running.items()}


def train(examples: Sequence[PlacedExample], say: Callable[[str], None], processes: int = 2) -> PlacedModels:
    """Train every stage on these pages.

    The rows of a page are judged by a model that did not see the page's issue, so that the later stages learn from
    roles with the usual errors. Stages after that see what the models say of pages that they have seen: their share of
    errors is small.
    """
    issues = {name: k % FOLDS for k, name in enumerate(sorted({e.truth.issue for e in examples}))}
    fold = [issues[e.truth.issue] for e in examples]
    rows = [row_evidence(e.draft, e.places) for e in examples]
    samples = [role_sample(e.truth, features) for e, (_, features) in zip(examples, rows, strict=True)]
    say(f"rows: {sum(len(s.labels) for s in samples)} examples")
    jobs: dict[str, tuple[str, Sequence[Sample]]] = {
        f"rows{key}": ("rows", [s for s, f in zip(samples, fold, strict=True) if f != key]) for key in range(FOLDS)
    }
    made = fitted(jobs | {"rows": ("rows", samples), "parts": ("parts", [part_sample(e) for e in examples])}, processes)
    pages = [
        placed_page(e.draft, e.places, near, made[f"rows{f}"].probabilities(features))
        for e, (near, features), f in zip(examples, rows, fold, strict=True)
    ]
    say("blocks")
    made |= fitted({"blocks": ("blocks", [block_sample(e, p) for e, p in zip(examples, pages, strict=True)])}, 1)
    pieces = [pieces_of(page, blocks_of(page, made["blocks"])) for page in pages]
    evidence = [pair_evidence(p, q) for p, q in zip(pages, pieces, strict=True)]
    both = [link_samples(e, q, pairs) for e, q, pairs in zip(examples, pieces, evidence, strict=True)]
    say(f"links: {sum(len(a.labels) for a, _ in both)} pairs of frames, {sum(len(b.labels) for _, b in both)} leads")
    made |= fitted({"links": ("links", [a for a, _ in both]), "leads": ("leads", [b for _, b in both])}, processes)
    articles = [
        linked(q, odds_of(made["links"], a), odds_of(made["leads"], b))
        for q, (a, b) in zip(pieces, evidence, strict=True)
    ]
    say("captions and bylines")
    made |= fitted(
        {
            name: (
                name,
                [
                    owner_sample(e, p, q, a, getattr(q, name))
                    for e, p, q, a in zip(examples, pages, pieces, articles, strict=True)
                ],
            )
            for name in ("captions", "bylines")
        },
        processes,
    )
    return PlacedModels(**{name: made[name] for name in PLACED_NAMES})
