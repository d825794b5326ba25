"""A query, parsed once: the request, the highlighter and the checks all use this value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from services.search.query.language import parse
from services.search.query.nodes import All, AnyOf, Near, Not, Phrase, Words
from services.search.query.synonyms import names_only, seeded
from services.search.query.units import phrases, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from services.search.query.nodes import Node
    from services.search.query.synonyms import Synonyms
    from services.search.query.units import Term, Wording


@dataclass(frozen=True, slots=True)
class Query:
    """What an editor typed; `Query()` finds everything.

    `node` is the tree, None if the query is blank. `terms` has the units of meaning of every `Words` in it, and
    `phrases` the clauses of every `Phrase`, so that no text of a query is tokenised twice.
    """

    text: str = ""
    node: Node | None = None
    terms: Mapping[Words, Term] = field(default_factory=dict)
    phrases: Mapping[Phrase, tuple[Wording, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, synonyms: Synonyms | None = None) -> Query:
        """Return the query in `text`, with Broadsheet's own synonyms or with others.

        Raises:
            QueryError: `text` cannot be understood. No other error is raised.
        """
        return cls.of(text, parse(text), synonyms)

    @classmethod
    def of(cls, text: str, node: Node | None, synonyms: Synonyms | None = None) -> Query:
        """Return the query that `node` is, typed as `text`."""
        known = seeded() if synonyms is None else synonyms
        in_fields = names_only() if synonyms is None else synonyms
        leaves = dict.fromkeys(_leaves(node)) if node is not None else {}
        return cls(
            text,
            node,
            {leaf: term(leaf.text, in_fields if leaf.field else known) for leaf in leaves if isinstance(leaf, Words)},
            {leaf: phrases(leaf.text) for leaf in leaves if isinstance(leaf, Phrase)},
        )

    def as_typed(self) -> Query:
        """Return the query without other wordings of its words."""
        return replace(self, terms={leaf: found.as_typed() for leaf, found in self.terms.items()})


def _leaves(node: Node) -> Iterator[Words | Phrase]:
    match node:
        case Words() | Phrase():
            yield node
        case All() | AnyOf() | Near():
            for part in node.parts:
                yield from _leaves(part)
            if isinstance(node, All):
                yield from node.wished
        case Not():
            yield from _leaves(node.part)
        case _:
            pass
