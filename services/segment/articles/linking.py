"""Which two parts of a story belong together across pages."""

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

# Log-odds that two parts are one story, fitted to the pairs that the marks of 112 generated issues allow.
PRIOR = -1.5
WORDS = 1.9  # how far the first part holds more of the second's words than of any other text's on that page
TITLED, ECHOED = 1.2, 1.0  # share of the second part's headline in the first's, and in its headline and beginning
TORN = 1.1  # a word goes on across the break
MARKED = 1.8  # the second part prints 上接
LEAD = -3.0  # the second part opens as a story of its own does (本报讯)
MARGIN = 1.0  # a pair must beat every other pair of its parts by this
_FLOOR = 0.01
_NEVER = -99.0


@dataclass(frozen=True, slots=True)
class Part:
    """A text that a link may begin or end at.

    Attributes:
        page: the page it stands on.
        text: its `plain` text, without jump lines glued to it.
        headline: its `plain` headline.
        opens: it opens as a story of its own does.
    """

    page: int
    text: str
    headline: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Where a link may begin or end.

    Attributes:
        part: which of the parts.
        target: the page that its jump line names.
        marked: it has a jump line.
    """

    part: int
    target: int | None
    marked: bool = True


def link(parts: Sequence[Part], ends: Sequence[End], starts: Sequence[End]) -> list[tuple[int, int]]:
    """Pairs of parts, the second the continuation of the first; each part goes on once, and is gone on with once.

    Args:
        parts: every text of the issue: what else stands on the two pages says how much a few shared words are worth.
        ends: parts that go on elsewhere.
        starts: parts that may be a continuation; without a jump line, only of a part that names their page.

    A pair must agree with the pages both jump lines name. Among candidates the words they share, a headline printed
    again and a word cut in the middle decide, all pairs at once. Where two pairs are about as likely, none is tied.
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
    """Whether the pages that two jump lines name allow them to be one."""
    if not start.marked and end.target is None:
        return False
    return page != start_page and end.target in {start_page, None} and start.target in {page, None}


def _ahead(share: Floats, one: int, page: Ints) -> float:
    """How far `one` is ahead of the best other text of its page, as the logarithm of a ratio."""
    beside = page == page[one]
    beside[one] = False
    return float(np.log((share[one] + _FLOOR) / (share[beside].max(initial=0.0) + _FLOOR)))


def _clear(score: Floats, row: int, column: int) -> bool:
    """Whether a pair is likely, and likelier than any other with one of its parts."""
    others = max(
        np.delete(score[row], column).max(initial=_NEVER), np.delete(score[:, column], row).max(initial=_NEVER)
    )
    return bool(score[row, column] > max(0.0, others + MARGIN))
