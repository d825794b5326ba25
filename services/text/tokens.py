"""Make search tokens. The index and the queries both take their tokens from here, so that they always agree.

A Chinese character is one token. The token says where the character is in its word (`PLACES`):

- 雪b begins a word, 雪m is inside a word, and 雪e ends a word
- 雪s is a word by itself
- 积f and 雪l are the first and second character of a pair of ordinary vocabulary
- 雪u is part of what looks like an unknown name (李雪主); there, any character may begin or end a word

A run of Latin letters is one token, and so is a run of digits (维生素B12: … b 12).

A search for two or more tokens uses pairs. A pair is a token and the next token, as one term. Its kind (`PAIR_KINDS`)
says whether the pair begins or ends at the edge of a word: 海关p. A pair occurs far less often than a character, so a
search of many articles is quick. Pairs in a row find any phrase. The first pair must begin a word and the last pair
must end a word, so that 神学 does not find 精神|学习.

Texts are normalised first, numbers included. Elasticsearch needs no analysis plugin: we join the tokens of a clause
with spaces, and its `whitespace` analyzer splits them again. Each clause is one value of the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from services.text.clauses import clauses
from services.text.normal import normalise
from services.text.numerals import with_arabic_numerals
from services.text.patterns import when_used
from services.text.words import is_plain_pair, is_word, seams, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from services.text.normal import Normalised

BEGIN, MIDDLE, END, SINGLE, UNKNOWN, FORMER, LATTER = "b", "m", "e", "s", "u", "f", "l"
PLACES = (BEGIN, MIDDLE, END, SINGLE, UNKNOWN, FORMER, LATTER)
BEGINNINGS = (BEGIN, SINGLE, UNKNOWN, FORMER)
ENDINGS = (END, SINGLE, UNKNOWN, LATTER)
PLAIN, WHOLE, OPENING, CLOSING, INNER = "p", "w", "b", "e", "n"
PAIR_KINDS = (PLAIN, WHOLE, OPENING, CLOSING, INNER)
"""Kinds of pairs, in this order.

- a pair of ordinary vocabulary
- a pair that begins where a word begins and ends where a word ends
- a pair that only begins where a word begins
- a pair that only ends where a word ends
- a pair that does neither
"""
ACROSS = ((INNER, CLOSING), (OPENING, WHOLE))
"""The kind of a pair outside ordinary vocabulary.

The first index is whether its first token begins a word. The second is whether its second token ends a word.
"""
STARTING = (PLAIN, WHOLE, OPENING)
STOPPING = (PLAIN, WHOLE, CLOSING)
LONGEST_TOKEN = 64
"""Most characters of a token. Longer runs of letters are cut; they are most likely encoded data."""

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_ONLY = when_used(rf"[{HAN}]+")
PIECE = when_used(rf"(?P<han>[{HAN}]+)|(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d_{HAN}]+)|(?P<sign>[%℃$€¥£&+#])")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text, its place in a word (empty if it is not a Chinese character), and its span as printed."""

    text: str
    place: str
    start: int
    end: int

    @property
    def form(self) -> str:
        """The token as it is indexed."""
        return self.text + self.place

    @property
    def begins(self) -> bool:
        """Whether a word begins here."""
        return not self.place or self.place in BEGINNINGS

    @property
    def ends(self) -> bool:
        """Whether a word ends here."""
        return not self.place or self.place in ENDINGS


