"""The places an article names: divisions with their codes, told apart by what is named beside them and by the paper's city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from schemas.tagged import Place
from services.tag.gazetteer import AMBIGUOUS, CITY, COUNTRIES, COUNTY, PROVINCE, Division, division, gazetteer
from services.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.tag.document import Document

NOT_A_PLACE_BEFORE = (
    "路 街上 大街 大道 大厦 大楼 饭店 酒家 酒店 宾馆 人民出版社 日报 晚报 晨报 早报 商报 时报 新闻网 牌 菜 话 白药 战役 会战 会议 事件 条约 公约 宣言 协定书"
).split()
"""What follows where a name of a place has become part of the name of something else."""
DATELINE = ("新华社", "新华网", "中新社", "中新网", "本报", "本台", "电讯社")
"""A place right after these says where the report was sent from, not what it is about."""
GENERIC_COUNTIES = frozenset({"城区", "郊区", "矿区", "城中区", "市中区", "新城区", "高新区", "开发区"})
"""Names of counties that say nothing without the city before them."""


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


Entry = tuple[str, tuple[str, ...], bool]


@cache
def _index() -> tuple[AhoCorasick, tuple[Entry, ...]]:
    """Return an automaton over all names, and for each its codes and whether it is a short name."""
    known = gazetteer()
    entries: dict[str, Entry] = {}
    for name, codes in (*known.whole.items(), *known.towns.items()):
        held = entries.get(name)
        entries[name] = (name, (*held[1], *codes) if held else codes, False)
    for name, codes in known.short.items():
        entries.setdefault(name, (name, codes, True))
    for name in COUNTRIES:
        entries[normalise(name).text] = (name, (), False)
    return AhoCorasick(list(entries), matchkind=MatchKind.LeftmostLongest), tuple(entries.values())


@cache
def home_of(paper: str) -> Division | None:
    """Return the division that a paper is named after (茂名日报: 茂名市); None where it is named after none."""
    known = gazetteer()
    name = normalise(paper).text
    for length in range(len(name), 1, -1):
        head = name[:length]
        named = known.whole.get(head) or known.short.get(head) or ()
        if named:
            return division(min(named, key=lambda code: (len(code), code)))
    return None


def mentions_of(document: Document, paper: str) -> tuple[Mention, ...]:
    """Return the places named in `document`, in order; `paper` says which counties and towns are near at hand."""
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
        span = document.span(first.start, first.end)
        if span is None:
            continue
        places.append(
            Place(
                name=span.text,
                code=first.division.gb_code if first.division else None,
                full_name=first.division.full_name if first.division else None,
                mentions=len(group),
            )
        )
    return tuple(places)


def _candidates(document: Document, home: Division | None) -> Iterable[_Candidate]:
    automaton, entries = _index()
    text, edges = document.text, document.edges
    short = gazetteer().short
    previous_end = -1
    for number, start, end in automaton.find_matches_as_indexes(text):
        name, codes, is_short = entries[number]
        if end not in edges and not is_short and codes and end - 1 in edges and name[:-1] in short:
            end, name, is_short = end - 1, name[:-1], True  # 茂名市委 is 茂名 and 市委
            codes = short[name]
        if (start not in edges and start != previous_end) or end not in edges:
            continue
        if text.startswith(tuple(NOT_A_PLACE_BEFORE), end) or text.endswith(DATELINE, 0, start):
            continue
        divisions = tuple(map(division, codes))
        if is_short and not _short_counts(divisions, name, home):
            continue
        if is_short:
            divisions = tuple(d for d in divisions if len(d.code) <= CITY or _near(d, home))
        yield _Candidate(start, end, name, divisions, is_short)
        previous_end = end


def _short_counts(divisions: tuple[Division, ...], name: str, home: Division | None) -> bool:
    """Return whether a short name is a place: a province, a city whose name is no word, or a county near at hand."""
    if any(_near(option, home) for option in divisions):
        return True
    if any(len(option.code) == PROVINCE for option in divisions):
        return True
    return name not in AMBIGUOUS and any(len(option.code) == CITY for option in divisions)


def _near(option: Division, home: Division | None) -> bool:
    """Return whether `option` lies in the paper's own city."""
    return home is not None and len(home.code) > PROVINCE and option.code.startswith(home.code[:CITY])


def _resolve(
    candidate: _Candidate, adjacent: Division | None, home: Division | None, sure: set[Division]
) -> Division | None:
    """Return the division that `candidate` means here, None where that is unclear."""
    options = candidate.divisions
    if adjacent is not None:
        below = [option for option in options if option.within(adjacent) and option.code != adjacent.code]
        if below:
            return below[0] if len(below) == 1 else None
    if candidate.name in GENERIC_COUNTIES:
        return None
    towns = all(len(option.code) > COUNTY for option in options)
    if not towns and len(options) == 1:
        return options[0]
    if candidate.short:
        highest = min((len(option.code) for option in options), default=0)
        options = tuple(option for option in options if len(option.code) == highest)
        if len(options) == 1:
            return options[0]
    near = [option for option in options if _near(option, home)]
    if len(near) == 1:
        return near[0]
    digits = COUNTY if towns else CITY
    for reach in (digits, PROVINCE) if not towns else (digits,):
        named = [o for o in options if any(len(s.code) >= reach and o.code[:reach] == s.code[:reach] for s in sure)]
        if len(named) == 1:
            return named[0]
    return None


def _stands_alone(candidate: _Candidate) -> bool:
    """Return whether an unclear name is still worth naming: a county of several cities is, a town is not."""
    return candidate.name not in GENERIC_COUNTIES and any(len(d.code) <= COUNTY for d in candidate.divisions)
