"""Search tokens: the one place from which the index and the queries take them, so that the two cannot drift.

A Chinese character is one token, written with its place in its word: 雪b begins a word, 雪m is inside, 雪e ends one and 雪s is a
word by itself, 雪u stands in what looks like an unknown name (李雪主), where any character may begin or end. A phrase of characters then finds any wording, and asking for a beginning and an end where the phrase
begins and ends keeps 神学 apart from 精神|学习. A run of Latin letters or digits is one token each (维生素B12: … b 12).

Everything is normalised first, numbers included. Elasticsearch needs no analysis plugin: the tokens of a clause are
joined with spaces and split again by its `whitespace` analyzer; each clause is one value of the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.text.clauses import clauses
from services.text.normal import Normalised, normalise
from services.text.numerals import with_arabic_numerals
from services.text.words import boundaries, words

BEGIN, MIDDLE, END, SINGLE, UNKNOWN = "b", "m", "e", "s", "u"
PLACES = (BEGIN, MIDDLE, END, SINGLE, UNKNOWN)
LONGEST_TOKEN = 64
"""Characters: longer runs of letters (encoded data, most likely) are cut to this."""

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECE = re.compile(rf"(?P<han>[{HAN}])|(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d_{HAN}]+)|(?P<sign>[%℃$€¥£&+#])")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its text, its place in a word (empty where it is no Chinese character), and its span as printed."""

    text: str
    place: str
    start: int
    end: int

    @property
    def form(self) -> str:
        """What is indexed."""
        return self.text + self.place

    @property
    def begins(self) -> bool:
        """Whether a word begins here."""
        return self.place in ("", BEGIN, SINGLE, UNKNOWN)

    @property
    def ends(self) -> bool:
        """Whether a word ends here."""
        return self.place in ("", END, SINGLE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a clause: its text in the one spelling, and the tokens it is made of, by index."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between punctuation: its tokens, and the words they make (which leave none out)."""

    tokens: tuple[Token, ...]
    words: tuple[Word, ...]


def prepare(text: str) -> Normalised:
    """Return `text` in the spelling that tokens are made from."""
    return with_arabic_numerals(normalise(text))


def tokenise(text: str) -> list[Clause]:
    """Return the clauses of a printed text that hold anything to search for, with spans in `text`."""
    prepared = prepare(text)
    found = [_clause(prepared, start, end) for start, end in clauses(prepared.text)]
    return [clause for clause in found if clause.tokens]


def index_values(text: str) -> list[str]:
    """Return what a field of characters holds for `text`: one string of tokens a clause."""
    return [" ".join(token.form for token in clause.tokens) for clause in tokenise(text)]


def index_words(text: str) -> list[str]:
    """Return what a field of words holds for `text`: one string of words a clause, as someone would type them."""
    return [" ".join(word.text for word in clause.words) for clause in tokenise(text)]


def _clause(prepared: Normalised, start: int, end: int) -> Clause:
    text = prepared.text
    pieces = list(PIECE.finditer(text, start, end))
    tokens: list[Token] = []
    found: list[Word] = []
    position = 0
    while position < len(pieces):
        stop = position + 1
        if pieces[position]["han"]:
            while stop < len(pieces) and pieces[stop]["han"] and pieces[stop].start() == pieces[stop - 1].end():
                stop += 1
        run = pieces[position:stop]
        if run[0]["han"]:
            characters = text[run[0].start() : run[-1].end()]
            known = boundaries(characters)
            guessed = words(characters)
            offset = 0
            for word in guessed:
                for inner in range(offset, offset + len(word)):
                    place = _place(inner in known, inner + 1 in known, alone=len(word) == 1)
                    piece = run[inner]
                    tokens.append(Token(piece[0], place, *prepared.original(piece.start(), piece.end())))
                found.append(Word(word, position + offset, position + offset + len(word)))
                offset += len(word)
        else:
            shown = run[0][0][:LONGEST_TOKEN]
            tokens.append(Token(shown, "", *prepared.original(run[0].start(), run[0].end())))
            found.append(Word(shown, position, stop))
        position = stop
    return Clause(tuple(tokens), tuple(found))


def _place(begins: bool, ends: bool, *, alone: bool) -> str:  # noqa: FBT001
    if begins and ends:
        return SINGLE if alone else UNKNOWN
    return BEGIN if begins else END if ends else MIDDLE
