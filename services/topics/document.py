"""An article as one normalised text whose positions map back to its printed parts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import rjieba

from schemas.tagged import TextSpan
from services.text.normal import Normalised, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.article import ArticleContent
    from schemas.tagged import Part

HEADLINE_PARTS = ("headline", "kicker", "deck")
SEPARATOR = "\n"
SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;”」』）)]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article as printed; `index` counts the blocks of its body, or its captions."""

    part: Part
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: `texts[i]` has part of speech `kinds[i]` and runs from `bounds[i]` to `bounds[i + 1]`.

    The kinds are jieba's tags (nr person, ns place, nt organisation, m number, x other signs …).
    """

    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An article's passages, their normalised text as one string, and its words and sentences.

    `text` has the headline's parts first, then the body, then the rest, each on a line. Positions count its characters.
    `edges` are the positions where a word begins or ends.
    """

    passages: tuple[Passage, ...]
    starts: tuple[int, ...]
    normalised: Normalised
    words: Words
    edges: frozenset[int]
    sentences: tuple[tuple[int, int], ...]
    headline_end: int

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normalised.text

    def locate(self, start: int, end: int) -> tuple[Passage, int, int] | None:
        """Return the passage with `start` to `end` of the normalised text, and the positions in its printed text.

        Return None if the range covers two passages.
        """
        first, last = self.normalised.original(start, end)
        number = bisect_right(self.starts, first) - 1
        passage, offset = self.passages[number], self.starts[number]
        if not first < last <= offset + len(passage.text):
            return None
        return passage, first - offset, last - offset

    def quote(self, start: int, end: int) -> str:
        """Return the printed text for `start` to `end` of the normalised text; empty if it covers two passages."""
        located = self.locate(start, end)
        return located[0].text[located[1] : located[2]] if located else ""

    def span(self, start: int, end: int) -> TextSpan | None:
        """Return `start` to `end` of the normalised text as a span of the article."""
        located = self.locate(start, end)
        if located is None:
            return None
        passage, first, last = located
        return TextSpan(part=passage.part, index=passage.index, start=first, end=last, text=passage.text[first:last])

    def opens_word(self, start: int, end: int) -> bool:
        """Return whether the name at `start` to `end` begins a longer word: 台湾同胞, 海关监管."""
        bounds = self.words.bounds
        number = bisect_left(bounds, end)
        return bounds[number - 1] == start and bounds[number] - end > 1

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Return the start and end of the sentence around `position`."""
        number = bisect_right(self.sentences, (position, len(self.text))) - 1
        return self.sentences[max(number, 0)] if self.sentences else (0, len(self.text))


def passages_of(article: ArticleContent) -> tuple[Passage, ...]:
    """Return the parts of `article` that say what it is about: headline block, body, captions, the weather line."""
    passages = [
        Passage("headline", 0, article.headline),
        Passage("kicker", 0, article.kicker),
        Passage("deck", 0, article.deck),
        *(Passage("body", index, block.text) for index, block in enumerate(article.body)),
        *(Passage("caption", index, caption.text) for index, caption in enumerate(article.captions)),
    ]
    if article.weather is not None:
        passages.append(Passage("weather", 0, article.weather.sky))
    return tuple(passage for passage in passages if passage.text)


def lay_out(passages: Sequence[Passage]) -> Document:
    """Return the document for `passages`, in their order; headline parts must come first."""
    starts: list[int] = []
    position = 0
    for passage in passages:
        starts.append(position)
        position += len(passage.text) + len(SEPARATOR)
    normalised = normalise(SEPARATOR.join(passage.text for passage in passages))
    headline = sum(len(p.text) + len(SEPARATOR) for p in passages if p.part in HEADLINE_PARTS)
    text = normalised.text
    words = _words(text)
    return Document(
        passages=tuple(passages),
        starts=tuple(starts),
        normalised=normalised,
        words=words,
        edges=frozenset(words.bounds),
        sentences=tuple((match.start(), match.end()) for match in SENTENCE.finditer(text)),
        headline_end=_normalised_position(normalised, headline),
    )


def _words(text: str) -> Words:
    tagged = rjieba.tag(text, False)  # do not guess words, so that every machine finds the same dictionary words
    texts, kinds = zip(*tagged, strict=True) if tagged else ((), ())
    return Words(texts, kinds, (0, *accumulate(map(len, texts))))


def _normalised_position(normalised: Normalised, original: int) -> int:
    """Return the position in the normalised text of the character at `original` of the printed text."""
    if normalised.starts is None:
        return original
    return bisect_right(normalised.starts, original - 1) if original else 0
