"""The work of `broadsheet search-eval`: index documents, then run queries with the desk's own code.

It never reads the judgements of relevance in a file of queries.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from elasticsearch.helpers import async_bulk

from schemas.article import Block
from schemas.tagged import TaggedArticle
from services.search.asking import ask
from services.search.query.errors import QueryError
from services.search.request.body import Search
from services.search.rewriting.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from elasticsearch import AsyncElasticsearch

RETURNED: Final = 50
"""Hits that a query returns; the measures look no further."""
UNKNOWN_DATE: Final = dt.date(1970, 1, 1)


def article(line: str | bytes) -> TaggedArticle:
    """Return the article in one line of a documents file: JSON with `id`, `headline`, `text`, `paper`, `date`.

    All but `id` may be null.

    Raises:
        ValueError: the line is not such a document.
    """
    fields: dict[str, Any] = json.loads(line)
    paragraphs = [text for text in (fields.get("text") or "").splitlines() if text.strip()]
    date = dt.date.fromisoformat(fields["date"]) if fields.get("date") else None
    return TaggedArticle(
        article_id=str(fields["id"]),
        issue_id=f"{fields.get('paper') or 'unknown'}/{date or UNKNOWN_DATE}",
        paper=fields.get("paper") or "unknown",
        date=date or UNKNOWN_DATE,
        date_assumed=date is None,
        revision=0,
        version=0,
        pages=(1,),
        kind="story",
        headline=fields.get("headline") or "",
        body=tuple(Block(kind="paragraph", text=text, spans=()) for text in paragraphs),
        spans=(),
        confidence=1.0,
        taxonomy_version="none",
    )


def queries(content: str | bytes) -> dict[str, str]:
    """Return query id to query from a queries file: a JSON list of objects with `id` and `query`."""
    return {str(entry["id"]): str(entry["query"]) for entry in json.loads(content)}


async def evaluate(
    client: AsyncElasticsearch,
    articles: Iterable[TaggedArticle],
    asked: Mapping[str, str],
    *,
    document: Callable[[TaggedArticle], dict[str, Any]],
    mappings: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Return query id to the ids of the documents found, best first.

    `document` and `mappings` are those of the index stage. The scratch index gets a random name and is always
    deleted in the end. A query that cannot be understood finds nothing.
    """
    index = f"search-eval-{secrets.token_hex(8)}"
    await client.indices.create(
        index=index, mappings=dict(mappings), settings={"number_of_replicas": 0, "refresh_interval": "-1"}
    )
    try:
        await async_bulk(
            client, ({"_index": index, "_id": found.article_id, "_source": document(found)} for found in articles)
        )
        await client.indices.refresh(index=index)
        return {name: await _found(client, index, text) for name, text in asked.items()}
    finally:
        await client.indices.delete(index=index, ignore_unavailable=True)


async def _found(client: AsyncElasticsearch, index: str, text: str) -> list[str]:
    try:
        understanding = understand(text)
        answer = await ask(
            client, index, Search(understanding.meant, size=RETURNED, understanding=understanding), facets=False
        )
    except QueryError:
        return []
    return [hit.article.article_id for hit in answer.hits]
