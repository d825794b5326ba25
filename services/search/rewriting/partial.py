"""Ask for most of a question where no article answers all of it: the words that say most, in one place.

How much a word says is how rarely it occurs in the archive. A word that only a few articles have must be found; one
that many have may be missing, unless it names a place, a person or a body. So 渔会选出新会长 answers the question
谁当选渔会会长, and a question whose subject is not in the archive stays without an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from services.search.query.nodes import All, AnyOf, Near, Words
from services.search.query.query import Query
from services.search.query.units import is_name
from services.text.words import tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.search.query.nodes import Node
    from services.search.query.synonyms import Synonyms

ENOUGH: Final = 0.65
"""Share of the weight of all words that the words found must have."""
AS_GOOD: Final = 0.05
"""What a choice of words may say less than the best one that is found."""
MOST: Final = 6
"""Words of a question that are weighed; a longer text is not a question."""
MOST_PORTIONS: Final = 40
"""Choices of words that are tried."""
OF_A_VERB: Final = 0.5
"""What a verb says, compared with a noun as rare: an event has more than one verb."""
UNSEEN: Final = 0.5
"""Articles that a word without any is counted with."""
VERB: Final = "v"


def weighed_words(query: Query) -> tuple[Words, ...]:
    """Return the words of `query` of which some may be missing, one node a unit; none if it has too many."""
    return tuple(
        Words(text)
        for node in _plain(query.node)
        for unit in query.terms[node].needed
        if (text := "".join(token.text for token in unit.typed.tokens))
    )


@dataclass(frozen=True, slots=True)
class Portion:
    """Some words of a question, to be found in one place, and the share of its weight that they have."""

    near: Near
    share: float


def portions(words: Sequence[Words], counts: Sequence[int], total: int) -> tuple[Portion, ...]:
    """Return the choices of `words` that say enough, those that say most first; none where no word may be missing.

    Args:
        words: those of `weighed_words`.
        counts: how many articles have each word.
        total: how many articles there are.
    """
    if not 1 < len(words) <= MOST:
        return ()
    weights = [_weight(word.text, count, total) for word, count in zip(words, counts, strict=True)]
    whole = sum(weights)
    names = {place for place, word in enumerate(words) if is_name(word.text)}
    found = [
        Portion(Near(tuple(words[one] for one in chosen)), sum(weights[one] for one in chosen) / whole)
        for size in range(len(words), 0, -1)
        for chosen in combinations(range(len(words)), size)
        if names <= set(chosen)
    ]
    enough = [one for one in found if one.share >= ENOUGH]
    return tuple(sorted(enough, key=lambda one: -one.share))[:MOST_PORTIONS]


def most_of(
    query: Query, found: Sequence[Portion], counts: Sequence[int], synonyms: Synonyms | None = None
) -> Query | None:
    """Return the query for articles with most of the words of `query`; None where there are none.

    Args:
        query: the query that finds nothing.
        found: its `portions`.
        counts: how many articles have each portion.
        synonyms: the list of the query.
    """
    held = [one for one, count in zip(found, counts, strict=True) if count]
    if not held:
        return None
    best = tuple(one.near for one in held if one.share >= held[0].share - AS_GOOD)
    rest = [part for part in _parts(query.node) if not _is_plain(part)]
    node: Node = best[0] if len(best) == 1 else AnyOf(best)
    return Query.of(query.text, All((node, *rest)) if rest else node, synonyms)


def _weight(text: str, count: int, total: int) -> float:
    said = math.log1p(total / max(count, UNSEEN))
    return said * OF_A_VERB if count and (tag(text) or "").startswith(VERB) else said


def _plain(node: Node | None) -> list[Words]:
    return [part for part in _parts(node) if isinstance(part, Words) and part.field is None]


def _is_plain(part: Node) -> bool:
    return isinstance(part, Words) and part.field is None


def _parts(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.parts if isinstance(node, All) else (node,)
