"""The figures an article gives: a number, its unit, what it counts, and whether it rose or fell."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from schemas.tagged import Figure
from services.tag.facets.quantities import COUNTERS, RATES, quantities_in
from services.tag.vocabulary import words

if TYPE_CHECKING:
    from schemas.tagged import TextSpan
    from services.tag.facets.quantities import Quantity
    from services.topics.document import Document, Words

Change = Literal["rise", "fall"]

COUNT_THEMSELVES = frozenset(words("counters_alone"))
_AHEAD = "(?=了?(?:约|近|超|超过|逾|不足|不到)?$)"
RISE = re.compile(
    rf"(?<!负)增长|增收|增产|上升|提高|增加|上涨|回升|增幅|涨幅|扩大|攀升|提升|加快|新增|净增|增速|[增升涨]{_AHEAD}"
)
FALL = re.compile(
    "负增长|下降|减少|减产|减收|下滑|降低|回落|下跌|降幅|跌幅|缩减|收窄|萎缩|锐减|骤降|递减|缩水|走低|下调|减亏"
    rf"|[减降跌]{_AHEAD}"
)
ADJACENT = re.compile("了?(?:约|近|超|超过|逾|不足|不到|达|达到)?$")
"""Matches the text between a verb of rising or falling and the amount of the change."""
LEVEL = re.compile("了?(?:至|到|成)|(?<![幅速])为")
"""Follows such a verb if the next amount is the result (降至2.3%) and not the amount of the change."""
SHARE = re.compile(r"占|比重|比例|率[达为是]?$|率(?:达到|超过|约)?$")
CLAUSE = re.compile(r"[,，。；;:：!?！？\n]")
QUALIFIERS = words("figure_qualifiers")
NOUNS = frozenset({"n", "nz", "nt", "j", "vn", "b", "l", "ng", "an", "nrt"})
FILLERS = frozenset(words("figure_fillers"))
SCOPES = frozenset(words("figure_scopes"))
"""Words that say where something is counted, not what is counted."""
LONGEST = 16
LEAST_COUNT = 2
LEAST_BARE = 10
"""The least count without a noun, because 两人 says nothing unless the people came to harm."""
HARM = re.compile("[^,。;]{0,2}(?:死|亡|伤|遇难|失踪|罹难|被困|获救|被捕|落网|染疫|确诊|中毒|溺)")
HARMED = re.compile("(?:死亡|致死|致|受伤|遇难|失踪|拘捕|逮捕|抓获|抓捕|救出|营救|被困|确诊)[^,。;]{0,2}$")
DIVISIONS = frozenset("省市区县镇乡村")
STATIVE = frozenset("重长高宽深")


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Return the figures of `document` in order.

    Figures are amounts with a unit of measure, rates, and counts of two or more whose noun is printed. Ordinals, dates
    and versions are not figures. A rate of change has its size as value and its direction as `change`: 增长-2.3% is a
    fall of 2.3.
    """
    figures = []
    text = document.text
    carried, carried_sentence = "", (-1, -1)
    for found in quantities_in(text):
        start, end, unit = found.start, found.end, found.unit
        if not _counts(document, found):
            continue
        sentence = document.sentence_at(start)
        clause = _clause(text, sentence[0], start)
        before, after = _noun_before(document, clause, start), _noun_after(document, end, measured=unit not in COUNTERS)
        change = _change(text[clause:start], adjacent=unit not in RATES)
        if unit in COUNTERS:
            what = after or (before if CLAUSE.match(text, end) else "")
            if not what and (
                unit not in COUNT_THEMSELVES or (found.value < LEAST_BARE and not _of_harm(text, start, end))
            ):
                continue
        else:
            what = before or ("" if change else after)
        if not what and unit not in COUNTERS and sentence == carried_sentence:
            what = carried
        if what:
            carried, carried_sentence = what, sentence
        span = document.span(start, end)
        if span is not None:
            figures.append(_figure(found, what, change, span))
    return tuple(figures)


def _of_harm(text: str, start: int, end: int) -> bool:
    return bool(HARM.match(text, end) or HARMED.search(text, max(start - 6, 0), start))


def _counts(document: Document, found: Quantity) -> bool:
    """Return whether a quantity is a figure: not a single thing, and not numerals inside a word."""
    if found.unit in COUNTERS and found.value < LEAST_COUNT:
        return False
    if document.text[found.digits].isdecimal():
        return True
    return abs(found.value) >= LEAST_COUNT and document.edges.issuperset((found.start, found.end))


def _figure(found: Quantity, what: str, change: Change | None, span: TextSpan) -> Figure:
    value, upper = found.value, found.upper
    if change and value < 0:  # 增长-2.3%
        change, value, upper = "fall", -value, None if upper is None else -upper
        value, upper = (value, None) if upper is None else (min(value, upper), max(value, upper))
    return Figure(
        value=float(value),
        upper=None if upper is None else float(upper),
        exactness=found.exactness,
        unit=_unit(found.unit),
        what=what,
        change=change,
        span=span,
    )


def _unit(unit: str) -> str:
    return {"°c": "℃", "百分点": "个百分点"}.get(unit, unit)


def _clause(text: str, sentence: int, position: int) -> int:
    """Return the beginning of the clause that ends at `position`."""
    begin = sentence
    for match in CLAUSE.finditer(text, sentence, position):
        begin = match.end()
    return begin


def _change(clause: str, *, adjacent: bool) -> Change | None:
    """Return whether a figure at the end of `clause` is a rise or a fall; the last verb decides, unless it is a share.

    An amount is a rise or a fall only if the verb comes right before it (`adjacent`): 减少300吨.
    """
    rises = [(match.start(), match.end()) for match in RISE.finditer(clause)]
    falls = [(match.start(), match.end()) for match in FALL.finditer(clause)]
    last = max([*rises, *falls], default=(-1, -1))
    behind = clause[last[1] :]
    if last[0] < 0 or any(match.start() > last[0] for match in SHARE.finditer(clause)) or LEVEL.match(clause, last[1]):
        return None
    if adjacent and not ADJACENT.fullmatch(behind):
        return None
    return "rise" if last in rises else "fall"


def _noun_before(document: Document, clause: int, position: int) -> str:
    """Return the noun phrase of a figure at `position`, from the words of its clause before it."""
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
    return what if len(what) > 1 and what not in SCOPES else ""


def _noun_after(document: Document, position: int, *, measured: bool) -> str:
    """Return the noun phrase right after a figure that ends at `position`; for a `measured` figure, only after 的."""
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