@dataclass(frozen=True, slots=True)
class Values:
    """What the index holds for a text: for each clause a string of tokens, of pairs, and of words as people type them.

    A clause with only one token has an empty string of pairs, so that the three lists have the same length.
    """

    characters: list[str]
    pairs: list[str]
    words: list[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a clause: its text in the normalised spelling, and its tokens (`first` to `last`, exclusive).

    `joined` says whether it directly follows the word before.
    """

    text: str
    first: int
    last: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a text: its tokens, and the words that they form. Every token belongs to a word."""

    tokens: tuple[Token, ...]
    words: tuple[Word, ...]


def prepare(text: str) -> Normalised:
    """Return `text` in the spelling from which tokens are made."""
    return with_arabic_numerals(normalise(text))


def tokenise(text: str, wanted: Callable[[str], bool] | None = None) -> list[Clause]:
    """Return the clauses of a printed text that have tokens, with the spans of the tokens in `text`.

    If `wanted` is given, it gets the text of each clause in the normalised spelling. Clauses for which it returns False
    are left out.
    """
    prepared = prepare(text)
    spans = clauses(prepared.text)
    if wanted:
        spans = [(start, end) for start, end in spans if wanted(prepared.text[start:end])]
    found = [_clause(prepared, start, end) for start, end in spans]
    return [clause for clause in found if clause.tokens]


def index_values(text: str) -> Values:
    """Return what the index holds for `text`."""
    prepared = prepare(text).text
    values = Values([], [], [])
    for start, end in clauses(prepared):
        found = [_written(word) for word, _ in _words(prepared, start, end)]
        if found:
            values.characters.append(" ".join([word.characters for word in found]))
            values.pairs.append(_paired(found))
            values.words.append(" ".join([word.text for word in found]))
    return values


def pair(first: Token, second: Token) -> str:
    """Return the text of the pair of two tokens. The index holds this text followed by one of `PAIR_KINDS`."""
    return _former(first.text, first.place) + _latter(second.text, second.place)


def _clause(prepared: Normalised, start: int, end: int) -> Clause:
    tokens: list[Token] = []
    found: list[Word] = []
    previous = -1
    for word, position in _words(prepared.text, start, end):
        first = len(tokens)
        places = _places(word)
        if places:
            tokens.extend(
                Token(character, place, *prepared.original(position + offset, position + offset + 1))
                for offset, (character, place) in enumerate(zip(word, places, strict=True))
            )
        else:
            tokens.append(Token(word, "", *prepared.original(position, position + len(word))))
        found.append(Word(word, first, len(tokens), joined=position == previous))
        previous = position + len(word)
    return Clause(tuple(tokens), tuple(found))


def _words(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield each word of a clause of prepared `text`, with the offset of its first character."""
    for piece in PIECE().finditer(text, start, end):
        position = piece.start()
        if piece.lastgroup == "han":
            for word in words(piece[0]):
                yield word, position
                position += len(word)
        else:
            yield piece[0][:LONGEST_TOKEN], position


@dataclass(frozen=True, slots=True)
class _Written:
    """A word as it is indexed: its characters, the pairs inside it, and its parts of the pairs across words."""

    text: str
    characters: str
    inner: tuple[str, ...]
    head: str
    head_ends: bool
    tail: str
    tail_begins: bool


@lru_cache(maxsize=2**16)
def _written(word: str) -> _Written:
    places = _places(word)
    tokens = [Token(*each, 0, 0) for each in zip(word, places, strict=True)] if places else [Token(word, "", 0, 0)]
    first, last = tokens[0], tokens[-1]
    return _Written(
        word,
        " ".join([token.form for token in tokens]),
        tuple(pair(one, other) + _kind(one, other) for one, other in pairwise(tokens)),
        _latter(first.text, first.place),
        first.ends,
        _former(last.text, last.place),
        last.begins,
    )


def _paired(words: list[_Written]) -> str:
    pairs = list(words[0].inner)
    for one, other in pairwise(words):
        pairs.append(one.tail + other.head + ACROSS[one.tail_begins][other.head_ends])
        pairs += other.inner
    return " ".join(pairs)


def _kind(first: Token, second: Token) -> str:
    return PLAIN if first.place == FORMER else ACROSS[first.begins][second.ends]


def _former(text: str, place: str) -> str:
    return text if place else f"{text}_"


def _latter(text: str, place: str) -> str:
    return text if place else f"_{text}"


@lru_cache(maxsize=2**16)
def _places(word: str) -> str:
    """Return the place of each character of a word, as one letter per character; empty if the word is not Chinese."""
    if not HAN_ONLY().fullmatch(word):
        return ""
    if len(word) == 1:
        return SINGLE
    if not is_word(word):
        return UNKNOWN * len(word)
    if is_plain_pair(word):
        return FORMER + LATTER
    edges = {0, *seams(word), len(word)}
    return "".join(
        UNKNOWN
        if {offset, offset + 1} <= edges
        else BEGIN
        if offset in edges
        else END
        if offset + 1 in edges
        else MIDDLE
        for offset in range(len(word))
    )
