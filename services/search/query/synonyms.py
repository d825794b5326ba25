"""Other words for the same thing, from a curated list: an editor who types GDP also means 国内生产总值.

The list is YAML with three keys: `same` (groups whose members mean the same), `also` (a word to others that
answer a search for it, but not the other way round: 暴雪 answers 雪), and `light` (words that may be missing when the
words of a compound are apart: 53个非洲国家).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from services.text.tokens import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED = "synonyms.yaml"


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The list of synonyms; all words are in the spelling that tokens are made from."""

    others: Mapping[str, tuple[str, ...]]
    light: frozenset[str]
    longest: int

    def of(self, word: str) -> tuple[str, ...]:
        """Return the other words that answer a search for `word`, in the order of the list."""
        return self.others.get(word, ())


def synonyms(content: Mapping[str, Any]) -> Synonyms:
    """Return the list in the parsed YAML `content`."""
    others: dict[str, dict[str, None]] = {}
    for group in content.get("same", ()):
        members = [spelling(member) for member in group]
        for member in members:
            others.setdefault(member, {}).update(dict.fromkeys(other for other in members if other != member))
    for word, answers in content.get("also", {}).items():
        others.setdefault(spelling(word), {}).update(dict.fromkeys(spelling(answer) for answer in answers))
    return Synonyms(
        {word: tuple(answers) for word, answers in others.items()},
        frozenset(spelling(word) for word in content.get("light", ())),
        max(map(len, others), default=0),
    )


def spelling(word: object) -> str:
    """Return `word` in the spelling of the list, without spaces."""
    return "".join(prepare(str(word)).text.split())


@cache
def seeded() -> Synonyms:
    """Return Broadsheet's own list, seeds/synonyms.yaml."""
    return synonyms(yaml.safe_load((files("seeds") / SEED).read_text(encoding="utf-8")))
