"""Reads jump lines as papers print them: their direction and the page they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.page import LARGEST_NUMBER, PageLabel
from services.segment.page.patterns import TURN_ENDS, TURN_MARKS, UNFINISHED
from services.text.numerals import value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.article import Direction

_REACH = 20  # characters at each end of a row that may contain a mark
_OPEN = f"[{TURN_MARKS}]"
_CLOSE = rf"[\s{TURN_ENDS}]*"
_PAGE = (
    r"(?:至|到|自)?\s*(?:本报|今日)?\s*"
    r"(?:第?\s*P?([A-OQ-Z]?)\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*"
    rf"(?:[版页]|(?=[\s{TURN_ENDS}、,－-]|$))|(头)版|[上下][版页])"
)
# 下转 and 上接 are always jumps. Other verbs are jumps only after a bracket or an arrow, and with a page. 续 continues
# on the page that it names at the end of a text, and from that page in a line of its own.
_AHEAD = rf"(?:{_OPEN}\s*)+{UNFINISHED}\s*(?:紧?转接?|下接|续见?)\s*{_PAGE}"
_TO = (rf"(?:{_OPEN}\s*)*{UNFINISHED}紧?下\s*转\s*(?:{_PAGE}|版)?", _AHEAD)
_FROM = (rf"(?:{_OPEN}\s*)*紧?上\s*接\s*(?:{_PAGE}|版)?", rf"(?:{_OPEN}\s*)+(?:紧?接|续[接自]?)\s*{_PAGE}")
_READ_TO = tuple(re.compile(pattern) for pattern in _TO)
_READ_FROM = tuple(re.compile(pattern) for pattern in _FROM)
# A row with nothing else needs no bracket.
_ALONE = re.compile(rf"(紧?转|紧?接|续[接自])\s*{_PAGE}(?<=[版页]){_CLOSE}")
_CONTINUED = re.compile(rf"(?:{_OPEN}\s*)+续[接自]?\s*{_PAGE}{_CLOSE}")
_GLUED_TO = re.compile(f"(?:{'|'.join(_TO)}){_CLOSE}$")
_GLUED_FROM = re.compile(f"^(?:{'|'.join(_FROM)}){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A jump as printed on a row: its direction, the number of the page, and the letter of its section (下转A2版)."""

    direction: Direction
    number: int | None
    section: str = ""

    def target(self, page: int) -> int | None:
        """Return the page that a jump printed on `page` names.

        A number without a section means a page of the same section (下转2版 on A1: A2). If the pages were sent without
        sections, the method ignores a printed section (下转A2版 on 1: 2).
        """
        section = page.section if isinstance(page, PageLabel) else ""
        if self.number is None or not 1 <= self.number <= LARGEST_NUMBER:
            return None
        return PageLabel.of(self.section or section if section else "", self.number)


def read_mark(plain: str) -> Mark | None:
    """Return the jump printed on a row, if any: →下转3版 names page 3, （接A01版） names page 1 of section A."""
    continued = _CONTINUED.fullmatch(plain)
    if continued:
        return Mark("from", *_target(continued.groups()))
    forward = _found(_READ_TO, plain[-_REACH:])
    if forward:
        return Mark("to", *forward)
    backward = _found(_READ_FROM, plain[:_REACH])
    if backward:
        return Mark("from", *backward)
    alone = _ALONE.fullmatch(plain)
    return Mark("to" if "转" in alone[1] else "from", *_target(alone.groups()[1:])) if alone else None


def glued_mark(text: str) -> str:
    """Return the jump line glued to the end of a printed text, with arrows and brackets, or an empty string."""
    glued = _GLUED_TO.search(text) or re.search(f"(?:{_FROM[0]}){_CLOSE}$", text)
    return glued.group() if glued else ""


def without_marks(plain: str) -> str:
    """Return the text of a body without the jump lines glued to its beginning and its end."""
    return _GLUED_FROM.sub("", _GLUED_TO.sub("", plain))


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[int | None, str] | None:
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            return _target(match.groups())
    return None


def _target(found: Sequence[str | None]) -> tuple[int | None, str]:
    """Return the number and the section of the page, from what `_PAGE` found: a section, a number, and 头 of 头版."""
    section, printed, front = found
    if front:
        return 1, ""
    if not printed:
        return None, ""
    number = int(printed) if printed.isdecimal() else value(printed)
    return (None if number is None else int(number)), section or ""
