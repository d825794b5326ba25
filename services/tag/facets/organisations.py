"""The organisations that an article names: well-known names, and names with the form of an organisation's name."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from schemas.tagged import Name
from services.tag.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.tag.facets.places import Mention
    from services.topics.document import Document

KNOWN = words("organisations")
HEADS = re.compile("|".join(sorted(words("organisation_heads"), key=len, reverse=True)))
WITHOUT_PLACE = words("heads_without_place")
MODIFIERS = frozenset({"n", "nz", "nt", "ns", "nr", "nrt", "j", "vn", "b", "l", "an", "ng", "nrfg"})
"""Parts of speech in a name, in jieba's tags."""
UNBUILT = frozenset({"p", "c", "u", "d", "r", "v", "m", "q", "y"})
"""Parts of speech that never occur in a name, not even as a single character."""
VERBS = frozenset(words("organisation_verbs"))
NEVER = frozenset(words("not_in_organisations"))
VAGUE = frozenset(words("vague_organisations"))
ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
NOT_OFFICES = words("not_offices")
OFFICE = re.compile(r"[\u4e00-\u9fff]{2,}[局厅委办]")
"""Endings of a place's offices, in addition to the heads: 成都铁路局."""
DASHES = tuple("-—–")
LONGEST = 26
SHORTEST = 4


@cache
def _known() -> AhoCorasick:
    return AhoCorasick(list(KNOWN), matchkind=MatchKind.LeftmostLongest)


def organisations_of(document: Document, places: Sequence[Mention]) -> tuple[Name, ...]:
    """Return the organisations named in `document`, in order of first mention; `places` are the places it names.

    It is built for precision. A name must be well known, or it must end as only organisations do (有限公司, 统战部,
    大学 …) and begin with a place or with words that name.
    """
    text, edges = document.text, document.edges
    spans = [
        (start, end) for _, start, end in _known().find_matches_as_indexes(text) if start in edges and end in edges
    ]
    spans.extend(_built(document, places))
    spans.sort(key=lambda span: (span[0], -span[1]))
    grouped: dict[str, list[tuple[int, int]]] = {}
    last_end = -1
    for start, end in spans:
        if start < last_end:
            continue
        last_end = end
        grouped.setdefault(text[start:end], []).append((start, end))
    names = []
    for group in grouped.values():
        printed = document.quote(*group[0])
        if printed:
            names.append(Name(name=printed, mentions=len(group)))
    return tuple(names)


def _built(document: Document, places: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Yield the spans of names that are recognised by their last word."""
    text, edges = document.text, document.edges
    starts = [place.start for place in places]
    for match in HEADS.finditer(text):
        end = match.end()
        if end not in edges and not document.opens_word(match.start(), end):
            continue
        begin = _begin(document, match.start(), starts, places)
        if begin is None or text[begin - 1 : begin].isdecimal() or text[begin - 1 : begin] in DASHES:
            continue
        if text.rfind("《", 0, begin) > text.rfind("》", 0, begin):
            continue  # the title of a law or a report
        if SHORTEST <= end - begin <= LONGEST:
            yield begin, end
    for place in places:
        office_end = _office_end(document, place.end)
        if office_end is not None:
            yield place.start, office_end


def _office_end(document: Document, position: int) -> int | None:
    """Return the end of the name of an office whose place ends at `position`: a noun that ends in 局, 厅, 委 or 办."""
    tokens = document.words
    number = bisect_left(tokens.bounds, position)
    while number < len(tokens.texts) and tokens.bounds[number] - position < LONGEST // 2:
        word, kind = tokens.texts[number], tokens.kinds[number]
        if not _builds(word, kind):
            return None
        if OFFICE.fullmatch(word) and not word.endswith(NOT_OFFICES) and kind in {"n", "nt", "j"}:
            return tokens.bounds[number + 1]
        number += 1
    return None


def _begin(document: Document, head: int, starts: Sequence[int], places: Sequence[Mention]) -> int | None:
    """Return the beginning of the name whose last word begins at `head`; None if it is not a name."""
    tokens, text = document.words, document.text
    number = bisect_left(tokens.bounds, head)
    if tokens.bounds[number] != head:
        number -= 1
    earliest = max(head - LONGEST, 0)
    begin = tokens.bounds[number]
    modifiers: list[str] = [text[begin:head]] if begin < head else []
    while number > 0 and tokens.bounds[number - 1] >= earliest:
        word, kind = tokens.texts[number - 1], tokens.kinds[number - 1]
        place = bisect_left(starts, begin) - 1
        if place >= 0 and places[place].end == begin:
            begin = starts[place]
            number = bisect_left(tokens.bounds, begin)
            continue
        if word == ")":
            opening = text.rfind("(", earliest, begin)
            if not any(place.start == opening + 1 and place.end == begin - 1 for place in places):
                break
            number = bisect_left(tokens.bounds, opening)
            begin = opening
            continue
        if not _builds(word, kind):
            break
        modifiers.insert(0, word)
        number -= 1
        begin = tokens.bounds[number]
    first = bisect_left(starts, begin)
    if first < len(starts) and starts[first] < head and text[starts[first] - 1 : starts[first]] != "(":
        return places[_seat(places, first, head)].start
    while modifiers and (modifiers[0] in VAGUE or len(modifiers[0]) == 1):
        begin += len(modifiers.pop(0))
        number += 1
    if not modifiers or not text.startswith(WITHOUT_PLACE, head):
        named = number < len(tokens.kinds) and tokens.kinds[number] in {"ns", "nz", "nt"}
        return begin if modifiers and named else None
    return begin


def _seat(places: Sequence[Mention], first: int, head: int) -> int:
    """Return the place that begins the name: the place before the head that contains all places after it."""
    begin = first
    for number in range(first + 1, len(places)):
        if places[number].start >= head:
            break
        outer, inner = places[number - 1].division, places[number].division
        if outer is None or inner is None or inner == outer or not inner.within(outer):
            begin = number
    return begin


def _builds(word: str, kind: str) -> bool:
    """Return whether `word` may be part of a name."""
    if word in NEVER or not word.isalnum():
        return False
    if kind in MODIFIERS or word in VERBS or ORDINAL.fullmatch(word):
        return True
    return len(word) == 1 and kind not in UNBUILT
