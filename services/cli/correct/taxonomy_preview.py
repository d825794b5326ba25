"""`broadsheet taxonomy preview`: which articles of the last month a taxonomy would change, before it is pushed."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.cli.correct.taxonomy import read_file
from services.cli.shared.console import out, print_json
from services.cli.shared.reading import reading
from services.search.answer import read_article
from services.search.asking import ask, every
from services.search.request.body import Search
from services.topics.deciding import Decider
from services.topics.preview import DAYS, MOST_ARTICLES, TopicChange, speaking_words, topic_changes

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings


def preview(settings: Settings, path: Path, days: int = DAYS, *, as_json: bool = False) -> None:
    """Print the articles of the last `days` days, up to the newest article, that a file's taxonomy would change.

    Raises:
        BroadsheetError: the taxonomy has mistakes, or there is nothing to read.
    """
    taxonomy = read_file(path)
    articles = asyncio.run(_last(settings, days))
    changes = list(topic_changes(articles, Decider(taxonomy)))
    if as_json:
        print_json([record_of(one) for one in changes])
        return
    for one in changes:
        out.print(f"{one.article.article_id} {one.article.headline}", markup=False, soft_wrap=True)
        for sign, topics in (("+", one.gained), ("-", one.lost)):
            for topic in topics:
                words = " ".join(speaking_words(topic))
                out.print(f"  {sign} {topic.id} {topic.label}: {words}", markup=False, soft_wrap=True)
    out.print(
        f"{len(changes):,} of {len(articles):,} articles of the last {days} days would change; nothing was pushed",
        soft_wrap=True,
    )


def record_of(change: TopicChange) -> dict[str, Any]:
    """Return a change as JSON: the article's id and headline, and each topic gained or lost with its words."""
    return {
        "article_id": change.article.article_id,
        "headline": change.article.headline,
        "gained": [{"id": topic.id, "words": list(speaking_words(topic))} for topic in change.gained],
        "lost": [{"id": topic.id, "words": list(speaking_words(topic))} for topic in change.lost],
    }


async def _last(settings: Settings, days: int) -> list[TaggedArticle]:
    index = settings.names.aliases("articles").read
    async with reading(settings) as client:
        newest = Search(sort="newest", size=1)
        hits = (await ask(client, index, newest, facets=False)).hits
        if not hits:
            return []
        first = hits[0].article.date - dt.timedelta(days=days)
        articles: list[TaggedArticle] = []
        async for source in every(client, index, replace(newest, first=first.isoformat()), told=lambda _: None):
            articles.append(read_article(source))
            if len(articles) == MOST_ARTICLES:
                break
        return articles
