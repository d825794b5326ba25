"""Units of meaning as Elasticsearch queries over the fields of characters and pairs.

Span queries both match positions and score by rarity. A wording of two or more tokens is matched by its pairs, one
after the other. An `aligned` wording begins with a pair that begins a word and ends with a pair that ends one; pairs
between them may be of any kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from services.search import fields
from services.search.query.units import phrases
from services.text.tokens import FORMER, LATTER, PAIR_KINDS, PLAIN, SINGLE, STARTING, STOPPING, pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.search.query.units import Term, Unit, Wording
    from services.text.tokens import Token

QueryBody = dict[str, Any]
"""One query of Elasticsearch's Query DSL, as JSON."""


@dataclass(frozen=True, slots=True)
class Spans:
    """A span query and its field."""

    field: str
    query: QueryBody


EVERYWHERE: Final = (fields.HEADLINE, fields.TITLES, fields.BODY, fields.REST)
"""The fields of a search that names no part: together they have every part."""
TITLE_PARTS: Final = (fields.HEADLINE, fields.TITLES)
WEIGHTS: Final = {fields.HEADLINE: 4.0, fields.TITLES: 2.0}
"""The weight of a match in a field, where it is not 1."""
TIE: Final = 0.3
NEAR: Final = 10 * fields.CLAUSE_GAP
"""Positions that words of a compound may stand apart: about a paragraph."""
TOGETHER: Final = fields.CLAUSE_GAP
"""Positions that two words which say one thing may stand apart: about a clause."""
LEAD: Final = 100
"""Positions from the start of the body that count as its lead, where news says what it is about."""
LEAD_WEIGHT: Final = 1.5
PHRASE_BOOST: Final = 2.0
NEAR_BOOST: Final = 1.0
ENOUGH_TO_STAND_APART: Final = 3
"""Number of words of a compound that, when all are found, may be far apart."""
MOST_UNITS: Final = 24
"""Most words of a piece of a query that are searched; a pasted paragraph is found by its first words."""
LONGEST_PHRASE: Final = 40
"""In tokens: a longer piece is found by its words only."""
MOST_NEAR: Final = 6
"""Most words whose nearness counts; more would make the query slow and say little."""
APART_BOOST: Final = 0.3
SYNONYM_BOOST: Final = 0.6
DAY_BOOST: Final = 0.5
PAIR_BOOST: Final = 0.4
DIGESTS: Final = ("快讯", "简讯", "短讯", "零讯", "短波", "要闻", "集锦", "一句话新闻", "世界这一天")
"""Words in the headline of an article of many short items."""
NOTHING: Final[QueryBody] = {"match_none": {}}


def term_query(term: Term, parts: Sequence[str]) -> QueryBody:
    """Return the query for a piece of what was typed, over `parts` (names of `fields.PARTS`).

    The words of a compound must be together or near each other; three or more may be anywhere.
    """
    if not term.units:
        return NOTHING
    needed = term.needed[:MOST_UNITS]
    if len(needed) == 1:
        return unit_query(needed[0] if len(term.units) > 1 else term.units[0], parts)
    alternatives = []
    if sum(len(clause.tokens) for clause in term.clauses) <= LONGEST_PHRASE:
        alternatives.append(_best([(part, _sequence(term.clauses, part)) for part in parts], PHRASE_BOOST))
    if len(needed) <= MOST_NEAR:
        alternatives.append(near_query(needed, parts))
    if len(needed) >= ENOUGH_TO_STAND_APART:
        anywhere = [unit_query(unit, parts) for unit in needed]
        alternatives.append({"bool": {"must": anywhere, "must_not": digest_query(), "boost": APART_BOOST}})
    return {"bool": {"should": alternatives, "minimum_should_match": 1}}


def near_query(units: Sequence[Unit], parts: Sequence[str]) -> QueryBody:
    """Return the query for all `units` within about a paragraph, in any order."""
    near = [(part, _near([_any_wording(unit, part) for unit in units], part, NEAR, in_order=False)) for part in parts]
    return _best(near, NEAR_BOOST)


