"""Give every text the same spelling: the index, the taggers and the queries `normalise` a text before they compare it.

The rules, in order:

- drop invisible characters and fold radicals (services.text.glyphs)
- replace compatibility forms by plain forms (Unicode NFKC: Ｂ１２ to B12, ① to 1, U+3000 to a space)
- change letters to lower case
- replace traditional characters by simplified characters (OpenCC t2s: 颱風 to 台风)

Other whitespace and punctuation stays as it is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from opencc import OpenCC

from services.text.glyphs import FOLDS, HOLE, INVISIBLES

if TYPE_CHECKING:
    from collections.abc import Sequence

HANGUL_VOWELS_AND_FINALS = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text that remembers where each of its characters came from.

    Character `i` of `text` was made from the original characters `starts[i]` to `ends[i]` (exclusive). Both tuples are
    None if every character was made from exactly one original character. This is nearly always so.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that characters `start` to `end` (exclusive) of `text` came from.

        The result of an empty span is empty: it is before the original of the character at `start`, or at the end.
        """
        if self.starts is None or self.ends is None:
            return start, end
        if start < end:
            return self.starts[start], self.ends[end - 1]
        if start < len(self.starts):
            return self.starts[start], self.starts[start]
        last = self.ends[-1] if self.ends else 0
        return last, last

    def rewritten(self, edits: Sequence[tuple[int, int, str]]) -> Normalised:
        """Return the text with each edit `(start, end, replacement)` applied; edits are in order and do not overlap.

        Every character of a replacement maps back to the full text that it replaced.
        """
        if not edits:
            return self
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []

        def keep(start: int, end: int) -> None:
            pieces.append(self.text[start:end])
            starts.extend(range(start, end) if self.starts is None else self.starts[start:end])
            ends.extend(range(start + 1, end + 1) if self.ends is None else self.ends[start:end])

        position = 0
        for start, end, replacement in edits:
            keep(position, start)
            first, last = self.original(start, end)
            pieces.append(replacement)
            starts.extend([first] * len(replacement))
            ends.extend([last] * len(replacement))
            position = end
        keep(position, len(self.text))
        return Normalised("".join(pieces), tuple(starts), tuple(ends))


def normalise(text: str) -> Normalised:
    """Return `text` in the normalised spelling, with the positions of its characters in the original.

    Normalising a text twice gives the same result as normalising it once. Lone surrogates become U+FFFD, because no
    encoding can carry them.
    """
    if _FOLDS.one_for_one(text):
        return Normalised(simplified(text.translate(_FOLDS)))
    clusters = _clusters(text)
    pieces = list(map(_folded, clusters))
    plain = simplified("".join(pieces))
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for piece, cluster in zip(pieces, clusters, strict=True):
        starts.extend([position] * len(piece))
        position += len(cluster)
        ends.extend([position] * len(piece))
    return Normalised(plain, tuple(starts), tuple(ends))


def _clusters(text: str) -> Sequence[str]:
    """Return the characters of `text`, each with the marks that Unicode would join to it."""
    if not any(map(_joins, set(text))):
        return text
    clusters: list[str] = []
    for character in text:
        if clusters and _joins(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


@lru_cache(maxsize=2**16)
def _joins(character: str) -> bool:
    first = unicodedata.normalize("NFKC", character)[:1]
    return ord(character) in HANGUL_VOWELS_AND_FINALS or bool(first and unicodedata.combining(first))


@lru_cache(maxsize=2**16)
def _folded(cluster: str) -> str:
    plain = "".join(HOLE if unicodedata.category(character) == "Cs" else character for character in cluster)
    plain = INVISIBLES.sub("", plain).translate(FOLDS).replace("靑", "青")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).lower())


class _Folds(dict[int, str]):
    """Code point -> its folded form, for `str.translate`; an entry is added when its character first occurs."""

    def __init__(self) -> None:
        super().__init__()
        self._plain: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded

    def one_for_one(self, text: str) -> bool:
        """Return whether each character of `text` folds to a single character, whatever its neighbours are."""
        unknown = set(text) - self._plain
        plain = {character for character in unknown if len(self[ord(character)]) == 1 and not _joins(character)}
        self._plain |= plain
        return len(plain) == len(unknown)


_FOLDS = _Folds()


@cache
def _converter(which: str = "t2s") -> OpenCC:
    return OpenCC(which)


def traditional(text: str) -> str:
    """Return `text` in traditional characters, as far as each character has a single traditional form."""
    converted: str = _converter("s2t").convert(text)
    return converted


def simplified(text: str) -> str:
    """Return `text` in simplified characters, with the same number of characters.

    If converting phrases would change the length, each character is converted by itself.
    """
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_simplified_character(character) for character in text)


@lru_cache(maxsize=2**16)
def _simplified_character(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character
