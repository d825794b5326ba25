"""What the trees of each stage learn from a page: the features of its rows, boundaries or pairs, and the answers."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import Evidence, evidence_from
from services.segment.evidence.second_look import continuity_features
from services.segment.evidence.text_cuts import boundary_features
from services.segment.features import NOTHING, Boundaries, Features
from services.segment.layout.fast_pairs import fast_pairs
from services.segment.layout.heading_cuts import head_features
from services.segment.layout.pieces import caption_groups
from services.segment.layout.reading import PRIOR, UNSURE, first_reading, spans_of
from services.segment.layout.search_space import search_space
from services.segment.matching.heading_parts import part_features
from services.segment.roles import BODY, HEADING
from training.segmentation.corpus import NOBODY, AnnotatedPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints
    from services.segment.layout.cutting import Cutting
    from services.segment.models.network import Network

_NEAR = 3
_THIN = 6


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
