from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from schemas.article import Article, Block, Byline, LineSpan, RoleSpan
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable

LINE = LineSpan(page=1, first=1, last=1)


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger(seed_taxonomy())


@pytest.fixture(scope="session")
def topics(tagger: Tagger) -> Callable[..., set[str]]:
    """Return a function that gives the ids of the topics of a plain document."""

    def of(text: str, headline: str = "") -> set[str]:
        return {topic.id for topic in tagger.topics_of(headline, text)}

    return of


def article(
    *paragraphs: str,
    headline: str = "",
    paper: str = "茂名日报",
    date: str = "2023-08-05",
    bylines: tuple[str, ...] = (),
    date_assumed: bool = False,
) -> Article:
    """Return an article of one page with these parts."""
    return Article(
        article_id=f"{paper}/{date}/0123456789ab",
        issue_id=f"{paper}/{date}",
        paper=paper,
        date=dt.date.fromisoformat(date),
        date_assumed=date_assumed,
        revision=0,
        version=0,
        pages=(1,),
        kind="story",
        headline=headline,
        bylines=tuple(Byline(name=name, role="记者") for name in bylines),
        body=tuple(Block(kind="paragraph", text=text, spans=(LINE,)) for text in paragraphs),
        spans=(RoleSpan(page=1, first=1, last=1, role="body"),),
        confidence=1.0,
    )