@cache
def digest_query() -> QueryBody:
    """Return the query that finds articles of many short items, whose words do not belong together."""
    part = fields.HEADLINE
    return _either([_wording(word, part) for name in DIGESTS for word in phrases(name)], part).query


def one_place_query(units: Sequence[Unit]) -> QueryBody:
    """Return the query for all `units` in one place: a paragraph, or the titles and the first lines of the body."""
    if len(units) == 1:
        return unit_query(units[0], TITLE_PARTS)
    leading = {"bool": {"must": [_leading(unit) for unit in units]}}
    titled = {
        "bool": {
            "must": [unit_query(unit, EVERYWHERE) for unit in units],
            "filter": {"bool": {"should": [unit_query(unit, TITLE_PARTS) for unit in units]}},
            "must_not": digest_query(),
            "boost": APART_BOOST,
        }
    }
    return {"dis_max": {"queries": [near_query(units, EVERYWHERE), leading, titled]}}


def _leading(unit: Unit) -> QueryBody:
    lead = _any_wording(unit, fields.BODY).query
    return {
        "dis_max": {
            "queries": [unit_query(unit, TITLE_PARTS), {"span_first": {"match": lead, "end": LEAD}}],
            "tie_breaker": TIE,
        }
    }


def unit_query(unit: Unit, parts: Sequence[str]) -> QueryBody:
    """Return the query that finds `unit` in any of its wordings.

    A complete date also finds what was published on that day. A single character without an entry in the synonyms also
    finds the pairs that contain it.
    """
    found = _best([(part, _wording(unit.typed, part)) for part in parts], 1.0)
    others: list[QueryBody] = []
    if len(unit.wordings) > 1 or unit.apart:
        others.append(_best([(part, _any_wording(unit, part)) for part in parts], SYNONYM_BOOST))
    if unit.day and len(parts) > 1:
        others.append({"term": {fields.DATE: {"value": unit.day.isoformat(), "boost": DAY_BOOST}}})
    first = unit.typed.tokens[0]
    if len(unit.typed.tokens) == len(unit.wordings) == 1 and first.place:
        pairs = [
            (part, _either([_token(first.text + place, part) for place in (FORMER, LATTER)], part)) for part in parts
        ]
        others.append(_best(pairs, PAIR_BOOST))
    return {"dis_max": {"queries": [found, *others]}} if others else found


def misspelt_query(word: str, others: Sequence[Sequence[str]]) -> QueryBody:
    """Return the query that finds `word` with one character exchanged: at each place for one of `others`."""
    queries: list[QueryBody] = []
    for at, instead in enumerate(others):
        choices = [tuple(instead) if place == at else (character,) for place, character in enumerate(word)]
        if not instead:
            continue
        for part in (fields.HEADLINE, fields.BODY):
            steps = [
                _either([_token_pair(one + other, part) for one in former for other in latter], part)
                for former, latter in pairwise(choices)
            ]
            queries.append(_near(steps, part, 0, in_order=True).query)
    return {"dis_max": {"queries": queries}} if queries else NOTHING


def _token_pair(text: str, part: str) -> Spans:
    """Return the query for two characters in a row of which no dictionary knows a word."""
    field = fields.pairs(part)
    return _either([Spans(field, {"span_term": {field: text + kind}}) for kind in PAIR_KINDS if kind != PLAIN], part)


def phrase_query(clauses: Sequence[Wording], parts: Sequence[str]) -> QueryBody:
    """Return the query that finds these exact clauses, one after the other."""
    if not clauses:
        return NOTHING
    return _best([(part, _sequence(clauses, part)) for part in parts], 1.0)


def _best(found: Iterable[tuple[str, Spans]], boost: float) -> QueryBody:
    weighed = []
    for part, spans in found:
        weighed.append(_boosted(spans.query, WEIGHTS.get(part, 1.0) * boost))
        if part == fields.BODY:
            weighed.append(_boosted({"span_first": {"match": spans.query, "end": LEAD}}, LEAD_WEIGHT * boost))
    return weighed[0] if len(weighed) == 1 else {"dis_max": {"queries": weighed, "tie_breaker": TIE}}


