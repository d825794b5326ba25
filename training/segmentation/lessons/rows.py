"""What the network over rows learns from a page: its rows in several forms, with their roles and answers."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from services.segment.models import network as net
from services.segment.roles import BODY, HEADING, SUBHEAD
from training.segmentation.variants.augment import variant
from training.segmentation.variants.restyle import restyled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Ints
    from training.segmentation.corpus import AnnotatedPage

    Weights = dict[str, Any]

# Features of neighbouring rows are left out, because the convolutions see the neighbours themselves.
LEFT_OUT = re.compile(r".*@|since_|until_|chain_|.*_(before|after)_(3|8|20)$|support$|to_page_width$")
REORDERED, RESTYLED = 0.5, 0.75  # how often a page is drawn in this form, relative to its original form


@dataclass(frozen=True, slots=True)
class Example:
    """A page in the form from which the network learns.

    Attributes:
        names: the row features it reads.
        codes, inputs: what `services.segment.models.network` reads from each row.
        classes: true class of each row.
        answers: (rows, `net.YES_OR_NO`) 1 or 0, or -1 if the question does not arise. The questions: does a row of
            running text start another article than the row above it; does it start a paragraph; does a heading row
            head another article than the row above it?
        parts: kicker, headline or deck for heading rows, -1 elsewhere.
        weight: how often the page is drawn, relative to others.
    """

    names: tuple[str, ...]
    codes: Ints
    inputs: Floats
    classes: Ints
    answers: Ints
    parts: Ints
    weight: float


def answers_of(classes: Ints, articles: Sequence[Any], starts: Flags) -> Ints:
    """Return the answers of `Example` from a page's true classes, articles and paragraph starts."""
    flow = np.flatnonzero((classes == BODY) | (classes == SUBHEAD))
    cut, paragraph, block = (np.full(len(classes), -1) for _ in net.YES_OR_NO)
    paragraph[flow[1:]] = starts[flow[1:]]
    for rows, found in ((flow, cut), (np.flatnonzero(classes == HEADING), block)):
        for above, below in itertools.pairwise(rows.tolist()):
            found[below] = int(articles[above] != articles[below])
    return np.stack((cut, paragraph, block), axis=1)


def wanted(names: Sequence[str]) -> tuple[str, ...]:
    """Return which row features the network reads."""
    return tuple(n for n in names if n not in net.CODED and not LEFT_OUT.match(n))


def example(page: AnnotatedPage, weight: float) -> Example:
    """Return what the network learns from an annotated page."""
    read = net.inputs(page.page, page.features, wanted(page.features.names))
    answers = answers_of(page.classes, page.articles, page.starts)
    return Example(
        wanted(page.features.names), net.characters(page.page), read, page.classes, answers, page.parts, weight
    )


@dataclass(frozen=True, slots=True)
class Lessons:
    """The pages for the two lessons of `train`: pages in their original words, and restyled pages."""

    own: tuple[Example, ...]
    restyled: tuple[Example, ...]


def lessons(page: AnnotatedPage, weight: float, rounds: int = 1) -> Lessons:
    """Return a page in its original form and, `rounds` times each, reordered, restyled, and both."""
    own, restyles = [example(page, weight)], []
    for k in range(1, rounds + 1):
        own.append(example(variant(page, f"o{k}", reorder=True), weight * REORDERED / rounds))
        restyles.append(example(restyled(page, f"r{k}"), weight * RESTYLED / rounds))
        both = variant(restyled(page, f"s{k}"), f"s{k}", reorder=True)
        restyles.append(example(both, weight * RESTYLED / rounds))
    return Lessons(tuple(own), tuple(restyles))
