"""Search for a topic's terms in a document: longest first, at word edges, with the other terms they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from services.text.normal import normalise
from services.topics.scores.figurative import is_figurative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.taxonomy import TopicDefinition
    from services.topics.document import Document


SETTLING = 3.0
"""The weight of a term that almost settles the topic."""


class Hit(NamedTuple):
    """A term found in a document's normalised text, and its weight there."""

    start: int
    end: int
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """The taxonomy's entry for a term; a lookalike has no weight and only occupies its place."""

    term: str
    weight: float
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Lexicon:
    """The terms of a topic, prepared for the search."""

    def __init__(self, topic: TopicDefinition) -> None:
        entries: dict[str, _Entry] = {}
        for group in topic.terms:
            near, unless = _normal(group.near), _normal(group.unless)
            for word in _normal(group.words):
                entries.setdefault(word, _Entry(word, group.weight, near, unless))
        for word in _normal(topic.lookalikes):
            entries[word] = _Entry(word, 0.0)
        self._entries = tuple(entries.values())
        self._automaton = AhoCorasick([entry.term for entry in self._entries], matchkind=MatchKind.LeftmostLongest)

    def find(self, document: Document) -> tuple[Hit, ...]:
        """Return the terms in `document`, in order and without overlaps.

        A match that cuts a word of the text and reaches into the next word (和服 in 提供和|服务) is false and is left
        out. A match inside a longer word (降雨 in 强降雨) counts, unless a lookalike prevents it (山海关). A match that
        means something else (话剧《雷雨》) is left out (`services.topics.scores.figurative`).
        """
        edges, text = document.edges, document.text
        hits = []
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            entry = self._entries[number]
            if not entry.weight:
                continue
            cut = start not in edges or end not in edges
            if cut and not edges.isdisjoint(range(start + 1, end)):
                continue
            decisive = entry.weight >= SETTLING
            if entry.weight > 0 and is_figurative(document, start, end, whole=decisive):
                continue
            if (entry.near or entry.unless) and not _in_company(entry, document, start):
                continue
            hits.append(Hit(start, end, entry.term, entry.weight))
        return tuple(hits)


def _normal(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(normalise(word).text for word in words)


def _in_company(entry: _Entry, document: Document, position: int) -> bool:
    first, last = document.sentence_at(position)
    sentence = document.text[first:last]
    if any(word in sentence for word in entry.unless):
        return False
    return not entry.near or any(word in sentence for word in entry.near)
