"""Say which values and field names of a search are unknown, where it finds nothing: 主题:educaton is no topic.

A search for a value that no article has is most often a slip; in silence it looks like an empty archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from services.search import fields
from services.search.query.language import FIELDS, SIMPLER
from services.search.query.nodes import All, AnyOf, Value
from services.search.query.query import Query
from services.search.request.body import Search, query_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.search.query.nodes import Node

MOST_VALUES: Final = 20
"""Values of a search that are looked up."""
KNOWN: Final = 500
"""Values of a facet among which one like the unknown one is looked for."""
LIKE: Final = 3
LIKENESS: Final = 0.6
"""The least ratio of `difflib` at which two names are alike."""
SHORT, HALF = 2, 0.5
"""Of a field's name of two characters, one must be right: 标体 is like 标题."""
NAME: Final = re.compile(r"(?:^|\s)(?P<name>[^\W\d_]{2,14})[:：](?=\S)")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no article has in a facet, or (`facet` is "field") a name of no field; `like` are those like it."""

    facet: str
    value: str
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that a search asks for."""

    facet: str
    value: str
    node: Value | None = None


def asked_values(search: Search) -> tuple[Asked, ...]:
    """Return the values that `search` chooses or names in its query."""
    chosen = [Asked(facet, value) for facet, values in sorted(search.chosen.items()) for value in values]
    named = [Asked(node.field, node.text, node) for node in _values(search.query.node)]
    return tuple(dict.fromkeys((*chosen, *named)))[:MOST_VALUES]


def checking(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return the body of the request that counts the articles with each value, and lists the values of its facet."""
    filters = [
        query_body(Query.of("", one.node)) if one.node else {"term": {fields.FACETS[one.facet]: one.value}}
        for one in asked
    ]
    facets = sorted({one.facet for one in asked})
    listed = {facet: {"terms": {"field": fields.FACETS[facet], "size": KNOWN}} for facet in facets}
    return {"size": 0, "aggs": {"asked": {"filters": {"filters": filters}}, **listed}}


def unknown_values(asked: Sequence[Asked], aggregations: Mapping[str, Any]) -> tuple[Unknown, ...]:
    """Return those of the values `asked` that no article has, with the values that are like them."""
    return tuple(
        Unknown(one.facet, one.value, _like(one.value, [str(b["key"]) for b in aggregations[one.facet]["buckets"]]))
        for one, counted in zip(asked, aggregations["asked"]["buckets"], strict=True)
        if not counted["doc_count"]
    )


def unknown_fields(text: str) -> tuple[Unknown, ...]:
    """Return the words before a colon in `text` that are like the name of a field and are none: titel:渔港."""
    names = [found["name"].lower().translate(SIMPLER) for found in NAME.finditer(text)]
    return tuple(
        Unknown("field", name, like)
        for name in names
        if name not in FIELDS and (like := _like(name, list(FIELDS), HALF if len(name) == SHORT else LIKENESS))
    )


def _like(value: str, known: Sequence[str], least: float = LIKENESS) -> tuple[str, ...]:
    return tuple(get_close_matches(value, known, LIKE, least))


def _values(node: Node | None) -> Iterator[Value]:
    match node:
        case Value():
            yield node
        case All() | AnyOf():
            for part in node.parts:
                yield from _values(part)
        case _:
            pass
