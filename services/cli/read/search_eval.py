"""`broadsheet search-eval`: run a set of queries with the desk's own code."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from services.cli.shared.servers import elasticsearch
from services.index.document import document
from services.index.mapping import mappings
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import BroadsheetError
from services.search.evaluate import article, evaluate, queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings


def evaluate_search(settings: Settings, documents: Path, asked: Path) -> None:
    """Print {query id: [ids of the documents found]} as JSON.

    Args:
        settings: where Elasticsearch is; without an address, an embedded one is started.
        documents: JSON lines with id, headline, text, paper and date.
        asked: a JSON list of objects with id and query; relevance judgements in it are ignored.

    Raises:
        BroadsheetError: a file is missing or has another form, or Elasticsearch does not answer.
    """
    articles = read_documents(documents)
    try:
        wanted = queries(asked.read_bytes())
    except (ValueError, KeyError, TypeError) as error:
        raise BroadsheetError(f"{asked}: expected a JSON list of objects with id and query ({error!r})") from None
    with elasticsearch(settings) as served:
        found = asyncio.run(_evaluate(served, articles, wanted))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def read_documents(path: Path) -> list[TaggedArticle]:
    """Return the articles in a file of JSON lines.

    Raises:
        BroadsheetError: a line is not a document of this form; the text names the line.
    """
    articles = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip():
            try:
                articles.append(article(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BroadsheetError(
                    f"{path}, line {number}: expected an object with id, headline, text, paper and date ({error!r})"
                ) from None
    return articles


async def _evaluate(
    settings: Settings, articles: Sequence[TaggedArticle], wanted: Mapping[str, str]
) -> dict[str, list[str]]:
    async with connected(settings) as client:
        return await evaluate(client, articles, wanted, document=document, mappings=mappings("articles"))
