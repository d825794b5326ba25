"""Jump lines, and which two parts of a story they tie together across pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.boundary import torn_texts
from services.segment.lexical import phrases, shared_words
from services.segment.pairing import best_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.article import Direction

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九十")}
_TO = re.compile("[▶►→>（(▷]*\\s*(?:紧)?下\\s*转\\s*(?:第)?\\s*[A-Z]?\\s*([\\d一二三四五六七八九十]{1,3})?\\s*版?")
_FROM = re.compile("[◀◄←<（(◁]*\\s*(?:紧)?上\\s*接\\s*(?:第)?\\s*[A-Z]?\\s*([\\d一二三四五六七八九十]{1,3})?\\s*版?")
LEAST = 0.12  # what a pair of marked parts must score
LEAST_UNMARKED = 1.3  # and a pair whose second part prints no 上接


@dataclass(frozen=True, slots=True)
class Mark:
    """A jump as printed on a row: its direction and the page it names."""

    direction: Direction
    target: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """One end of a possible link: the part's page, what its jump line names, its text and headline, all `plain`."""

    page: int
    target: int | None
    text: str
    headline: str


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    if text[0] == "十":
        return 10 + (_DIGITS.get(text[1:], 0) if len(text) > 1 else 0)
    return _DIGITS.get(text[0])


def read_mark(plain: str) -> Mark | None:
    """The jump printed on a row, if any: →下转3版 names page 3, 上接A01版 page 1."""
    forward = _TO.search(plain[-14:])
    if forward:
        return Mark("to", _number(forward.group(1)))
    backward = _FROM.search(plain[:14])
    if backward:
        return Mark("from", _number(backward.group(1)))
    return None


def link(ends: Sequence[Part], starts: Sequence[Part], least: float = LEAST) -> list[tuple[int, int]]:
    """Pairs (end, start) that are one story.

    A pair must agree with the pages both jump lines name. Among candidates the words they share, a headline printed
    again and a sentence cut in the middle decide, all pairs at once.
    """
    if not ends or not starts:
        return []
    allowed = np.array(
        [[e.page != s.page and e.target in {s.page, None} and s.target in {e.page, None} for s in starts] for e in ends]
    )
    titles = phrases([s.headline for s in starts], 2)
    words, _ = shared_words(phrases([s.text for s in starts], 2), phrases([e.text for e in ends], 2))
    heads, _ = shared_words(titles, phrases([e.headline + e.text[:200] for e in ends], 2))
    titled, _ = shared_words(titles, phrases([e.headline for e in ends], 2))
    torn = torn_texts([(e.text, s.text) for e in ends for s in starts]).reshape(len(ends), len(starts))
    whole = np.array([[float(e.text[-1:] in "。！？”）") for _ in starts] for e in ends])
    score = words.T + heads.T + titled.T + 0.3 * torn * (1 - whole)
    alone = (allowed.sum(axis=0, keepdims=True) == 1) & (allowed.sum(axis=1, keepdims=True) == 1)
    score = np.where(allowed, score + 0.25 * alone, -9.0)
    rows, columns = best_pairs(np.round(score * 4096))
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if score[r, c] > least]
