"""Other words for the same thing, from a curated list: an editor who types GDP also means 国内生产总值.

A list is YAML with these keys: `same` (groups whose members stand for each other), `also` and `regions` (a word to
others that answer a search for it, but not the other way round: 雪 is answered by 暴雪, 华南 by 广东), and `light`
(words that may be missing when the words of a compound stand apart: 53个非洲国家). A member with a space, such as
飞机 坠毁, is found where its words stand near each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from seeds.files import content_of
from services.search.query.regions import parts_of
from services.text.tokens import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAMES, PLAIN_WORDS = "synonyms.yaml", "thesaurus.yaml"
"""The files of seeds: names for one thing; plain words for what newsrooms ask."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The list of synonyms; all words are in the spelling that tokens are made from.

    With `gazetteer`, the names of its parts answer a search for a province or a city.
    """

    others: Mapping[str, tuple[str, ...]]
    apart: Mapping[str, tuple[tuple[str, ...], ...]]
    light: frozenset[str]
    longest: int
    regions: frozenset[str] = frozenset()
    gazetteer: bool = False

    def of(self, word: str) -> tuple[str, ...]:
        """Return the other words that answer a search for `word`, in the order of the list."""
        found = self.others.get(word, ())
        return (*found, *parts_of(word)) if self.gazetteer else found

    def words_of(self, word: str) -> tuple[tuple[str, ...], ...]:
        """Return the groups of words that, near each other, answer a search for `word`."""
        return self.apart.get(word, ())

    def is_region(self, word: str) -> bool:
        """Whether the words that answer `word` are its parts."""
        return word in self.regions or (self.gazetteer and bool(parts_of(word)))

    def knows(self, word: str) -> bool:
        """Whether anything else answers a search for `word`."""
        return word in self.others or word in self.apart


def synonyms(*contents: Mapping[str, Any]) -> Synonyms:
    """Return the lists that the parsed YAML `contents` hold, as one."""
    others: dict[str, dict[str, None]] = {}
    apart: dict[str, dict[tuple[str, ...], None]] = {}

    def add(word: str, answers: Iterable[object]) -> None:
        for answer in answers:
            words = str(answer).split()
            if len(words) > 1 and not any(part.isascii() for part in words):
                apart.setdefault(word, {})[tuple(map(spelling, words))] = None
            elif spelling(answer) != word:
                others.setdefault(word, {})[spelling(answer)] = None

    light: set[str] = set()
    for content in contents:
        for group in content.get("same", ()):
            for member in group:
                add(spelling(member), group)
        for key in ("also", "regions"):
            for word, answers in content.get(key, {}).items():
                add(spelling(word), answers)
        light |= {spelling(word) for word in content.get("light", ())}
    return Synonyms(
        {word: tuple(answers) for word, answers in others.items()},
        {word: tuple(answers) for word, answers in apart.items()},
        frozenset(light),
        max(map(len, (*others, *apart)), default=0),
        frozenset(spelling(word) for content in contents for word in content.get("regions", ())),
    )


def spelling(word: object) -> str:
    """Return `word` in the spelling of the list, without spaces."""
    return _spelling(str(word))


@lru_cache(maxsize=2**14)
def _spelling(word: str) -> str:
    return "".join(prepare(word).text.split())


@cache
def seeded() -> Synonyms:
    """Return the lists that Broadsheet comes with: names and plain words."""
    return replace(synonyms(_content(NAMES), _content(PLAIN_WORDS)), gazetteer=True)


@cache
def names_only() -> Synonyms:
    """Return the list for words that must be in one part of an article (标题:台风).

    It has names for one thing, and longer words that contain the word: 强台风.
    """
    names = synonyms({**_content(NAMES), "also": {}})
    others = dict(names.others)
    for word, answers in seeded().others.items():
        longer = [answer for answer in answers if word in answer]
        others[word] = tuple(dict.fromkeys((*others.get(word, ()), *longer)))
    found = {word: answers for word, answers in others.items() if answers}
    return replace(names, others=found, longest=max(map(len, (*found, *names.apart)), default=0))


@cache
def literal() -> Synonyms:
    """Return the list without other words: only those that may be missing."""
    return synonyms({"light": _content(NAMES)["light"]})


@cache
def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = content_of(name)
    return content
