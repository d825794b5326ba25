"""Which article of the last version is which of this one, so that ids survive corrections.

An article keeps its id while most of its text stays, whatever moved, was corrected or added; an id is given up only
with its article, and comes back with it. A page's continuation that waits for its beginning lends its id to nobody: so
pages arriving in any order end in the same ids as the whole issue at once.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.segment.article import SegmentedArticle

SHINGLE = 4
"""Characters of a shingle: shorter ones are shared by unrelated stories, longer ones break at every correction."""

KEPT_CHARACTERS = 4000
LEAD_CHARACTERS = 40
"""What an id is made from: few, since a story that jumps must have them on its first page, whatever else is there."""

LEAST_CONTAINED = 0.5
"""The share of the shorter text's shingles that must be found in the longer: a split or merged half is just that."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article that has an id.

    Attributes:
        text: headline and body, reduced to letters and digits.
        fragment: it is a continuation whose beginning is not known.
        alive: it was in the last version.
    """

    article_id: str
    kind: str
    text: str
    fragment: bool
    alive: bool


def assign_ids(issue_id: str, articles: Sequence[SegmentedArticle], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return what is known after this version: first this version's articles in their order, then those gone.

    Args:
        issue_id: paper/date.
        articles: this version's.
        known: what was known after the version before.
    """
    texts = [reduced(article) for article in articles]
    taken = _match(articles, texts, known)
    used = {old.article_id for old in known}
    now: list[Known] = []
    for place, (article, text) in enumerate(zip(articles, texts, strict=True)):
        if place in taken:
            article_id = known[taken[place]].article_id
        else:
            article_id = _fresh_id(issue_id, text, used)
            used.add(article_id)
        now.append(Known(article_id, article.kind, text, is_fragment(article), alive=True))
    kept = set(taken.values())
    gone = [
        Known(old.article_id, old.kind, old.text, old.fragment, alive=False)
        for index, old in enumerate(known)
        if index not in kept
    ]
    return (*now, *sorted(gone, key=lambda old: old.article_id))


def _match(articles: Sequence[SegmentedArticle], texts: Sequence[str], known: Sequence[Known]) -> dict[int, int]:
    """Return place -> index into `known`, the most alike pairs first, each taken once."""
    candidates: list[tuple[float, float, bool, int, int]] = []
    shingles = [_shingles(text) for text in texts]
    for index, old in enumerate(known):
        before = _shingles(old.text)
        for place, article in enumerate(articles):
            if old.fragment and not is_fragment(article):
                continue
            alike, contained = _likeness(before, shingles[place])
            if contained >= LEAST_CONTAINED:
                candidates.append((alike, contained, old.alive, place, index))
            elif old.kind == article.kind == "weather":
                candidates.append((0.0, 0.0, old.alive, place, index))
    candidates.sort(key=lambda pair: (-pair[0], -pair[1], not pair[2], pair[3], pair[4]))
    taken: dict[int, int] = {}
    given: set[int] = set()
    for _, _, _, place, index in candidates:
        if place not in taken and index not in given:
            taken[place] = index
            given.add(index)
    return taken


def reduced(article: SegmentedArticle) -> str:
    """Return the article's headline and body as letters and digits only: what another extraction also finds."""
    parts = [article.headline, *(block.text for block in article.blocks), *(c.text for c in article.captions)]
    if article.weather is not None:
        parts.append(article.weather.text)
    return letters("".join(parts))[:KEPT_CHARACTERS]


def letters(text: str) -> str:
    """Return the letters and digits of `text`, in one form and lower case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def is_fragment(article: SegmentedArticle) -> bool:
    """Tell whether the article is a continuation whose beginning stands on a page that is not there yet."""
    comes_from_elsewhere = any(jump.direction == "from" for jump in article.jumps)
    return "jump-unresolved" in article.flags and (comes_from_elsewhere or "body-only" in article.flags)


def to_state(known: Iterable[Known]) -> list[dict[str, Any]]:
    """Return the state's list of articles."""
    return [
        {"id": one.article_id, "kind": one.kind, "text": one.text, "fragment": one.fragment, "alive": one.alive}
        for one in known
    ]


def from_state(articles: Iterable[dict[str, Any]]) -> tuple[Known, ...]:
    """Return what a state's list of articles says."""
    return tuple(Known(one["id"], one["kind"], one["text"], one["fragment"], one["alive"]) for one in articles)


@lru_cache(maxsize=256)  # an issue's articles, for its next version; a long text takes half a megabyte
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))) if text else frozenset()


def _likeness(one: frozenset[str], other: frozenset[str]) -> tuple[float, float]:
    """Return how alike two texts are (Jaccard), and how much of the shorter one the longer one holds."""
    if not one or not other:
        return 0.0, 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared), shared / min(len(one), len(other))


def _fresh_id(issue_id: str, text: str, used: set[str]) -> str:
    """Return an id made from the article's beginning; twins in one issue are numbered apart."""
    twin = 0
    while True:
        seed = f"{issue_id}\n{text[:LEAD_CHARACTERS]}\n{twin}"
        article_id = f"{issue_id}/{hashlib.blake2b(seed.encode(), digest_size=6).hexdigest()}"
        if article_id not in used:
            return article_id
        twin += 1
