"""Made-up newspaper articles for benchmarks of the index, in any number and always the same.

Words are as frequent as in jieba's dictionary, so that the index sees realistic Chinese: a few words in nearly every
article, most words in hardly any. Each article has subjects of its own, which it repeats.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jieba
import numpy as np

from schemas.article import Block, Byline, Caption
from schemas.tagged import Name, Place, TaggedArticle, Topic
from services.text.tokens import HAN_ONLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEED: Final = 7
VOCABULARY: Final = 60_000
"""The most frequent words of the dictionary that are used; all the others together are 3 % of what is written."""
PARAGRAPHS: Final = 7
CLAUSES: Final = 6
CLAUSE_WORDS: Final = 10
"""Words of a clause: 7 times 6 times 10 words make some 720 characters, the mean of the search bench's articles."""
HEADLINE, DECK, CAPTION = 6, 8, 12
"""Words of these parts; a deck and a caption are not always there."""
SUBJECTS: Final = 8
SUBJECT_SHARE: Final = 0.12
"""How many of an article's words are its subjects."""
FIRST_DAY: Final = dt.date(2003, 1, 1)
DAYS: Final = 7000
PAPERS: Final = ("示例日报", "示例晚报", "样本早报", "样本时报", "示例商报")
TOPICS: Final = (("industry", "工业"), ("customs", "海关"), ("united_front", "统战"), ("weather", "天气"))
KINDS: Final = ("story", "story", "story", "story", "brief", "brief", "photo", "notice")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words, and for each the sum of the shares of those up to it, to be drawn from with a number from 0 to 1."""

    words: Sequence[str]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, counted: Sequence[tuple[str, float]]) -> Lexicon:
        """Return the lexicon of words with their counts."""
        counts = np.array([count for _, count in counted])
        return cls([word for word, _ in counted], np.cumsum(counts) / counts.sum())

    def draw(self, chance: np.random.Generator, size: int) -> list[str]:
        """Return `size` words by chance, the frequent ones more often."""
        places = np.searchsorted(self.shares, chance.random(size), side="right")
        return [self.words[place] for place in np.minimum(places, len(self.words) - 1).tolist()]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """What articles are made of."""

    written: Lexicon
    subjects: Lexicon
    places: Lexicon
    people: Lexicon
    organisations: Lexicon
    reporters: Lexicon
    columns: Lexicon


@cache
def lexicons() -> Lexicons:
    """Return the lexicons, from the dictionary that comes with jieba."""
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [(word, float(count), tag) for word, count, tag in (line.split(" ") for line in lines)]
    entries = [entry for entry in entries if HAN_ONLY().fullmatch(entry[0])]
    entries.sort(key=lambda entry: (-entry[1], entry[0]))

    def tagged(tags: tuple[str, ...], most: int) -> list[str]:
        return [word for word, _, tag in entries if tag in tags and len(word) > 1][:most]

    names = tagged(("nr",), 20_400)
    common = entries[:VOCABULARY]
    return Lexicons(
        written=Lexicon.of([(word, count) for word, count, _ in common]),
        subjects=Lexicon.of([(word, count**0.6) for word, count, tag in common if len(word) > 1 and tag[0] in "nv"]),
        places=_ranked(tagged(("ns",), 3_000)),
        people=_ranked(names[:20_000]),
        organisations=_ranked(tagged(("nt", "nz"), 5_000)),
        reporters=_ranked(names[20_000:]),
        columns=_ranked(tagged(("n",), 60)),
    )


def article(number: int) -> TaggedArticle:
    """Return article `number`, which depends on its number alone."""
    chance = np.random.default_rng((SEED, number))
    found = lexicons()
    day = FIRST_DAY + dt.timedelta(days=int(chance.integers(DAYS)))
    paper = PAPERS[int(chance.integers(len(PAPERS)))]
    topics = [TOPICS[at] for at in np.flatnonzero(chance.random(len(TOPICS)) < (0.3, 0.1, 0.1, 0.05))]
    paragraphs = int(chance.integers(1, 2 * PARAGRAPHS))
    lengths = chance.integers(4, 2 * CLAUSE_WORDS - 4, (paragraphs, CLAUSES)).tolist()
    deck, caption = chance.random(2) < (0.3, 0.2)
    wanted = HEADLINE + DECK + CAPTION + sum(map(sum, lengths))
    words = iter(_words(chance, found, wanted))

    def clause(length: int) -> str:
        return "".join(islice(words, length))

    return TaggedArticle(
        article_id=f"{paper}/{day}/{number:012x}",
        issue_id=f"{paper}/{day}",
        paper=paper,
        date=day,
        revision=0,
        version=0,
        pages=(int(chance.integers(1, 17)),),
        kind=KINDS[int(chance.integers(len(KINDS)))],
        headline=clause(HEADLINE),
        deck=clause(DECK) if deck else "",
        label=found.columns.draw(chance, 1)[0] if chance.random() < 0.2 else "",
        bylines=tuple(Byline(name=name, role="记者") for name in found.reporters.draw(chance, 1)),
        source="本报讯",
        body=tuple(
            Block(kind="paragraph", text=f"{'，'.join(map(clause, each))}{chance.integers(1, 10_000)}项。", spans=())
            for each in lengths
        ),
        captions=(Caption(text=clause(CAPTION), spans=()),) if caption else (),
        spans=(),
        confidence=1.0,
        topics=tuple(Topic(id=name, label=label, label_en=name, score=0.9, evidence=()) for name, label in topics),
        places=tuple(Place(name=name, mentions=1) for name in _several(chance, found.places, 4)),
        organisations=tuple(Name(name=name, mentions=1) for name in _several(chance, found.organisations, 3)),
        people=tuple(Name(name=name, mentions=1) for name in _several(chance, found.people, 4)),
        taxonomy_version="bench",
    )


def _words(chance: np.random.Generator, found: Lexicons, count: int) -> list[str]:
    """Return `count` words of one article, its subjects among them."""
    subjects = found.subjects.draw(chance, SUBJECTS)
    words = found.written.draw(chance, count)
    for place in np.flatnonzero(chance.random(count) < SUBJECT_SHARE).tolist():
        words[place] = subjects[place % SUBJECTS]
    return words


def _several(chance: np.random.Generator, lexicon: Lexicon, most: int) -> list[str]:
    return list(dict.fromkeys(lexicon.draw(chance, int(chance.integers(most + 1)))))


def _ranked(words: Sequence[str]) -> Lexicon:
    """Return a lexicon in which the word of rank r is drawn 1/r as often as the first (Zipf's law)."""
    return Lexicon.of([(word, 1 / rank) for rank, word in enumerate(words, 1)])
