"""Decide which parts of a story belong together across pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.layout.assignment_problem import best_assignment
from services.segment.page.shared_words import phrases, shared_words
from services.segment.page.torn_words import torn_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Floats, Ints

# Log-odds that two parts are the same story, fitted to the pairs that the jump lines of 112 generated issues allow.
PRIOR = -1.5
WORDS = 1.9  # how much more the first part has of the second part's words than of any other text's on that page
TITLED, ECHOED = 1.2, 1.0  # share of the second part's headline in the first's, and in its headline and beginning
TORN = 1.1  # a word continues across the break
MARKED = 1.8  # the second part prints 上接
LEAD = -3.0  # the second part opens like a new story (本报讯)
MARGIN = 1.0  # a pair must beat every other pair with either of its parts by this much
_FLOOR = 0.01
_NEVER = -99.0


@dataclass(frozen=True, slots=True)
class Part:
    """A text where a link may begin or end.

    Attributes:
        page: the page it is on.
        text: its `plain` text, without jump lines glued to it.
        headline: its `plain` headline.
        opens: whether it opens like a new story.
    """

    page: int
    text: str
    headline: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Where a link may begin or end.

    Attributes:
        part: the index of the part.
        target: the page that its jump line names.
        marked: whether it has a jump line.
    """

    part: int
    target: int | None
    marked: bool = True


def link(parts: Sequence[Part], ends: Sequence[End], starts: Sequence[End]) -> list[tuple[int, int]]:
    """Return pairs of parts in which the second part continues the first.

    A part has at most one continuation and continues at most one part. A pair must agree with the pages that both jump
    lines name. Shared words, a repeated headline and a word cut in the middle decide among the candidates. All pairs
    are decided together. Where two pairs are about equally likely, neither is linked.

    Args:
        parts: every text of the issue; the other texts on the two pages show how much a few shared words are worth.
        ends: parts that continue on another page.
        starts: parts that may be a continuation; a part without a jump line may only continue a part that names its
            page.
    """
    if not ends or not starts:
        return []
    pages = {parts[x.part].page for x in (*ends, *starts)}
    near = [k for k, part in enumerate(parts) if part.page in pages]
    place = {k: i for i, k in enumerate(near)}
    words = phrases([parts[k].text for k in near], 2)
    share, _ = shared_words(words, words)
    page = np.array([parts[k].page for k in near])
    firsts, seconds = [parts[e.part] for e in ends], [parts[s.part] for s in starts]
    titles = phrases([s.headline for s in seconds], 2)
    titled, _ = shared_words(titles, phrases([e.headline for e in firsts], 2))
    echoed, _ = shared_words(titles, phrases([e.headline + e.text[:200] for e in firsts], 2))
    torn = torn_texts([(e.text, s.text) for e in firsts for s in seconds]).reshape(len(ends), len(starts))
    score = np.full((len(ends), len(starts)), _NEVER)
    for i, end in enumerate(ends):
        for j, start in enumerate(starts):
            if not _agree(end, firsts[i].page, start, seconds[j].page):
                continue
            a, b = place[end.part], place[start.part]
            score[i, j] = (
                PRIOR
                + WORDS * _ahead(share[:, a], b, page)
                + TITLED * titled[j, i]
                + ECHOED * echoed[j, i]
                + TORN * torn[i, j]
                + MARKED * start.marked
                + LEAD * seconds[j].opens
            )
    rows, columns = best_assignment(np.round(np.maximum(score, 0.0) * 4096))
    return [
        (ends[r].part, starts[c].part)
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
        if _clear(score, r, c)
    ]


def _agree(end: End, page: int, start: End, start_page: int) -> bool:
    """Tell whether the pages that two jump lines name allow the two parts to be the same story."""
    if not start.marked and end.target is None:
        return False
    return page != start_page and end.target in {start_page, None} and start.target in {page, None}


def _ahead(share: Floats, one: int, page: Ints) -> float:
    """Return how far the text `one` is ahead of the best other text of its page, as the logarithm of a ratio."""
    beside = page == page[one]
    beside[one] = False
    return float(np.log((share[one] + _FLOOR) / (share[beside].max(initial=0.0) + _FLOOR)))


def _clear(score: Floats, row: int, column: int) -> bool:
    """Tell whether a pair is likely, and clearly likelier than any other pair with either of its parts."""
    others = max(
        np.delete(score[row], column).max(initial=_NEVER), np.delete(score[:, column], row).max(initial=_NEVER)
    )
    return bool(score[row, column] > max(0.0, others + MARGIN))
