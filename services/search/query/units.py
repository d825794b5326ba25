"""The units of meaning in what an editor typed: words that must be found, with other wordings of each."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from services.search.query.spellings import spellings
from services.text.numerals import MEASURE_WORDS, MEASURES
from services.text.tokens import UNKNOWN, Clause, Token, Word, tokenise
from services.text.words import is_word, seams, tag

if TYPE_CHECKING:
    from services.search.query.synonyms import Synonyms

LONGEST_STRICT = 3
"""In characters: a longer phrase that is not in the dictionary may begin and end inside words of the text."""
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
FIRM_ENDINGS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "公司", "集团")
MOST_WORDINGS = 120
"""Wordings of a term; a text with more is looked for as typed, so that no query takes long to build."""
SHORTEST_OPENED = 4
"""Characters of an unknown word that may be two words."""
NAMES = ("nr", "ns", "nt", "nz", "eng", "x")
"""The dictionary's parts of speech for names."""
SHORTEST_FIRM = 2
"""Characters that are left of a firm's name."""
COUNTED = re.compile(r"(\d+(?:\.\d+)?[万亿]+)(?:人|名|个|户|吨|元|辆|家|件|台)")
"""A large round number with its measure: such a number says enough alone."""
DIGIT_RUNS = re.compile(r"\d+|\D")
LEADS_A_NUMBER = frozenset("第前后上下近约达超逾")


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase to look for: its tokens, and whether it must begin and end where words do."""

    tokens: tuple[Token, ...]
    aligned: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that must be found, in any of its wordings; the first is as typed.

    `apart` holds groups of wordings that say it too where they stand near each other. The other wordings of a `region`
    are its parts.
    """

    wordings: tuple[Wording, ...]
    light: bool = False
    day: dt.date | None = None
    apart: tuple[tuple[Wording, ...], ...] = ()
    region: bool = False

    @property
    def typed(self) -> Wording:
        """The wording as typed."""
        return self.wordings[0]


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of a query between blanks: its clauses as typed, and its units."""

    clauses: tuple[Wording, ...]
    units: tuple[Unit, ...]

    @property
    def needed(self) -> tuple[Unit, ...]:
        """The units without the light ones, unless all are."""
        return tuple(unit for unit in self.units if not unit.light) or self.units

    def as_typed(self) -> Term:
        """Return the term without other wordings of its units."""
        return replace(self, units=tuple(replace(unit, wordings=unit.wordings[:1], apart=()) for unit in self.units))


def term(text: str, synonyms: Synonyms) -> Term:
    """Return the units of a piece of a query; none if nothing in it is indexed."""
    clauses = tokenise(text)
    alone = len(clauses) == 1
    units = [unit for clause in clauses for unit in _units(clause, synonyms, alone=alone)]
    found = Term(tuple(wording(clause.tokens) for clause in clauses), tuple(units))
    return found if sum(len(unit.wordings) for unit in units) <= MOST_WORDINGS else found.as_typed()


def phrases(text: str) -> tuple[Wording, ...]:
    """Return the clauses of a quoted text, each to be matched exactly."""
    return tuple(wording(clause.tokens) for clause in tokenise(text))


def wording(tokens: tuple[Token, ...]) -> Wording:
    """Return the phrase of `tokens`; a short phrase, or one that is a word, must match whole words.

    A figure with its measure may be followed by anything: 8月 finds 8月份.
    """
    text = "".join(token.text for token in tokens)
    counted = len(tokens) > 1 and not tokens[0].place
    return Wording(tokens, aligned=not counted and (len(tokens) <= LONGEST_STRICT or is_word(text)))


def _units(clause: Clause, synonyms: Synonyms, *, alone: bool) -> list[Unit]:
    spans = _grouped(clause, synonyms)
    found: list[Unit] = []
    for first, last in spans:
        tokens = clause.tokens[first:last]
        text = "".join(token.text for token in tokens)
        light = text in synonyms.light or (text in FIRM_ENDINGS and bool(found) and is_name(_text(found[-1].typed)))
        others = [other for answer in (*synonyms.of(text), *shorter(text)) for other in _answering(answer)]
        others += [_letter_by_letter(other) for other in spellings(text, bare=alone and len(spans) == 1)]
        apart = tuple(group for words in synonyms.words_of(text) if (group := _standing_apart(words)))
        found.append(
            Unit((wording(tokens), *others), light=light, day=_day(text), apart=apart, region=synonyms.is_region(text))
        )
    return found


def is_name(text: str) -> bool:
    """Whether `text` names one of many: a firm, a place, a person; not a kind of thing."""
    said = tag(text)
    return said is None or said.startswith(NAMES)


def _text(wording: Wording) -> str:
    return "".join(token.text for token in wording.tokens)


@lru_cache(maxsize=2**12)
def _answering(answer: str) -> tuple[Wording, ...]:
    """Return the wording of a synonym; none if nothing in it is indexed."""
    return phrases(answer)[:1]


def _letter_by_letter(text: str) -> Wording:
    """Return the wording of `text` as it is, whatever words its characters make: numerals inside a name."""
    pieces = DIGIT_RUNS.findall(text)
    return Wording(tuple(Token(piece, "" if piece.isdecimal() else UNKNOWN, 0, 0) for piece in pieces), aligned=False)


def _standing_apart(words: tuple[str, ...]) -> tuple[Wording, ...]:
    """Return the wordings of words that stand near each other; none where one of them holds nothing indexed."""
    found = [_answering(word) for word in words]
    return tuple(one[0] for one in found) if all(found) else ()


def shorter(text: str) -> tuple[str, ...]:
    """Return what `text` is also called in short: 华星公司 is 华星, and 10万人 may be printed as 10万名工人."""
    for ending in FIRM_ENDINGS:
        if text.endswith(ending) and len(text) - len(ending) >= SHORTEST_FIRM:
            return (text.removesuffix(ending),)
    counted = COUNTED.fullmatch(text)
    return (counted[1],) if counted else ()


def _day(text: str) -> dt.date | None:
    match = DAY.fullmatch(text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _grouped(clause: Clause, synonyms: Synonyms) -> list[tuple[int, int]]:
    """Return the spans of tokens that make one unit each: known synonyms first, then numbers with their measure."""
    words = [part for word in clause.words for part in _opened(word, synonyms)]
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(words):
        stop = _known(clause, words, position, synonyms) or _number(clause, words, position)
        spans.append((words[position].first, words[stop - 1].last))
        position = stop
    return [part for span in _glued(clause, spans, synonyms) for part in _split(clause, span, synonyms)]


def _opened(word: Word, synonyms: Synonyms) -> list[Word]:
    """Return `word` in two parts if its last one says little: 走私案 is 走私, and 案, which may be elsewhere."""
    found = seams(word.text) if len(word.text) == word.last - word.first else ()
    if found and word.text[found[-1] :] in synonyms.light:
        seam = found[-1]
        return [
            Word(word.text[:seam], word.first, word.first + seam, word.joined),
            Word(word.text[seam:], word.first + seam, word.last, joined=True),
        ]
    return [word]


def _split(clause: Clause, span: tuple[int, int], synonyms: Synonyms) -> list[tuple[int, int]]:
    """Return `span` in two if the segmenter took two words for one name: 东航空难 is 东航 and 空难."""
    first, last = span
    text = "".join(token.text for token in clause.tokens[first:last])
    if len(text) == last - first >= SHORTEST_OPENED and not (is_word(text) or synonyms.knows(text)):
        for seam in range(SHORTEST_OPENED // 2, len(text) - 1):
            if all(is_word(part) or synonyms.knows(part) for part in (text[:seam], text[seam:])):
                return [(first, first + seam), (first + seam, last)]
    return [span]


def _known(clause: Clause, words: list[Word], start: int, synonyms: Synonyms) -> int | None:
    """Return the end of the longest run of words from `start` that the list has, if any."""
    found = None
    text = ""
    for stop in range(start, len(words)):
        text += "".join(token.text for token in clause.tokens[words[stop].first : words[stop].last])
        if len(text) > synonyms.longest:
            break
        if synonyms.knows(text):
            found = stop + 1
    return found


def _number(clause: Clause, words: list[Word], start: int) -> int:
    """Return the end of the run of figures, letters and measures from `start`; of one word if there is no run."""
    stop = start
    if words[stop].text in LEADS_A_NUMBER and stop + 1 < len(words) and words[stop + 1].text[0].isdigit():
        stop += 1
    figure = False
    while stop < len(words):
        is_token = not clause.tokens[words[stop].first].place
        is_measure = figure and (words[stop].text in MEASURES or words[stop].text in MEASURE_WORDS)
        if not (is_token or is_measure) or (stop > start and not words[stop].joined):
            break
        figure = is_token and words[stop].text[0].isdigit()
        stop += 1
    return max(stop, start + 1)


def _glued(clause: Clause, spans: list[tuple[int, int]], synonyms: Synonyms) -> list[tuple[int, int]]:
    """Join single characters, which say little alone, to each other, or else to the next or previous word."""

    def single(span: tuple[int, int]) -> bool:
        text = clause.tokens[span[0]].text
        return span[1] - span[0] == 1 and bool(clause.tokens[span[0]].place) and text not in synonyms.light

    glued: list[tuple[int, int]] = []
    position = 0
    while position < len(spans):
        first, last = spans[position]
        stop = position + 1
        if single(spans[position]):
            while stop < len(spans) and single(spans[stop]):
                stop += 1
            if stop == position + 1:
                if stop < len(spans) and clause.tokens[spans[stop][0]].text not in synonyms.light:
                    stop += 1
                elif glued and position:
                    first = glued.pop()[0]
        last = spans[stop - 1][1]
        glued.append((first, last))
        position = stop
    return glued
