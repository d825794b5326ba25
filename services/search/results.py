"""What is shown of the articles found: where each answers the query, and the stretches that show best why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.search import fields
from services.search.cursor import following
from services.search.highlight import Highlighter
from services.search.query.synonyms import spelling
from services.search.snippets import best_snippets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.tagged import TaggedArticle
    from services.search.answer import Answer, Hit
    from services.search.highlight import Match
    from services.search.query.query import Query
    from services.search.request.body import Search
    from services.search.snippets import Snippet
MOST_ALSO: Final = 6
"""Other words of a result that are named."""


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
    """One page of a result, the first is number 1; `next` is the cursor of the page after it, None where none is.

    `also` are the words on the page that were found for others of the query, the most frequent first.
    """

    number: int
    results: tuple[Result, ...]
    next: str | None
    also: tuple[str, ...] = ()


def result_page(search: Search, answer: Answer) -> ResultPage:
    """Return the page of results that `answer` gives to `search`."""
    query = answer.query or search.query
    highlighter = Highlighter(query)
    results = tuple(_result(hit, highlighter) for hit in answer.hits)
    return ResultPage(search.page, results, following(search, answer), _also(results, query))


def _also(results: Sequence[Result], query: Query) -> tuple[str, ...]:
    typed = {"".join(token.text for token in unit.typed.tokens) for term in query.terms.values() for unit in term.units}
    counts = Counter(
        spelling(text[start:end])
        for result in results
        for text, spans in (
            (result.article.headline, [(match.start, match.end) for match in result.headline]),
            *((snippet.text, snippet.matches) for snippet in result.snippets),
        )
        for start, end in spans
    )
    asked = "".join(typed)
    return tuple(word for word, _ in counts.most_common() if word not in asked)[:MOST_ALSO]


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
    """Return the text of an article without its titles, (part, text) in reading order, bylines and labels last."""
    found = [(fields.BODY, block.text) for block in article.body]
    found += [(fields.CAPTION, text) for one in article.captions for text in (one.text, one.credit or "") if text]
    if article.weather:
        found.append((fields.BODY, article.weather.text))
    found += [(fields.BYLINE, f"{byline.role} {byline.name}") for byline in article.bylines]
    return found + [
        (part, text) for part, text in ((fields.SOURCE, article.source), (fields.LABEL, article.label)) if text
    ]
