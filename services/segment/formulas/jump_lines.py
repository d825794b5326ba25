"""Jump lines as papers print them: which way they point and which page they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.segment.article import Direction

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九十")}
_TO = re.compile("[▶►→>（(▷]*\\s*(?:紧)?下\\s*转\\s*(?:第)?\\s*[A-Z]?\\s*([\\d一二三四五六七八九十]{1,3})?\\s*版?")
_FROM = re.compile("[◀◄←<（(◁]*\\s*(?:紧)?上\\s*接\\s*(?:第)?\\s*[A-Z]?\\s*([\\d一二三四五六七八九十]{1,3})?\\s*版?")
_GLUED_TO = re.compile("[▶►→>（(▷■★●◆]*(?:紧)?下转(?:第)?[A-Z]?[\\d一二三四五六七八九十]{0,3}版?[>）)▶►]*$")
_GLUED_FROM = re.compile("^[◀◄←<（(◁■★●◆]*(?:紧)?上接(?:第)?[A-Z]?[\\d一二三四五六七八九十]{0,3}版?[）)]?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A jump as printed on a row: its direction and the page it names."""

    direction: Direction
    target: int | None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    if text[0] == "十":
        return 10 + (_DIGITS.get(text[1:], 0) if len(text) > 1 else 0)
    return _DIGITS.get(text[0])


def read_mark(plain: str) -> Mark | None:
    """The jump printed on a row, if any: →下转3版 names page 3, 上接A01版 page 1."""
    forward = _TO.search(plain[-14:])
    if forward:
        return Mark("to", _number(forward.group(1)))
    backward = _FROM.search(plain[:14])
    if backward:
        return Mark("from", _number(backward.group(1)))
    return None


def without_marks(plain: str) -> str:
    """A body's text without the jump lines glued to its beginning and its end."""
    return _GLUED_FROM.sub("", _GLUED_TO.sub("", plain))
