"""The places that an article names: divisions with codes; nearby names and the paper's city resolve unclear names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from schemas.tagged import Place
from services.tag.facets.gazetteer import (
    AMBIGUOUS,
    CITY,
    COUNTRIES,
    COUNTY,
    PROVINCE,
    Division,
    division,
    gazetteer,
)
from services.tag.facets.longest import LongestNames
from services.tag.vocabulary import words
from services.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.topics.document import Document

AFTER_NO_PLACE = words("after_no_place")
DATELINES = words("datelines")
GENERIC_COUNTIES = frozenset(words("generic_counties"))


class Mention(NamedTuple):
    """A place named at `start` to `end` of the normalised text; `division` is None for a country or an unclear name."""

    start: int
    end: int
    name: str
    division: Division | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    name: str
    divisions: tuple[Division, ...]
    short: bool


@cache
def _countries() -> frozenset[str]:
    return frozenset(normalise(name).text for name in COUNTRIES)


@cache
def _names() -> LongestNames:
    known = gazetteer()
    return LongestNames(known.whole, known.towns, known.short, _countries())


def _codes(name: str) -> tuple[tuple[str, ...], bool]:
    """Return the codes of a name (none for a country), and whether it is a short name."""
    if name in _countries():
        return (), False
    known = gazetteer()
    codes = (*known.whole.get(name, ()), *known.towns.get(name, ()))
    return (codes, False) if codes else (known.short[name], True)


@cache
def home_of(paper: str) -> Division | None:
    """Return the division that a paper is named after (茂名日报: 茂名市), if any."""
    known = gazetteer()
    name = normalise(paper).text
    for length in range(len(name), 1, -1):
        head = name[:length]
        named = known.whole.get(head) or known.short.get(head) or ()
        if named:
            return division(min(named, key=lambda code: (len(code), code)))
    return None


def mentions_of(document: Document, paper: str) -> tuple[Mention, ...]:
    """Return the places named in `document`, in order; `paper` says which counties and towns are local."""
    home = home_of(paper)
    candidates = list(_candidates(document, home))
    sure = {c.divisions[0] for c in candidates if len(c.divisions) == 1 and len(c.divisions[0].code) <= COUNTY}
    mentions: list[Mention] = []
    above: Division | None = None
    above_end = -1
    for candidate in candidates:
        adjacent = above if above is not None and candidate.start == above_end else None
        meant = _resolve(candidate, adjacent, home, sure)
        if candidate.divisions and meant is None and not _stands_alone(candidate):
            continue
        mentions.append(Mention(candidate.start, candidate.end, candidate.name, meant))
        above, above_end = meant, candidate.end
        if meant is not None:
            sure.add(meant)
    return tuple(mentions)


def places_of(document: Document, mentions: Sequence[Mention]) -> tuple[Place, ...]:
    """Return the facet: each place once, in order of first mention."""
    grouped: dict[str, list[Mention]] = {}
    for mention in mentions:
        key = mention.division.gb_code if mention.division else mention.name
        grouped.setdefault(key, []).append(mention)
    places = []
    for group in grouped.values():
        first = group[0]
        printed = document.quote(first.start, first.end)
        if not printed:
            continue
        places.append(
            Place(
                name=printed,
                code=first.division.gb_code if first.division else None,
                full_name=first.division.full_name if first.division else None,
                mentions=len(group),
            )
        )
    return tuple(places)


def _candidates(document: Document, home: Division | None) -> Iterable[_Candidate]:
    text, edges = document.text, document.edges
    short = gazetteer().short
    previous_end = -1
    above: tuple[Division, ...] = ()
    for start, found_end in _names().find(text):
        name = text[start:found_end]
        codes, is_short = _codes(name)
        end, follows = found_end, found_end != start == previous_end
        if end not in edges and not is_short and codes and end - 1 in edges and name[:-1] in short:
            end, name, is_short = end - 1, name[:-1], True  # 茂名市委 is 茂名 and 市委
            codes = short[name]
        if not (follows or (start in edges and (end in edges or document.opens_word(start, end)))):
            continue
        if text.startswith(AFTER_NO_PLACE, end) or text.endswith(DATELINES, 0, start):
            continue
        divisions = tuple(map(division, codes))
        below = tuple(d for d in divisions if follows and any(d != outer and d.within(outer) for outer in above))
        if is_short and below and end in edges:
            divisions = below
        elif is_short:
            if not _short_counts(divisions, name, home):
                continue
            divisions = tuple(d for d in divisions if len(d.code) <= CITY or _near(d, home))
        yield _Candidate(start, end, name, divisions, is_short)
        previous_end, above = end, divisions


def _short_counts(divisions: tuple[Division, ...], name: str, home: Division | None) -> bool:
    """Return whether a short name is a place: a province, a local county, or a city whose name is no other word."""
    if any(_near(option, home) for option in divisions):
        return True
    if any(len(option.code) == PROVINCE for option in divisions):
        return True
    return name not in AMBIGUOUS and any(len(option.code) == CITY for option in divisions)


def _near(option: Division, home: Division | None) -> bool:
    """Return whether `option` is in the paper's own city."""
    return home is not None and len(home.code) > PROVINCE and option.code.startswith(home.code[:CITY])


def _resolve(
    candidate: _Candidate, adjacent: Division | None, home: Division | None, sure: set[Division]
) -> Division | None:
    """Return the division that `candidate` means here; None if it is unclear."""
    options = candidate.divisions
    if adjacent is not None:
        below = [option for option in options if option.within(adjacent) and option.code != adjacent.code]
        if below:
            return _highest(below)
    if candidate.name in GENERIC_COUNTIES:
        return None
    towns = all(len(option.code) > COUNTY for option in options)
    if len(options) == 1 and not towns:
        return options[0]
    choices = [_highest(options)] if candidate.short else []
    choices.append(_only(option for option in options if _near(option, home)))
    for reach in (COUNTY,) if towns else (CITY, PROVINCE):
        named = {division.code[:reach] for division in sure if len(division.code) >= reach}
        choices.append(_only(option for option in options if option.code[:reach] in named))
    return next((choice for choice in choices if choice is not None), None)


def _only(options: Iterable[Division]) -> Division | None:
    """Return the only option in `options`; None if there are none or several."""
    found = tuple(options)
    return found[0] if len(found) == 1 else None


def _highest(options: Sequence[Division]) -> Division | None:
    """Return the option of the highest level; None if there are several."""
    level = min((len(option.code) for option in options), default=0)
    return _only(option for option in options if len(option.code) == level)


def _stands_alone(candidate: _Candidate) -> bool:
    """Return whether to keep an unclear name: keep a county name that several cities share, but not a town."""
    return candidate.name not in GENERIC_COUNTIES and any(len(d.code) <= COUNTY for d in candidate.divisions)
