"""Search for every article by its own words, as the desk does: an article that is not found this way is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from services.search import fields
from services.search.query.query import Query
from services.search.request.body import Search, request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

AT_ONCE = 100
USUAL_QUESTIONS = 8
"""The number of questions on headline, byline, source and body, in that part alone and anywhere."""

_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
OWN_WORDS = re.compile(f"(?<![{_NUMERALS}])(?:(?![{_NUMERALS}])[\u4e00-\u9fff]){{2,14}}")
"""Consecutive Chinese characters without numerals: they have the same form in a page and in the index.

They do not begin after a numeral: 共需要 in 一共需要 begins inside a word, and is not found by design.
"""


async def unsearchable(
    client: AsyncElasticsearch, settings: Settings, articles: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Return what a search does not find of articles, given as an index's documents that are not withdrawn.

    For each article it looks for one part, in turn. For an article with more than the usual parts it looks for every
    part.
    """
    asked: list[tuple[str, str, dict[str, Any]]] = []
    for place, article in enumerate(articles):
        every = list(dict.fromkeys(_questions(article[fields.ARTICLE])))
        for query in every if len(every) > USUAL_QUESTIONS else every[place % max(1, len(every)) :][:1]:
            search = Search(
                Query.parse(query), {"paper": (article["paper"],)}, article["date"], article["date"], size=100
            )
            asked.append((article["article_id"], query, request(search, facets=False)))
    missing = []
    index = settings.names.aliases("articles").read
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        lines = [line for _, _, body in some for line in ({"index": index}, {**body, "_source": False})]
        answers = (await client.msearch(searches=lines))["responses"]
        for (article_id, query, _), answer in zip(some, answers, strict=True):
            if article_id not in {hit["_id"] for hit in answer.get("hits", {}).get("hits", ())}:
                missing.append(f"{article_id} by {query}")
    return missing


def _questions(article: Mapping[str, Any]) -> Iterator[str]:
    """Yield a phrase from each part of an article, to find in that part alone and anywhere."""
    parts = {
        "headline": [article.get("headline")],
        "kicker": [article.get("kicker")],
        "deck": [article.get("deck")],
        "column": [article.get("label")],
        "byline": [one["name"] for one in article.get("bylines", ())],
        "source": [article.get("source")],
        "body": [block["text"] for block in article.get("body", ())][-1:],
        "caption": [one["text"] for one in article.get("captions", ())],
    }
    for part, texts in parts.items():
        for text in filter(None, texts):
            words = OWN_WORDS.search(text)
            if words:
                yield f'"{words[0]}"'
                yield f'{part}:"{words[0]}"'
