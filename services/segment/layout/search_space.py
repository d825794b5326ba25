"""What the search may change on a page, and what it needs to know to judge a change."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.fast_pairs import page_counts
from services.segment.page.shared_words import phrases, shared_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Flags, Floats, Span
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.layout.cutting import Cutting
    from services.segment.layout.fast_pairs import PageCounts

PICTURE_STORY = 18  # number of characters a caption needs to be the text under a headline
REPEATED = 0.5  # a caption is not a text of its own when this share of its phrases is printed in the running text too


@dataclass(frozen=True, slots=True)
class Choice:
    """A run of rows that could be a headline or running text.

    Attributes:
        flow: first and last position in the flow.
        heading: first and last position among the heading rows.
        headline: whether the search starts with it as a headline.
        role_odds: log-odds of headline against running text.
        across: log-odds of a cut between the rows around it when it is a headline.
    """

    flow: Span
    heading: Span
    headline: bool
    role_odds: float
    across: float


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """A page as the search sees it.

    Attributes:
        counts: rows and words; `counts.flow` has the running text, including the choices, then the long captions.
        size: how many positions of `counts.flow` are running text.
        flow_odds: log-odds of a cut at each boundary of the running text.
        head_odds: log-odds of a cut at each boundary between heading rows, including the choices.
        head_apart: whether certain running text is between the two rows of each heading boundary.
        choices: the runs that could be read either way.
        fixed: stretches of `counts.flow` after the running text that may belong to a headline.
    """

    counts: PageCounts
    size: int
    flow_odds: Floats
    head_odds: Floats
    head_apart: Flags
    choices: tuple[Choice, ...]
    fixed: tuple[Span, ...]


def search_space(evidence: Evidence, cutting: Cutting, captions: Sequence[Sequence[int]]) -> SearchSpace:
    """Return the page as the search sees it; each long caption is a separate stretch after the flow.

    Args:
        evidence: what is known of the page.
        cutting: how the page could be cut.
        captions: the rows of each caption.
    """
    page = evidence.page
    long = [c for c in captions if len(page.text_of(c)) >= PICTURE_STORY]
    if long:
        running = phrases([page.text_of(cutting.flow.tolist())], 4)
        told, _ = shared_words(phrases([page.text_of(c) for c in long], 4), running)
        long = [c for c, share in zip(long, told, strict=True) if share[0] < REPEATED]
    positions = np.concatenate((cutting.flow, np.array([r for c in long for r in c], np.int64)))
    edges = np.cumsum([len(cutting.flow), *(len(c) for c in long)])
    fixed = tuple((int(a), int(b) - 1) for a, b in itertools.pairwise(edges))
    counts = page_counts(page, evidence.features, evidence.roles, positions, cutting.heading)
    return SearchSpace(
        counts, len(cutting.flow), cutting.flow_odds, cutting.head_odds, cutting.head_apart, cutting.choices, fixed
    )
