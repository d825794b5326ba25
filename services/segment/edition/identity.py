"""Match the articles of this version to those of the last version, so that ids survive corrections.

An article keeps its id while most of its text stays the same, whatever was moved, corrected or added. An id disappears
only with its article, and comes back with it. A continuation that waits for the page with its beginning does not pass
its id on to another article. So pages that arrive in any order get the same ids as a complete issue that arrives at
once.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schemas.article import ArticleContent
    from services.segment.article import SegmentedArticle

SHINGLE = 4
"""Number of characters of a shingle.

Unrelated stories share shorter shingles. Longer shingles break at every correction.
"""

KEPT_CHARACTERS = 4000
KEPT_GONE = 1_000
"""How many articles that are gone stay known at least.

Beyond this number, the articles that went first are dropped; every version since has withdrawn them. Without a bound,
an issue that is corrected again and again would grow with each correction.
"""

KEPT_GONE_CHARACTERS = 1_000
LEAD_CHARACTERS = 40
"""Number of characters at an article's beginning that its id is made from.

The number is small, because a story that jumps must have all of them on its first page, whatever else is there.
"""

LEAST_CONTAINED = 0.5
"""The share of the shorter text's shingles that the longer text must have.

The share is of the shorter text, because a half that was split off or merged is contained in the longer text.
"""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article that has an id.

    Attributes:
        text: headline and body, reduced to letters and digits; empty where only the id is known.
        fragment: whether it is a continuation whose beginning is not known.
        alive: whether it was in the last version.
        gone_at: the version from which on it is gone; 0 while it is alive.
    """

    article_id: str
    kind: str
    text: str
    fragment: bool
    alive: bool
    gone_at: int = 0


def assign_ids(
    issue_id: str, articles: Sequence[SegmentedArticle], known: Sequence[KnownArticle], version: int
) -> tuple[KnownArticle, ...]:
    """Return what is known after this version: this version's articles in their order, then the articles gone.

    Args:
        issue_id: paper/date.
        articles: the articles of this version.
        known: what was known after the version before.
        version: the version of the issue, which grows.
    """
    texts = [reduced(article) for article in articles]
    ids = _given(issue_id, articles, texts, known, version)
    # Where only the id of an old article is known, the id itself matches it: an article with the same beginning gets
    # the same id.
    used = {old.article_id for old in known if old.text} | set(ids.values())
    now: list[KnownArticle] = []
    for place, (article, text) in enumerate(zip(articles, texts, strict=True)):
        article_id = ids.get(place) or _fresh_id(issue_id, text, used)
        used.add(article_id)
        now.append(KnownArticle(article_id, article.kind, text, is_fragment(article), alive=True))
    given = {one.article_id for one in now}
    return (*now, *_gone([old for old in known if old.article_id not in given], version))


def _given(
    issue_id: str,
    articles: Sequence[SegmentedArticle],
    texts: Sequence[str],
    known: Sequence[KnownArticle],
    version: int,
) -> dict[int, str]:
    """Return place -> the id of the known article that stands there now.

    After a rewind, articles of later versions are known too. At first they do not count. So the same versions in the
    same order give the same ids. An article that has no id then gets the id that it would get as a new article, if
    one of a later version has that id. Otherwise it gets the id of the most similar of them.
    """
    before = [old for old in known if old.alive or old.gone_at < version]
    places = range(len(articles))
    ids = {place: before[index].article_id for place, index in _match(articles, texts, before, places).items()}
    later = {old.article_id: old for old in known if not old.alive and old.gone_at >= version}
    used = {old.article_id for old in before}
    for place in places:
        if later and place not in ids:
            fresh = _fresh_id(issue_id, texts[place], used)
            used.add(fresh)
            if later.pop(fresh, None) is not None:
                ids[place] = fresh
    left = list(later.values())
    open_places = [place for place in places if place not in ids]
    matched = _match(articles, texts, left, open_places).items()
    return ids | {place: left[index].article_id for place, index in matched}


def _gone(known: Iterable[KnownArticle], version: int) -> list[KnownArticle]:
    """Return the articles of `known` that stay known although they are not in this version, the last gone first.

    Those that went together keep their order: two with the same text come back with the ids that they had.

    An article that goes with this version or a later version always stays known, because a rewind goes through older
    versions again.
    """
    found = []
    for old in known:
        gone_at = version if old.alive else old.gone_at
        text = old.text if gone_at >= version else old.text[:KEPT_GONE_CHARACTERS]
        found.append(replace(old, text=text, alive=False, gone_at=gone_at))
    found.sort(key=lambda old: -old.gone_at)
    return [old for place, old in enumerate(found) if place < KEPT_GONE or old.gone_at >= version]