def _boosted(query: QueryBody, boost: float) -> QueryBody:
    kind, body = next(iter(query.items()))
    if kind == "span_term":
        name, text = next(iter(body.items()))
        return {kind: {name: {"value": text, "boost": boost}}}
    return {kind: {**body, "boost": boost}}


def _any_wording(unit: Unit, part: str) -> Spans:
    typed, *others = unit.wordings
    apart = [_together_somewhere(words, part) for words in unit.apart]
    return _either([_wording(typed, part), *(_as_written(wording, part) for wording in others), *apart], part)


def _together_somewhere(words: Sequence[Wording], part: str) -> Spans:
    """Return the spans in which `words`, which together say one thing, stand near each other."""
    return _near([_wording(word, part) for word in words], part, TOGETHER, in_order=False)


def _as_written(wording: Wording, part: str) -> Spans:
    """Return `wording`; a pair of ordinary vocabulary matches only as such, to save terms."""
    match wording.tokens:
        case (first, second) if (first.place, second.place) == (FORMER, LATTER):
            return _pair(first, second, (PLAIN,), part)
        case _:
            return _wording(wording, part)


def size(query: object) -> int:
    """Return how many terms a query looks up, which a node limits and which decides its time."""
    if isinstance(query, dict):
        return sum(1 if name == "span_term" else size(value) for name, value in query.items())
    return sum(map(size, query)) if isinstance(query, list) else 0


def _wording(wording: Wording, part: str) -> Spans:
    first, *rest = wording.tokens
    if not rest:
        return _token(first.text + SINGLE if first.place else first.text, part)
    final = len(rest) - 1
    steps = [
        _pair(one, other, _kinds(wording, position, final), part)
        for position, (one, other) in enumerate(pairwise(wording.tokens))
    ]
    return _near(steps, part, 0, in_order=True)


def _kinds(wording: Wording, position: int, final: int) -> tuple[str, ...]:
    if not wording.aligned:
        return PAIR_KINDS
    starting = STARTING if position == 0 else PAIR_KINDS
    return tuple(kind for kind in starting if kind in STOPPING) if position == final else starting


def _pair(first: Token, second: Token, kinds: Iterable[str], part: str) -> Spans:
    """Return the query for two tokens as a pair of any of `kinds`; only of those that are Chinese can it be `PLAIN`."""
    text, field = pair(first, second), fields.pairs(part)
    forms = [text + kind for kind in kinds if kind != PLAIN or (first.place and second.place)]
    return _either([Spans(field, {"span_term": {field: form}}) for form in forms], part)


def _token(form: str, part: str) -> Spans:
    field = fields.part(part)
    return Spans(field, {"span_term": {field: form}})


def _sequence(clauses: Sequence[Wording], part: str) -> Spans:
    return _near([_wording(clause, part) for clause in clauses], part, 2 * fields.CLAUSE_GAP, in_order=True)


def _near(found: list[Spans], part: str, slop: int, *, in_order: bool) -> Spans:
    if len(found) == 1:
        return found[0]
    field, queries = _together(found, part)
    return Spans(field, {"span_near": {"clauses": queries, "slop": slop, "in_order": in_order}})


def _either(found: list[Spans], part: str) -> Spans:
    if len(found) == 1:
        return found[0]
    field, queries = _together(found, part)
    return Spans(field, {"span_or": {"clauses": queries}})


def _together(found: list[Spans], part: str) -> tuple[str, list[QueryBody]]:
    """Return queries for one field; characters and pairs are at the same positions, so they can be mixed."""
    if len({spans.field for spans in found}) == 1:
        return found[0].field, [spans.query for spans in found]
    field = fields.pairs(part)
    return field, [
        spans.query if spans.field == field else {"field_masking_span": {"query": spans.query, "field": field}}
        for spans in found
    ]
