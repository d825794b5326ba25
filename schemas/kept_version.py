"""A version of an article as the archive keeps it: what a reader saw of it, when it came, and what led to it.

The index stage writes one for each message of an article or a withdrawal, and the desk reads them. It leaves out what
no reader compares: the places of lines, the evidence of topics, the facets.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import Field

from schemas.article import Byline, Generation, Withdrawal
from schemas.contract import ArticleKind, Contract, Revision
from schemas.correction import AppliedCorrection
from schemas.difference import DifferenceKind
from schemas.page import PageNumber

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle


class KeptText(Contract):
    """A paragraph, a subhead or the forecast of a weather item."""

    text: str
    kind: str = "paragraph"


class KeptCaption(Contract):
    """A caption with its credit."""

    text: str
    credit: str | None = None


class KeptTopic(Contract):
    """A topic with its labels."""

    id: str
    label: str
    label_en: str


class KeptArticle(Contract):
    """What a reader saw of an article; its fields have the same names as in `TaggedArticle`."""

    pages: tuple[PageNumber, ...] = ()
    kind: ArticleKind
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    label: str = ""
    bylines: tuple[Byline, ...] = ()
    source: str = ""
    body: tuple[KeptText, ...] = ()
    captions: tuple[KeptCaption, ...] = ()
    weather: KeptText | None = None
    topics: tuple[KeptTopic, ...] = ()
    corrections: tuple[AppliedCorrection, ...] = ()
    taxonomy_version: str = ""


INSIDE: Final[dict[str, type[Contract]]] = {"body": KeptText, "captions": KeptCaption, "topics": KeptTopic}
"""The fields of which only some inner fields are kept."""


class KeptVersion(Contract):
    """One version of an article.

    Attributes:
        time: when its message came to `articles.tagged`, in ms since 1970 by the broker's clock.
        caused: when the page or the correction that led to it was published.
        change: how its message differed from the one before.
        article: what a reader saw; None if this version withdrew the article.
    """

    article_id: str
    issue_id: str
    date: dt.date
    revision: Revision
    version: int = Field(ge=0, lt=2**53)
    generation: Generation = 0
    time: int = Field(ge=0)
    caused: dt.datetime
    change: DifferenceKind
    article: KeptArticle | None = None

    @property
    def name(self) -> str:
        """The version's name within its article, unique and in the order of versions if compared as numbers."""
        return f"{self.version}.{self.generation}"

    @property
    def order(self) -> tuple[int, int]:
        """The sort key: a greater version replaces a smaller one."""
        return self.version, self.generation

    @classmethod
    def of(cls, message: TaggedArticle | Withdrawal, *, time: int, caused: dt.datetime) -> Self:
        """Return the version that a message is; `time` and `caused` as in the class."""
        change: DifferenceKind = message.difference.kind if message.difference else "restated"
        identity = {name: getattr(message, name) for name in IDENTITY}
        article = None if isinstance(message, Withdrawal) else kept_article(message)
        return cls(**identity, time=time, caused=caused, change=change, article=article)


IDENTITY: Final = ("article_id", "issue_id", "date", "revision", "version", "generation")


def kept_article(article: TaggedArticle) -> KeptArticle:
    """Return what a reader sees of an article."""
    fields: dict[str, Any] = {name: getattr(article, name) for name in KeptArticle.model_fields if name not in INSIDE}
    for name, kind in INSIDE.items():
        inner = kind.model_fields
        fields[name] = tuple(kind(**{each: getattr(one, each) for each in inner}) for one in getattr(article, name))
    fields["weather"] = KeptText(text=article.weather.text) if article.weather else None
    return KeptArticle(**fields)
