"""The places in a text that match a query, found with the same tokens and wordings as the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.search.query.nodes import All, AnyOf, Near, Phrase, Value, Words
from services.search.query.units import phrases
from services.text.tokens import BEGINNINGS, ENDINGS, FORMER, LATTER, SINGLE, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.search.query.nodes import Node
    from services.search.query.query import Query
    from services.search.query.units import Wording
    from services.text.tokens import Token
NAMED = ("place", "organisation", "person")
"""Facets whose values stand in the text."""


@dataclass(frozen=True, slots=True)
class Match:
    """Characters `start` to `end` (exclusive) of a text, which match unit number `wanted` of the query."""

    start: int
    end: int
    wanted: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A wording to find in one part (None: in any); `exact` also compares the places in words."""

    wording: Wording
    field: str | None
    wanted: int
    exact: bool = False
    lone: bool = False

    def fits(self, tokens: tuple[Token, ...]) -> bool:
        wanted = self.wording.tokens
        if len(tokens) < len(wanted) or any(a.text != b.text for a, b in zip(wanted, tokens, strict=False)):
            return False
        if self.exact:
            return all(a.place == b.place for a, b in zip(wanted, tokens, strict=False))
        first, last = tokens[0].place, tokens[len(wanted) - 1].place
        if not first or not self.wording.aligned:
            return not (self.wording.aligned and last) or last in ENDINGS
        if len(wanted) == 1:
            return first == SINGLE or (self.lone and first in (FORMER, LATTER))
        return first in BEGINNINGS and (not last or last in ENDINGS)


class Highlighter:
    """Finds the matches of a query in texts; it ignores what the query excludes with NOT."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._by_first: dict[str, list[_Pattern]] = {}
        self._texts: set[tuple[str, ...]] = set()
        self._wanted = 0
        if query.node is not None:
            self._collect(query.node)

    def matches(self, part: str, text: str) -> tuple[Match, ...]:
        """Return every match in `text`, which is in `part` of an article (as in `fields.PARTS`), in order."""
        if not self._by_first or not text:
            return ()
        found = {
            Match(tokens[at].start, tokens[at + len(pattern.wording.tokens) - 1].end, pattern.wanted)
            for tokens in (clause.tokens for clause in tokenise(text, self._may_hold))
            for at, token in enumerate(tokens)
            for pattern in self._by_first.get(token.text, ())
            if pattern.field in (None, part) and pattern.fits(tokens[at : at + len(pattern.wording.tokens)])
        }
        return tuple(sorted(found, key=lambda match: (match.start, match.end, match.wanted)))

    def _may_hold(self, clause: str) -> bool:
        """Return whether all tokens of any pattern occur in a clause; this is faster than finding where."""
        return any(all(text in clause for text in texts) for texts in self._texts)

    def _collect(self, node: Node) -> None:
        match node:
            case Words():
                for unit in self._query.terms[node].needed:
                    lone = len(unit.wordings) == 1
                    self._add([unit.typed], node.field, lone=lone)
                    for other in unit.wordings[1:]:
                        pair = [token.place for token in other.tokens] == [FORMER, LATTER]
                        self._put(_Pattern(other, node.field, self._wanted - 1, exact=pair))
                    for word in (word for words in unit.apart for word in words):
                        self._put(_Pattern(word, node.field, self._wanted - 1))
            case Phrase():
                self._add(self._query.phrases[node], node.field)
            case Value(field, text) if field in NAMED:
                self._add(phrases(text), None)
            case All() | AnyOf() | Near():
                for part in node.parts:
                    self._collect(part)
            case _:
                pass

    def _add(self, wordings: Iterable[Wording], field: str | None, *, lone: bool = False) -> None:
        for wording in wordings:
            self._put(_Pattern(wording, field, self._wanted, lone=lone))
        self._wanted += 1

    def _put(self, pattern: _Pattern) -> None:
        self._texts.add(tuple(token.text for token in pattern.wording.tokens))
        self._by_first.setdefault(pattern.wording.tokens[0].text, []).append(pattern)
