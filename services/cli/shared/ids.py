"""Ids as people type them: an article's id may be cut to its last part, or to that part's beginning, if unique."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from services.index.names import Names
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import BroadsheetError
from services.search import fields

if TYPE_CHECKING:
    from services.runtime.settings import Settings

LEAST_DIGITS: Final = 4
SHORT: Final = re.compile(rf"(?:(?P<issue>[^/]+/[^/]+)/)?(?P<part>[0-9a-f]{{{LEAST_DIGITS},12}})")
ARTICLE: Final = re.compile(r"[^/]+/[^/]+/[0-9a-f]{12}")
WHOLE_PART: Final = 12
SHOWN: Final = 5
"""How many articles an error names."""


async def whole_id(settings: Settings, text: str) -> str:
    """Return the article's complete id; any other text, such as an issue's id or a complete id, comes back unchanged.

    Raises:
        BroadsheetError: no article, or more than one, has such an id.
        Unavailable: Elasticsearch does not answer.
    """
    found = SHORT.fullmatch(text)
    if found is None or (found["issue"] and len(found["part"]) == WHOLE_PART):
        return text
    index = Names(settings.prefix, "articles").write
    pattern = f"{_literal(found['issue']) if found['issue'] else '*'}/{found['part']}*"
    async with connected(settings) as client:
        answer = await client.search(
            index=index,
            query={"wildcard": {fields.ARTICLE_ID: {"value": pattern}}},
            size=SHOWN + 1,
            sort=[fields.ARTICLE_ID],
            source=False,
            ignore_unavailable=True,
        )
    return only(text, [hit["_id"] for hit in answer["hits"]["hits"]])


async def id_of_article(settings: Settings, text: str) -> str:
    """Return the complete id of the article that `text` means.

    Raises:
        BroadsheetError: `text` is not the id of an article, or no article, or more than one, has such an id.
        Unavailable: Elasticsearch does not answer.
    """
    if not ARTICLE.fullmatch(text) and not SHORT.fullmatch(text):
        raise BroadsheetError(
            f"{text[:80]!r} is not the id of an article, such as 茂名日报/2023-08-15/0123456789ab, or its end, 0123; "
            "`broadsheet search` prints ids."
        )
    return await whole_id(settings, text)


def only(text: str, ids: list[str]) -> str:
    """Return the one id that `text` can mean.

    Raises:
        BroadsheetError: there is none, or more than one.
    """
    if not ids:
        raise BroadsheetError(f"There is no article whose id ends in {text}…\n`broadsheet search` prints ids.")
    if len(ids) > 1:
        named = ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
        raise BroadsheetError(f"{text} is the beginning of more than one id: {named}. Give more of it.")
    return ids[0]


def _literal(text: str) -> str:
    return re.sub(r"([*?\\])", r"\\\1", text)
