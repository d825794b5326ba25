"""Merge and split the articles of an issue, by id; each text belongs to exactly one article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.segment.edition.editing import join, split, with_headline
from services.segment.edition.paragraphs import changed, place_of, put_in, taken_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from schemas.correction import Move
    from services.segment.article import LineRef, SegmentedArticle
    from services.segment.edition.paragraphs import TextChange


class Rearrangement:
    """Articles by id, in their order, while corrections are applied one after another.

    Args:
        articles: the articles as segmented.
        origins: id that a split gives -> the article it is made from, whether the split has an effect or not.
        text_of: returns the text of a line of a page.
    """

    def __init__(
        self,
        articles: Mapping[str, SegmentedArticle],
        origins: Mapping[str, str],
        text_of: Callable[[LineRef], str],
    ) -> None:
        self.articles = dict(articles)
        self._order = list(articles)
        self._origins = origins
        self._text_of = text_of
        self._absorbed: dict[str, str] = {}
        self._parts: dict[str, list[str]] = {}

    def in_order(self) -> Iterator[tuple[str, SegmentedArticle]]:
        """Yield each id with its article; an article that was split off follows the article it was split from."""
        for article_id in self._order:
            yield article_id, self.articles[article_id]

    def is_absorbed(self, article_id: str) -> bool:
        """Tell whether the article was merged into another."""
        return article_id in self._absorbed

    def home(self, article_id: str) -> str | None:
        """Return the id of the article that has the text of `article_id` now, or None."""
        passed: set[str] = set()
        at: str | None = article_id
        while at is not None and at not in self.articles:
            passed.add(at)
            at = self._absorbed.get(at, self._origins.get(at))
            if at in passed:
                return None
        return at

    def merge(self, first_id: str, other_id: str, other_headline: str | None) -> bool:
        """Make `other_id` the continuation of the article that has the text of `first_id`; tell whether both exist.

        Args:
            first_id: the article that is continued.
            other_id: its continuation.
            other_headline: the headline an editor chose for the continuation, if any.
        """
        first_id_now = self.home(first_id)
        other = self.articles.get(other_id)
        if first_id_now is None or other is None or first_id_now == other_id:
            return False
        if other_headline is not None:
            other = with_headline(other, other_headline)
        self.articles[first_id_now] = join(self.articles[first_id_now], other)
        del self.articles[other_id]
        self._order.remove(other_id)
        self._absorbed[other_id] = first_id_now
        return True

    def split(self, article_id: str, new_id: str, begins: str, headline: str) -> bool:
        """Split off the text that starts with `begins`, with the id `new_id`; tell whether that was possible.

        It is not possible if no block starts with `begins`, or if the text is split off already. If the text of
        `article_id` was split before, the block may be in an article that was split off.
        """
        if new_id in self.articles:
            return False
        home = self.home(article_id)
        for part_id in self._family(home) if home is not None else ():
            article = self.articles[part_id]
            place = place_of((block.text for block in article.blocks), begins)
            if place is None:
                continue
            if place == 0 and part_id in self._origins:
                return False
            halves = split(article, place, headline, self._text_of)
            if halves is None:
                return False
            self.articles[part_id], self.articles[new_id] = halves
            self._order.insert(self._order.index(part_id) + 1, new_id)
            self._parts.setdefault(part_id, []).append(new_id)
            return True
        return False

    def change(self, article_id: str, change: TextChange) -> str | None:
        """Change a text of the article that has the text of `article_id`; return what stood there, None if nothing."""
        home = self.home(article_id)
        for part_id in self._family(home) if home is not None else ():
            found = changed(self.articles[part_id], change, self._text_of)
            if found is not None:
                self.articles[part_id], before = found
                return before
        return None

    def move(self, article_id: str, change: Move) -> str | None:
        """Move a block to another article; return its text, None if it or the other article is missing."""
        home, target = self.home(article_id), self.home(change.to_id)
        if target is None or home is None:
            return None
        for part_id in self._family(home):
            taken = taken_out(self.articles[part_id], change.begins) if part_id != target else None
            placed = put_in(self.articles[target], taken[1], change.before) if taken else None
            if taken is not None and placed is not None:
                self.articles[part_id], self.articles[target] = taken[0], placed
                return taken[1].blocks[0].text
        return None

    def _family(self, article_id: str) -> Iterator[str]:
        """Yield the article, and all articles that were split off from it and still exist separately."""
        waiting = [article_id]
        while waiting:
            at = waiting.pop()
            if at in self.articles:
                yield at
            waiting.extend(reversed(self._parts.get(at, ())))
