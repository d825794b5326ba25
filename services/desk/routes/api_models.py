"""The answers of the JSON API."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from schemas.article import Flag, IssueRecord
from schemas.contract import ArticleKind, Inbound
from schemas.correction import Change, CorrectionId, Editor
from schemas.kept_version import KeptArticle
from schemas.page import PageNumber


def _whole(value: object) -> object:
    """Return 7 for 7.0, which JSON Schema also counts as an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CorrectionRequest(Inbound):
    """A correction of an article."""

    change: Change
    by: Editor | None = Field(
        None, description="Name of the editor. Leave it out if a sign-on before the desk names the editor."
    )
    version: Annotated[int | None, BeforeValidator(_whole)] = Field(
        None,
        ge=0,
        lt=2**53,
        description="The version of the article that you looked at. If it has changed since, the answer is 409.",
    )
    correction_id: CorrectionId | None = Field(
        None, description="An id of your own, so that a repeated request counts once; without it, each one is new."
    )


class AnswerPart(BaseModel):
    """A part of an answer."""


class TextMark(AnswerPart):
    """A match: characters `start` to `end` (exclusive), in code points."""

    start: int
    end: int


class SnippetText(AnswerPart):
    """A passage of an article's text, with its matches."""

    text: str
    marks: list[TextMark]


class FoundArticle(AnswerPart):
    """An article that was found; /api/articles/{id} has all of it."""

    id: str
    issue_id: str
    paper: str
    date: dt.date
    pages: list[PageNumber]
    kind: ArticleKind
    headline: str
    kicker: str
    deck: str
    column: str
    reporters: list[str]
    topics: list[str] = Field(description="Ids of its topics.")
    flags: list[Flag]
    snippets: list[SnippetText] = Field(description="One or two passages that show best why it was found.")
    score: float | None = Field(
        description="Relevance, comparable only within this search; null if the order is by date."
    )


class UnderstoodChange(AnswerPart):
    """One way in which the query was read."""

    kind: str = Field(description="date, question, slip or part (most of the words); more kinds may come.")
    typed: str = Field(description="What was typed.")
    meant: str = Field(description="What was searched for instead; for a date, its first and last day with .. between.")


class UnknownValue(AnswerPart):
    """A value that no article has, or a name of no field."""

    facet: str = Field(description="The facet; field for a name of no field.")
    value: str
    like: list[str] = Field(description="Values or names that are like it.")


class SearchAnswer(AnswerPart):
    """A page of search results."""

    total: int = Field(description="Number of articles that match the query and the chosen facets.")
    relaxed: bool = Field(description="True if no article has every word of the query; these articles lack some.")
    understood: list[UnderstoodChange] = Field(
        description="How the query was read, if not as typed; `literal=true` turns this off."
    )
    also: list[str] = Field(description="Words of these articles that were found for others of the query.")
    unknown: list[UnknownValue] = Field(description="What no article has, if nothing is found.")
    articles: list[FoundArticle]
    next: str | None = Field(description="Pass it as `after` to get the next page; null on the last page.")


class FacetCount(AnswerPart):
    """A value of a facet; `count` is the number of articles if you choose it."""

    value: str
    label: str | None = Field(None, description="A topic's label, in the language of Accept-Language.")
    count: int
    chosen: bool


class DayCount(AnswerPart):
    """Number of articles from day `first` to day `last`, both included."""

    first: dt.date
    last: dt.date
    count: int


class FacetsAnswer(AnswerPart):
    """The values of every facet, each counted under the chosen values of all other facets."""

    total: int
    facets: dict[str, list[FacetCount]]
    dates: list[DayCount]


class Item(AnswerPart):
    """An article of an issue."""

    id: str
    pages: list[PageNumber]
    kind: ArticleKind
    title: str = Field(description="The headline, or the beginning of the text if there is none.")
    flags: list[Flag]


class IssueAnswer(AnswerPart):
    """An issue: its record with furniture and quality, and its articles in printed order."""

    issue: IssueRecord
    articles: list[Item]


class SuggestedValue(AnswerPart):
    """A value that contains what was typed."""

    facet: str
    value: str
    count: int
    query: str = Field(description="What to type to search for it.")


class SuggestAnswer(AnswerPart):
    """Suggestions, the most frequent first."""

    suggestions: list[SuggestedValue]


class NewArticle(AnswerPart):
    """An article that is new in a search."""

    id: str
    title: str


class NewAnswer(AnswerPart):
    """What is new in a search."""

    count: int = Field(description="How many articles of the search came since.")
    more: bool = Field(description="True if more came than were looked through; then there may be more.")
    newest: list[NewArticle] = Field(description="At most five of them, the newest issues first.")
    now: int = Field(description="Pass it as `since_time` the next time.")


class VersionCause(AnswerPart):
    """Who or what made a version."""

    kind: str = Field(
        description="first, earliest, returned, revision, pages, correction, taken_back, topics or release; "
        "more may come."
    )
    by: str | None = Field(None, description="The editor, for correction and taken_back.")
    correction_id: str | None = Field(None, description="Their correction.")


class VersionAnswer(AnswerPart):
    """A version of an article."""

    version: int
    generation: int
    revision: int
    caused: dt.datetime = Field(description="When the page or the correction that led to it was published.")
    known: dt.datetime = Field(description="When it came to the archive.")
    withdrawn: bool = Field(description="Whether this version withdrew the article.")
    causes: list[VersionCause]
    changed: list[str] = Field(description="The parts that differ from the version before.")
    article: KeptArticle | None = Field(
        description="What a reader saw; null if the article was withdrawn, or for anyone who may not correct."
    )


class CorrectionAccepted(AnswerPart):
    """Kafka has stored the correction; the article shows it under this id shortly after."""

    correction_id: str
    article_id: str


class IssueReceived(AnswerPart):
    """Kafka has stored the issue; its articles can be found shortly after."""

    receipt: str = Field(description="Where Kafka stored it: topic/partition/offset; `broadsheet trace` follows it.")
    issue_id: str
    pages: list[PageNumber]
    revision: int
    repeated: bool = Field(description="Whether the idempotency key was used before, for the same request.")
