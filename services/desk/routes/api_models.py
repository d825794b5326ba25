"""What the JSON API answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from schemas.article import Flag, IssueRecord
from schemas.contract import ArticleKind, Inbound
from schemas.correction import Change, CorrectionId, Editor


def _whole(value: object) -> object:
    """Return 7 for 7.0, which is an integer too as JSON Schema has it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CorrectionRequest(Inbound):
    """A correction of an article."""

    change: Change
    by: Editor | None = Field(
        None, description="Who corrects it; may be left out where a sign-on before the desk names the person."
    )
    version: Annotated[int | None, BeforeValidator(_whole)] = Field(
        None,
        ge=0,
        lt=2**53,
        description="The article's version that was looked at, which is its issue's; another by now gives 409.",
    )
    correction_id: CorrectionId | None = Field(
        None, description="Chosen by the sender, so that the same one sent again counts once; without it, a new one."
    )


class AnswerPart(BaseModel):
    """Part of an answer."""


class TextMark(AnswerPart):
    """Characters `start` to `end` (exclusive, code points) that answer the query."""

    start: int
    end: int


class SnippetText(AnswerPart):
    """A stretch of an article's text."""

    text: str
    marks: list[TextMark]


class FoundArticle(AnswerPart):
    """An article found; all of it is at /api/articles/{id}."""

    id: str
    issue_id: str
    paper: str
    date: dt.date
    pages: list[int]
    kind: ArticleKind
    headline: str
    kicker: str
    deck: str
    column: str
    reporters: list[str]
    topics: list[str] = Field(description="Ids.")
    flags: list[Flag]
    snippets: list[SnippetText] = Field(description="One or two stretches that show best why it was found.")
    score: float | None = Field(
        description="How well it answers the query, within this search only; null in an order by date."
    )


class SearchAnswer(AnswerPart):
    """A page of a search's result."""

    total: int = Field(description="Articles that match query and choices.")
    relaxed: bool = Field(description="True where no article holds every word, so these lack some.")
    articles: list[FoundArticle]
    next: str | None = Field(description="Pass as `after` for the page that follows; null after the last.")


class FacetCount(AnswerPart):
    """A value of a facet; `count` is how many articles choosing it would bring."""

    value: str
    label: str | None = Field(None, description="A topic's label, in the language of Accept-Language.")
    count: int
    chosen: bool


class DayCount(AnswerPart):
    """Articles from day `first` to day `last`, both included."""

    first: dt.date
    last: dt.date
    count: int


class FacetsAnswer(AnswerPart):
    """The values of every facet, each counted under the choices of all the others."""

    total: int
    facets: dict[str, list[FacetCount]]
    dates: list[DayCount]


class Item(AnswerPart):
    """An article of an issue."""

    id: str
    pages: list[int]
    kind: ArticleKind
    title: str = Field(description="The headline, or the beginning of what the article has.")
    flags: list[Flag]


class IssueAnswer(AnswerPart):
    """An issue: its record with furniture and quality, and its articles in printed order."""

    issue: IssueRecord
    articles: list[Item]


class SuggestedValue(AnswerPart):
    """A value that holds what was typed."""

    facet: str
    value: str
    count: int
    query: str = Field(description="What to type to search for it.")


class SuggestAnswer(AnswerPart):
    """Suggestions, the most frequent first."""

    suggestions: list[SuggestedValue]


class CorrectionAccepted(AnswerPart):
    """The correction is safe; the article shows it under this id in a moment."""

    correction_id: str
    article_id: str
