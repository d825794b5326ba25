"""The score of a topic, from the terms found; every part of the score can be traced to its words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from services.topics.scores.matching import SETTLING  # the weight of a term, or of a sentence's terms together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.taxonomy import Formula
    from services.topics.document import Document
    from services.topics.scores.matching import Hit

LEAD_CHARACTERS = 100
SHORT = 60
"""Added to the length of every text, so that one word does not make a very short text dense."""
STRONG = 2.0
"""Terms below this weight only support; together they weigh no more than the strong terms."""
REPEAT = 0.5
REPEATS = 3
"""A term's first mention counts in full, the next two count half each, and further mentions do not count."""


class Share(NamedTuple):
    """What a found term (`hit` is its position among the hits) adds to a feature."""

    hit: int
    amount: float


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a document for one topic, each with the terms that it came from.

    headline: weight of the terms in headline, kicker and deck (distinct, logarithmic)
    lead:     weight of the terms in the first 100 characters of the body (distinct, logarithmic)
    coverage: share of the text (0 to 1) in sentences on the topic
    density:  weight of all mentions for each 100 characters (logarithmic)
    variety:  weight of the distinct terms (logarithmic)
    settled:  share of the text (0 to 1) in sentences with a term that almost settles it
    against:  weight of the terms against the topic for each 100 characters (logarithmic)
    headless: 1 if the article has no headline, so that the lead must replace it
    """

    headline: tuple[Share, ...] = ()
    lead: tuple[Share, ...] = ()
    coverage: tuple[Share, ...] = ()
    density: tuple[Share, ...] = ()
    variety: tuple[Share, ...] = ()
    settled: tuple[Share, ...] = ()
    against: tuple[Share, ...] = ()
    headless: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """A topic's probability, and what each found term adds to its log odds."""

    probability: float
    contributions: tuple[float, ...] = field(default=())


SHARED = ("headline", "lead", "coverage", "density", "variety", "settled", "against")
FEATURES = (*SHARED, "headless")


def measure(document: Document, hits: tuple[Hit, ...]) -> Features:
    """Return the features of `document` for the topic whose terms are `hits`."""
    numbered = list(enumerate(_supported(hits)))
    headline = [(n, hit) for n, hit in numbered if hit.start < document.headline_end]
    body = [(n, hit) for n, hit in numbered if hit.start >= document.headline_end]
    lead_end = document.headline_end + LEAD_CHARACTERS
    lead = [(n, hit) for n, hit in body if hit.start < lead_end]
    length = max(len(document.text) - document.headline_end, 1)
    coverage, settled = _by_sentence(document, body, length)
    hundreds = (length + SHORT) / 100
    return Features(
        headline=_logarithmic(_saturated(headline)),
        lead=_logarithmic(_saturated(lead)),
        coverage=coverage,
        density=_logarithmic([Share(n, hit.weight / hundreds) for n, hit in body if hit.weight > 0]),
        variety=_logarithmic(_saturated(body)),
        settled=settled,
        against=_logarithmic([Share(n, -hit.weight / hundreds) for n, hit in numbered if hit.weight < 0]),
        headless=float(not document.headline_end),
    )


def values(features: Features) -> tuple[float, ...]:
    """Return the features as numbers, in the order of FEATURES."""
    return (*(sum(share.amount for share in getattr(features, name)) for name in SHARED), features.headless)


def score(features: Features, formula: Formula, hits: int) -> Score:
    """Return the score by `formula`, with the contribution of each of the `hits` terms.

    The bias, the weight of a missing headline and the contributions add up to the log odds.
    """
    contributions = [0.0] * hits
    for name in SHARED:
        weight = getattr(formula, name)
        for share in getattr(features, name):
            contributions[share.hit] += weight * share.amount
    odds = formula.bias + formula.headless * features.headless + math.fsum(contributions)
    return Score(1 / (1 + math.exp(-odds)), tuple(contributions))


def _supported(hits: tuple[Hit, ...]) -> list[Hit]:
    """Return `hits` with reduced supporting terms, so that they cannot give a topic alone."""
    weights = {hit.term: hit.weight for hit in hits if hit.weight > 0}
    strong = sum(weight for weight in weights.values() if weight >= STRONG)
    supporting = sum(weight for weight in weights.values() if weight < STRONG)
    if supporting <= strong:
        return list(hits)
    scale = strong / supporting
    return [hit._replace(weight=hit.weight * scale) if 0 < hit.weight < STRONG else hit for hit in hits]


def _saturated(hits: Iterable[tuple[int, Hit]]) -> list[Share]:
    """Return each mention's weight; later mentions of the same term count less."""
    mentions: dict[str, int] = {}
    shares = []
    for number, hit in hits:
        if hit.weight < 0:
            continue
        mentions[hit.term] = mentions.get(hit.term, 0) + 1
        if mentions[hit.term] <= REPEATS:
            shares.append(Share(number, hit.weight * (1 if mentions[hit.term] == 1 else REPEAT)))
    return shares


def _logarithmic(shares: list[Share]) -> tuple[Share, ...]:
    """Return `shares` scaled so that their sum s becomes log(1 + s)."""
    total = sum(share.amount for share in shares)
    if not total:
        return ()
    scale = math.log1p(total) / total
    return tuple(Share(share.hit, share.amount * scale) for share in shares)


def _by_sentence(
    document: Document, body: list[tuple[int, Hit]], length: int
) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    """Return coverage and settled: how much of the text is on the topic, counted by sentences."""
    coverage: list[Share] = []
    settled: list[Share] = []
    pending = 0
    for start, end in document.sentences:
        inside = []
        while pending < len(body) and body[pending][1].start < end:
            inside.append(body[pending])
            pending += 1
        if not inside:
            continue
        size = (end - max(start, document.headline_end)) / length
        distinct = {hit.term: (number, hit.weight) for number, hit in reversed(inside)}
        rising = [(number, weight) for number, weight in distinct.values() if weight > 0]
        total = sum(weight for _, weight in distinct.values())
        risen = sum(weight for _, weight in rising)
        if total > 0:
            share = size * min(1.0, total / SETTLING) / risen
            coverage.extend(Share(number, weight * share) for number, weight in rising)
        decisive = [number for number, weight in rising if weight >= SETTLING]
        settled.extend(Share(number, size / len(decisive)) for number in decisive)
    return tuple(coverage), tuple(settled)
