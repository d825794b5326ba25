"""Two texts beside each other, paragraph by paragraph, with the characters that differ.

Chinese has no blanks between words, and a few characters (的, 一, 在) are everywhere. A plain comparison by characters
is slow on an article and matches such characters across unrelated sentences. So clauses are matched first, characters
only between clauses that match, and a lone character that matches between two changes counts as changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["same", "removed", "added"]

BREAK: Final = "\n"
CLAUSE: Final = re.compile(r"[^，。；：！？、,;!?\n]*[，。；：！？、,;!?]*\n?")
LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
SHORTEST_MATCH: Final = 2
"""The fewest equal characters between two changes that are worth showing as equal."""
MOST_PRODUCT: Final = 4_000_000
"""The most that comparing characters may cost (the product of two lengths); longer passages count as rewritten."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage that both texts have, or only the older one, or only the newer one."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph in both texts, side by side; a side without the paragraph is empty.

    A line break within a piece is a paragraph break that only one of the texts has.
    """

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether both texts have this paragraph, and it is the same."""
        return all(piece.kind == "same" for piece in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of two texts, and how many characters were removed and added."""

    rows: tuple[Row, ...]
    removed: int
    added: int

    @property
    def is_same(self) -> bool:
        """Whether the texts are the same."""
        return all(row.is_same for row in self.rows)


def compare(before: Sequence[str], after: Sequence[str]) -> Comparison:
    """Return the comparison of two texts, each a list of paragraphs without line breaks."""
    pieces = list(_merged(_pieces("".join(map(_ended, before)), "".join(map(_ended, after)))))
    counts = {kind: sum(len(p.text.replace(BREAK, "")) for p in pieces if p.kind == kind) for kind in _SIDES}
    return Comparison(tuple(_rows(pieces)), counts["removed"], counts["added"])


_SIDES: Final[tuple[Kind, ...]] = ("removed", "added")


def _ended(paragraph: str) -> str:
    return paragraph.replace(BREAK, " ") + BREAK


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield the pieces of two texts in order, by clauses and then by characters."""
    old, new = CLAUSE.findall(before), CLAUSE.findall(after)
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[i:j]), "".join(new[m:n])
        if tag == "equal":
            yield Piece("same", removed)
        else:
            yield from _by_characters(removed, added)


def _by_characters(before: str, after: str) -> Iterator[Piece]:
    if not before or not after or len(before) * len(after) > MOST_PRODUCT:
        yield Piece("removed", before)
        yield Piece("added", after)
        return
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (tag, i, j, m, n) in enumerate(changes):
        within = 0 < place < len(changes) - 1
        if tag == "equal" and not (within and j - i < SHORTEST_MATCH and BREAK not in before[i:j]):
            yield Piece("same", before[i:j])
        else:
            yield Piece("removed", before[i:j])
            yield Piece("added", after[m:n])


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbours of one kind as one; of a change, what was removed comes first."""
    for is_same, run in groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.kind == "same"):
        members = list(run)
        for kind in ("same",) if is_same else _SIDES:
            text = "".join(piece.text for piece in members if piece.kind == kind)
            if text:
                yield Piece(kind, text)


def _rows(pieces: Sequence[Piece]) -> Iterator[Row]:
    """Yield a row wherever both texts begin a paragraph."""
    before: list[Piece] = []
    after: list[Piece] = []
    for change in _changes(pieces):
        if change[0].kind != "same" and not before and not after and all(one.text.endswith(BREAK) for one in change):
            yield from _whole(change)
            continue
        for one in change if change[0].kind != "same" else _lines(change[0]):
            before += [one] if one.kind != "added" else []
            after += [one] if one.kind != "removed" else []
            if one.kind == "same" and _ends(before) and _ends(after):
                yield Row(_bare(before), _bare(after))
                before, after = [], []
        if _ends(before) and _ends(after) and (before or after):
            yield Row(_bare(before), _bare(after))
            before, after = [], []
    if before or after:
        yield Row(_bare(before), _bare(after))


def _whole(change: Sequence[Piece]) -> Iterator[Row]:
    """Yield whole paragraphs that were removed beside those that were added."""
    sides = {piece.kind: _lines(piece) for piece in change}
    for old, new in zip_longest(sides.get("removed", ()), sides.get("added", ())):
        yield Row(_bare([old] if old else []), _bare([new] if new else []))


def _lines(piece: Piece) -> list[Piece]:
    return [Piece(piece.kind, text) for text in LINE.findall(piece.text)]


def _changes(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield each piece that is the same alone, and what replaces what together: removed, then added."""
    for _, run in groupby(pieces, key=lambda piece: piece.kind == "same"):
        yield list(run)


def _ends(side: Sequence[Piece]) -> bool:
    """Return whether a side of a row is at the end of a paragraph; an empty one is at the end of the one before."""
    return not side or side[-1].text.endswith(BREAK)


def _bare(side: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return a side without the break at its end."""
    if not side:
        return ()
    last = Piece(side[-1].kind, side[-1].text.removesuffix(BREAK))
    return tuple(piece for piece in (*side[:-1], last) if piece.text)