def _match(
    articles: Sequence[SegmentedArticle], texts: Sequence[str], known: Sequence[KnownArticle], places: Sequence[int]
) -> dict[int, int]:
    """Return place -> index into `known`: identical texts first, then the most similar pairs, each used once."""
    fragments = [is_fragment(article) for article in articles]
    same: dict[str, list[int]] = {}
    for index, old in sorted(enumerate(known), key=lambda item: (not item[1].alive, item[0])):
        if old.text:
            same.setdefault(old.text, []).append(index)
    taken: dict[int, int] = {}
    for place in places:
        fitting = [index for index in same.get(texts[place], ()) if known[index].fragment == fragments[place]]
        if fitting:
            taken[place] = fitting[0]
            same[texts[place]].remove(fitting[0])
    given = set(taken.values())
    unlike = [place for place in places if place not in taken]
    left = [item for item in enumerate(known) if item[0] not in given]
    for _, _, _, place, index in sorted(_alike(articles, texts, fragments, unlike, left)):
        if place not in taken and index not in given:
            taken[place] = index
            given.add(index)
    return taken


def _alike(
    articles: Sequence[SegmentedArticle],
    texts: Sequence[str],
    fragments: Sequence[bool],
    places: Sequence[int],
    known: Sequence[tuple[int, KnownArticle]],
) -> Iterator[tuple[float, float, bool, int, int]]:
    """Yield the pairs of places and known articles that may be the same, as tuples that sort the most similar first."""
    if not (places and known):
        return
    shingles = {place: _shingles(texts[place]) for place in places}
    holding: dict[str, list[int]] = {}
    for place, found in shingles.items():
        for shingle in found:
            holding.setdefault(shingle, []).append(place)
    for index, old in known:
        before = _shingles(old.text)
        shared = Counter(place for shingle in before for place in holding.get(shingle, ()))
        for place in places:
            # A fragment does not pass its id on. Nor does it take the id of an article that is gone: that article may
            # come back complete with the page where it begins.
            if old.fragment != fragments[place] and (old.fragment or not old.alive):
                continue
            least = min(len(before), len(shingles[place]))
            if least and shared[place] >= LEAST_CONTAINED * least:
                alike = shared[place] / (len(before) + len(shingles[place]) - shared[place])
                yield -alike, -shared[place] / least, not old.alive, place, index
            elif old.kind == articles[place].kind == "weather":
                yield 0.0, 0.0, not old.alive, place, index


def reduced(article: SegmentedArticle) -> str:
    """Return the article's headline and body as letters and digits only, which another extraction also finds."""
    parts = [article.headline, *(block.text for block in article.blocks), *(c.text for c in article.captions)]
    if article.weather is not None:
        parts.append(article.weather.text)
    return letters("".join(parts))[:KEPT_CHARACTERS]


def letters(text: str) -> str:
    """Return the letters and digits of `text`, in one form and lower case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def is_fragment(article: SegmentedArticle | ArticleContent) -> bool:
    """Tell whether the article is a continuation whose beginning is on a page that has not arrived yet."""
    comes_from_elsewhere = any(jump.direction == "from" for jump in article.jumps)
    return "jump-unresolved" in article.flags and (comes_from_elsewhere or "body-only" in article.flags)


def to_state(known: Iterable[KnownArticle]) -> list[dict[str, Any]]:
    """Return the list of articles for the state."""
    return [
        {
            "id": one.article_id,
            "kind": one.kind,
            "text": one.text,
            "fragment": one.fragment,
            "alive": one.alive,
            "gone_at": one.gone_at,
        }
        for one in known
    ]


def from_state(articles: Iterable[dict[str, Any]]) -> tuple[KnownArticle, ...]:
    """Return the known articles from the state's list of articles."""
    return tuple(
        KnownArticle(one["id"], one["kind"], one["text"], one["fragment"], one["alive"], one.get("gone_at", 0))
        for one in articles
    )


@lru_cache(maxsize=256)  # an issue's articles, for its next version; a long text takes half a megabyte
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))) if text else frozenset()


def _fresh_id(issue_id: str, text: str, used: set[str]) -> str:
    """Return an id made from the article's beginning; a number distinguishes articles with the same beginning."""
    twin = 0
    while True:
        seed = f"{issue_id}\n{text[:LEAD_CHARACTERS]}\n{twin}"
        article_id = f"{issue_id}/{hashlib.blake2b(seed.encode(), digest_size=6).hexdigest()}"
        if article_id not in used:
            return article_id
        twin += 1
