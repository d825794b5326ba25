"""The figures an article gives: a number, its unit, what it counts, and whether it rose or fell."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from schemas.tagged import Figure
from services.tag.facets.amounts import NUMBER, POWERS, amount
from services.tag.vocabulary import words

if TYPE_CHECKING:
    from services.tag.document import Document, Words

RATES = frozenset(words("rates"))
COUNTERS = frozenset(words("counters"))
COUNT_THEMSELVES = frozenset(words("counters_alone"))
UNITS = sorted({*words("measures"), *RATES, *COUNTERS}, key=lambda unit: (-len(unit), unit))
FIGURE = re.compile(
    rf"(?<![\d.a-z第一二三四五六七八九十百千万亿几数])(?:百分之(?P<hundredths>{NUMBER})"
    rf"|(?P<number>{NUMBER})(?:[多余](?P<power>[万亿]))?[多余]?(?P<unit>{'|'.join(map(re.escape, UNITS))}))"
)
RISE = re.compile(r"增长|上升|提高|增加|上涨|回升|增幅|涨幅|扩大|攀升|提升|加快")
FALL = re.compile(r"下降|减少|下滑|降低|回落|下跌|降幅|跌幅|缩减|收窄|萎缩")
SHARE = re.compile(r"占|比重|比例|率[达为是]?$|率(?:达到|超过|约)?$")
CLAUSE = re.compile(r"[,，。；;:：!?！？\n]")
QUALIFIERS = words("figure_qualifiers")
NOUNS = frozenset({"n", "nz", "nt", "j", "vn", "b", "l", "ng", "an", "nrt"})
FILLERS = frozenset(words("figure_fillers"))
LONGEST = 16
LEAST_COUNT = 2
DIVISIONS = frozenset("省市区县镇乡村")
STATIVE = frozenset("重长高宽深")


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Return the figures of `document` in order.

    Figures are amounts with a unit of measure, rates, and counts of two or more whose noun is printed. Ordinals, dates,
    versions and the first half of a range (2至3级) are not figures.
    """
    figures = []
    text = document.text
    carried, carried_sentence = "", (-1, -1)
    for match in FIGURE.finditer(text):
        start, end = match.span()
        unit = match["unit"] or "%"
        value = amount(match["number"] or match["hundredths"])
        if value is not None and match["power"]:
            value *= POWERS[match["power"]]
        if value is None or (unit in COUNTERS and value < LEAST_COUNT):
            continue
        if not text[start].isdecimal() and (value < LEAST_COUNT or not document.edges.issuperset((start, end))):
            continue
        sentence = document.sentence_at(start)
        clause = _clause(text, sentence[0], start)
        before, after = _noun_before(document, clause, start), _noun_after(document, end, measured=unit not in COUNTERS)
        change = _change(text[clause:start]) if unit in RATES else None
        if unit in COUNTERS:
            what = after or (before if CLAUSE.match(text, end) else "")
            if not what and unit not in COUNT_THEMSELVES:
                continue
        else:
            what = before or ("" if change else after)
        if not what and unit not in COUNTERS and sentence == carried_sentence:
            what = carried
        if what:
            carried, carried_sentence = what, sentence
        span = document.span(start, end)
        if span is not None:
            figures.append(Figure(value=float(value), unit=_unit(unit), what=what, change=change, span=span))
    return tuple(figures)


def _unit(unit: str) -> str:
    return {"°c": "℃", "百分点": "个百分点"}.get(unit, unit)


def _clause(text: str, sentence: int, position: int) -> int:
    """Return the beginning of the clause that ends at `position`."""
    begin = sentence
    for match in CLAUSE.finditer(text, sentence, position):
        begin = match.end()
    return begin


def _change(clause: str) -> Literal["rise", "fall"] | None:
    """Return whether a rate at the end of `clause` rises or falls, by the last verb; a share does neither."""
    rises = [match.start() for match in RISE.finditer(clause)]
    falls = [match.start() for match in FALL.finditer(clause)]
    last = max([*rises, *falls], default=-1)
    if last < 0 or any(match.start() > last for match in SHARE.finditer(clause)):
        return None
    return "rise" if last in rises else "fall"


def _noun_before(document: Document, clause: int, position: int) -> str:
    """Return the noun phrase that a figure at `position` belongs to, from the words of its clause before it."""
    tokens = document.words
    number = bisect_left(tokens.bounds, position) - 1
    while number >= 0 and tokens.bounds[number] >= clause and not _names(tokens, number):
        if tokens.texts[number] in "、的()":
            return ""
        number -= 1
    end = number
    while number >= 0 and tokens.bounds[number] >= clause and _names(tokens, number):
        number -= 1
    start = tokens.bounds[number + 1]
    stop = tokens.bounds[end + 1] if end >= 0 else 0
    while start < stop and stop - start > LONGEST:
        number += 1
        start = tokens.bounds[number + 1]
    if start >= stop:
        return ""
    for qualifier in QUALIFIERS:
        if document.text.endswith(qualifier, clause, start):
            start -= len(qualifier)
            break
    what = document.text[start:stop].strip()
    return what if len(what) > 1 else ""


def _noun_after(document: Document, position: int, *, measured: bool) -> str:
    """Return the noun phrase right after a figure that ends at `position`; if it is `measured`, only after 的."""
    tokens, text = document.words, document.text
    number = bisect_left(tokens.bounds, position)
    if number < len(tokens.texts) and tokens.texts[number] == "的":
        number += 1
    elif measured:
        return ""
    start = end = tokens.bounds[min(number, len(tokens.texts))]
    last_noun = start
    while number < len(tokens.texts) and end - start < LONGEST:
        kind = tokens.kinds[number]
        if (kind not in NOUNS and kind != "a") or tokens.texts[number] in FILLERS:
            break
        end = tokens.bounds[number + 1]
        if kind != "a":
            last_noun = end
        number += 1
    return text[start:last_noun] if last_noun - start > measured else ""


def _names(tokens: Words, number: int) -> bool:
    word = tokens.texts[number]
    return (tokens.kinds[number] in NOUNS and word not in FILLERS and word not in DIVISIONS) or word in STATIVE
