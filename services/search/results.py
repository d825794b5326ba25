"""What is shown of the articles found: where each answers the query, and the stretches that show best why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.search import fields
from services.search.cursor import following
from services.search.highlight import Highlighter
from services.search.snippets import best_snippets

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.search.answer import Answer, Hit
    from services.search.highlight import Match
    from services.search.request.body import Search
    from services.search.snippets import Snippet


@dataclass(frozen=True, slots=True)
class Result:
    """One article found, with what answers the query in its titles and in one or two stretches of its text."""

    hit: Hit
    headline: tuple[Match, ...]
    kicker: tuple[Match, ...]
    deck: tuple[Match, ...]
    snippets: tuple[Snippet, ...]

    @property
    def article(self) -> TaggedArticle:
        """The whole article."""
        return self.hit.article


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of a result, the first is number 1; `next` is the cursor of the page after it, None where none is."""

    number: int
    results: tuple[Result, ...]
    next: str | None


def result_page(search: Search, answer: Answer) -> ResultPage:
    """Return the page of results that `answer` gives to `search`."""
    highlighter = Highlighter(answer.query or search.query)
    results = tuple(_result(hit, highlighter) for hit in answer.hits)
    return ResultPage(search.page, results, following(search, answer))


def _result(hit: Hit, highlighter: Highlighter) -> Result:
    article = hit.article
    return Result(
        hit=hit,
        headline=highlighter.matches(fields.HEADLINE, article.headline),
        kicker=highlighter.matches(fields.KICKER, article.kicker),
        deck=highlighter.matches(fields.DECK, article.deck),
        snippets=best_snippets(highlighter, passages(article)),
    )


def passages(article: TaggedArticle) -> list[tuple[str, str]]:
    """Return the running text of an article, (part, text) in reading order."""
    found = [(fields.BODY, block.text) for block in article.body]
    found += [(fields.CAPTION, caption.text) for caption in article.captions]
    if article.weather:
        found.append((fields.BODY, article.weather.text))
    return found
