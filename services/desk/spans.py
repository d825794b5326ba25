"""Units of meaning as Elasticsearch queries over the fields of characters.

Span queries are used because they both match positions and score by the rarity of what they match. A wording that is
`aligned` begins on a token that begins a word and ends on one that ends a word; between, any place will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from services.text import fields
from services.text.tokens import BEGINNINGS, ENDINGS, FORMER, LATTER, PLACES, SINGLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.desk.units import Term, Unit, Wording

Query = dict[str, Any]

WEIGHTS: Final = {
    fields.HEADLINE: 4.0,
    fields.KICKER: 2.0,
    fields.DECK: 2.0,
    fields.LABEL: 1.5,
    fields.BYLINE: 1.0,
    fields.SOURCE: 1.0,
    fields.BODY: 1.0,
    fields.CAPTION: 1.0,
}
"""How much a match in each part of an article counts; these are all that a search looks into when no part is named."""
TIE: Final = 0.3
NEAR: Final = 10 * fields.CLAUSE_GAP
"""Positions that words of a compound may stand apart: about a paragraph."""
LEAD: Final = 100
"""Positions from the start of the body that count as its lead, where news says what it is about."""
LEAD_WEIGHT: Final = 2.0
PHRASE_BOOST: Final = 2.0
NEAR_BOOST: Final = 1.0
ENOUGH_TO_STAND_APART: Final = 3
"""Words of a compound that, all found, make it likely that the article is about it even where they are far apart."""
APART_BOOST: Final = 0.3
DAY_BOOST: Final = 0.5
PAIR_BOOST: Final = 0.4
NOTHING: Final[Query] = {"match_none": {}}


def term_query(term: Term, parts: Sequence[str]) -> Query:
    """Return the query for one piece of what was typed, looking into `parts` (names of `fields.PARTS`)."""
    if not term.units:
        return NOTHING
    if len(term.units) == 1:
        return unit_query(term.units[0], parts)
    needed = [unit for unit in term.units if not unit.light] or list(term.units)
    if len(needed) == 1:
        return unit_query(needed[0], parts)
    together = _best(parts, [(part, _sequence(term.clauses, part)) for part in parts], PHRASE_BOOST)
    near = _best(
        parts,
        [(part, _near([_any_wording(unit, part) for unit in needed], NEAR, in_order=False)) for part in parts],
        NEAR_BOOST,
    )
    alternatives = [together, near]
    if len(needed) >= ENOUGH_TO_STAND_APART:
        alternatives.append({"bool": {"must": [unit_query(unit, parts) for unit in needed], "boost": APART_BOOST}})
    return {"bool": {"should": alternatives, "minimum_should_match": 1}}


def unit_query(unit: Unit, parts: Sequence[str]) -> Query:
    """Return the query that finds `unit` in any of its wordings.

    A whole day also finds what was published on it; a character by itself, for which no list says what answers it, also
    finds pairs that it is part of.
    """
    found = _best(parts, [(part, _any_wording(unit, part)) for part in parts], 1.0)
    others: list[Query] = []
    if unit.day and len(parts) > 1:
        others.append({"term": {fields.DATE: {"value": unit.day.isoformat(), "boost": DAY_BOOST}}})
    if len(unit.typed.tokens) == 1 and unit.typed.tokens[0].place and len(unit.wordings) == 1:
        character = unit.typed.tokens[0].text
        others.append(
            _best(parts, [(part, _either([_token(character + place, part) for place in (FORMER, LATTER)])) for part in parts], PAIR_BOOST)
        )
    return {"dis_max": {"queries": [found, *others]}} if others else found


def phrase_query(clauses: Sequence[Wording], parts: Sequence[str]) -> Query:
    """Return the query that finds exactly these clauses, one after the other."""
    if not clauses:
        return NOTHING
    return _best(parts, [(part, _sequence(clauses, part)) for part in parts], 1.0)


def _best(parts: Sequence[str], queries: Iterable[tuple[str, Query]], boost: float) -> Query:
    weighed = []
    for part, query in queries:
        weighed.append(_boosted(query, WEIGHTS[part] * boost))
        if part == fields.BODY:
            weighed.append(_boosted({"span_first": {"match": query, "end": LEAD}}, LEAD_WEIGHT * boost))
    return weighed[0] if len(weighed) == 1 else {"dis_max": {"queries": weighed, "tie_breaker": TIE}}


def _boosted(query: Query, boost: float) -> Query:
    kind, body = next(iter(query.items()))
    if kind == "span_term":
        name, text = next(iter(body.items()))
        return {kind: {name: {"value": text, "boost": boost}}}
    return {kind: {**body, "boost": boost}}


def _any_wording(unit: Unit, part: str) -> Query:
    return _either([_wording(wording, part) for wording in unit.wordings])


def _wording(wording: Wording, part: str) -> Query:
    steps = []
    final = len(wording.tokens) - 1
    for position, token in enumerate(wording.tokens):
        places = ("",)
        if token.place:
            places = PLACES
            if wording.aligned and final == 0:
                places = (SINGLE,)
            elif wording.aligned and position == 0:
                places = BEGINNINGS
            elif wording.aligned and position == final:
                places = ENDINGS
        steps.append(_either([_token(token.text + place, part) for place in places]))
    return _near(steps, 0, in_order=True)


def _token(form: str, part: str) -> Query:
    return {"span_term": {fields.part(part): form}}


def _sequence(clauses: Sequence[Wording], part: str) -> Query:
    return _near([_wording(clause, part) for clause in clauses], 2 * fields.CLAUSE_GAP, in_order=True)


def _near(queries: list[Query], slop: int, *, in_order: bool) -> Query:
    if len(queries) == 1:
        return queries[0]
    return {"span_near": {"clauses": queries, "slop": slop, "in_order": in_order}}


def _either(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"span_or": {"clauses": queries}}
