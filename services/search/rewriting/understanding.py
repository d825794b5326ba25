"""Understand what was meant by what was typed, and name each change so that it can be shown and undone.

The strict query stays as it is. Changes that narrow it (dates) are tried first. Changes that guess (typing slips,
`services.search.rewriting.slips`) are tried last.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from services.search.query.language import parse
from services.search.query.nodes import All, AnyOf, Dates, Words
from services.search.query.query import Query
from services.search.query.ranges import DateRange
from services.search.query.synonyms import literal
from services.search.rewriting.dates import dated
from services.search.rewriting.days import relative
from services.search.rewriting.partial import most_of, weighed_words
from services.search.rewriting.questions import asked_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.search.query.nodes import Node
    from services.search.query.synonyms import Synonyms
    from services.search.rewriting.days import Relative
    from services.search.rewriting.partial import Portion

ChangeKind = Literal["date", "question", "slip", "text", "part"]
PRINTED: Final = re.compile("[：！“”「」『』（）－]")
"""Marks that papers print and that have a meaning in a query."""
PUNCTUATION: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the query: what was typed, and what is searched for instead.

    For a date, `meant` is its first and last day with .. between. For a question, `meant` is the words it asks about.
    For a text, `meant` is what was typed without its marks. For a part, `meant` is the words of which most must be
    found.
    """

    kind: ChangeKind
    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was typed, what was meant, and the changes between; `meant` is `typed` where nothing was changed.

    `recent` says that days were named from today, apart from other words. Then what was typed is not looked for to the
    letter: papers are full of 昨天.
    """

    typed: Query
    meant: Query
    changes: tuple[Change, ...] = ()
    recent: bool = False


def understand(text: str, synonyms: Synonyms | None = None, today: dt.date | None = None) -> Understanding:
    """Return what `text` means; without `today`, days that are named from it stay words.

    Raises:
        QueryError: `text` cannot be understood. The function raises no other error.
    """
    recent = relative(text, today) if today else None
    rest = parse(recent.rest) if recent else None
    asked = Query.of(text, _within(rest, recent), synonyms) if recent and recent.asked else None
    typed = asked or Query.parse(text, synonyms)
    changes: list[Change] = []
    node = _meant(rest, changes) if rest else None
    if recent:
        node = _within(node, recent)
        if not recent.asked:
            changes.append(Change("date", recent.named, f"{recent.within.first}..{recent.within.last}"))
    elif typed.node is not None:
        node = _meant(typed.node, changes)
    if node == typed.node:
        return Understanding(typed, typed)
    return Understanding(
        typed, Query.of(text, node, synonyms), tuple(changes), recent=recent is not None and recent.apart
    )


def corrected(
    understanding: Understanding, texts: Iterable[str], synonyms: Synonyms | None = None
) -> tuple[Understanding, ...]:
    """Return what else may have been meant when the understanding finds nothing: each of `texts`, typed with one slip.

    Only a query made of words without a field is corrected. A name in quotation marks is meant as typed.
    """
    found = []
    for text in texts if _has_plain_words(understanding.typed.node) else ():
        other = understand(text, synonyms)
        change = Change("slip", understanding.typed.text, text)
        found.append(Understanding(understanding.typed, other.meant, (change, *other.changes)))
    return tuple(found)


def in_part(understanding: Understanding, found: Sequence[Portion], counts: Sequence[int]) -> Understanding | None:
    """Return the understanding that asks for most of the words, given how many articles have each portion of them."""
    query = most_of(understanding.meant, found, counts)
    if query is None:
        return None
    words = " ".join(word.text for word in weighed_words(understanding.meant))
    change = Change("part", understanding.typed.text, words)
    return Understanding(understanding.typed, query, (*understanding.changes, change))


def _within(node: Node | None, recent: Relative) -> Node:
    """Return the node that asks for `node` on the days."""
    days = Dates(recent.within)
    return days if node is None else All((*_flat([node]), days), node.wished if isinstance(node, All) else ())


def _has_plain_words(node: Node | None) -> bool:
    match node:
        case Words(_, None):
            return True
        case All(parts):
            return all(map(_has_plain_words, parts))
        case _:
            return False


def as_text(understanding: Understanding, synonyms: Synonyms | None = None) -> Understanding | None:
    """Return the understanding of what was typed as a text pasted from a page; None if nothing in it can be more.

    人物：渔会会长 may name a field, or begin a headline.
    """
    plain = " ".join(PUNCTUATION.sub(" ", understanding.typed.text).split())
    if not PRINTED.search(understanding.typed.text) or not plain:
        return None
    other = understand(plain, synonyms)
    return Understanding(
        understanding.typed, other.meant, (Change("text", understanding.typed.text, plain), *other.changes)
    )


def to_the_letter(text: str) -> Understanding:
    """Return the literal meaning of `text` without other words, so that a user can undo what was understood.

    Raises:
        QueryError: `text` cannot be understood.
    """
    typed = Query.parse(text, literal())
    return Understanding(typed, typed)


def _meant(node: Node, changes: list[Change]) -> Node:
    match node:
        case Words(text, None):
            return _words(text, changes)
        case All(parts):
            several = sum(isinstance(part, Words) and part.field is None for part in parts) > 1
            found = [
                _words(part.text, changes, alone=not several)
                if isinstance(part, Words) and part.field is None
                else _meant(part, changes)
                for part in parts
            ]
            wished = tuple(word for part in found if isinstance(part, All) for word in part.wished)
            return All(tuple(_flat(found)), wished)
        case AnyOf(parts):
            return AnyOf(tuple(_meant(part, changes) for part in parts))
        case _:
            return node


def _flat(parts: Iterable[Node]) -> list[Node]:
    """Move the parts of an `All` inside an `All` to the outer `All`: words of the same question belong together."""
    found: list[Node] = []
    for part in parts:
        found += part.parts if isinstance(part, All) else (part,)
    return found


def _words(text: str, changes: list[Change], *, alone: bool = True) -> Node:
    rest, wishes = asked_about(text)
    if rest != text:
        changes.append(Change("question", text, rest))
    wished = tuple(map(Words, wishes))
    found = dated(rest, alone=alone)
    if found is None:
        words = tuple(map(Words, rest.split()))
        return Words(rest) if len(words) == 1 and not wished else All(words, wished)
    changes.append(Change("date", found.named, f"{found.within.first}..{found.within.last}"))
    days: Node = Dates(found.within)
    if found.year is not None and found.year < dt.MAXYEAR:
        after = DateRange(dt.date(found.year + 1, 1, 1), dt.date(found.year + 1, 1, 31))
        days = AnyOf((days, All((Dates(after), Words(f"{found.year}年")))))
    pieces = tuple(Words(piece) for piece in found.rest.split())
    return All((*pieces, days), wished) if pieces else days
