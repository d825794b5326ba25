"""Find the documents of the live index that a new index lacks; equal counts do not prove equal documents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from services.runtime.elasticsearch.store import patiently

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from elasticsearch import AsyncElasticsearch

    from services.index.names import Kind

AT_ONCE = 1_000
MOST_NAMED = 10_000
"""The most missing documents to list; if more are missing, the fault is so large that a list does not help."""

Versions = dict[str, int]
"""Document id -> its version as Elasticsearch orders it."""


NAMING: Final[dict[Kind, str]] = {"articles": "article_id", "issues": "issue_id", "quarantine": "reference"}
"""The unique field of each kind of document; the comparison sorts documents by this field."""


async def lacking(
    client: AsyncElasticsearch, kind: Kind, live: str, new: str, pause: Callable[[float], Awaitable[None]]
) -> Versions:
    """Return the first ten thousand documents of `live` that `new` lacks or holds in an older version.

    The processor writes to the live index meanwhile. A returned document may have arrived after the new index was
    filled. So copy the later records too, and ask again with `still_lacking`.

    Args:
        client: Elasticsearch.
        kind: the kind of document.
        live: the index that searches use now.
        new: the index that will replace it.
        pause: waits that many seconds.
    """
    found: Versions = {}
    async for versions in _every(client, kind, live, pause):
        found |= await still_lacking(client, new, versions, pause)
        if len(found) >= MOST_NAMED:
            break
    return found


async def still_lacking(
    client: AsyncElasticsearch, new: str, wanted: Mapping[str, int], pause: Callable[[float], Awaitable[None]]
) -> Versions:
    """Return the documents of `wanted` that the index `new` lacks or holds in an older version."""
    found: Versions = {}
    ids = list(wanted)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        answer = await patiently(partial(client.mget, index=new, ids=some, source=False), pause)
        for name, document in zip(some, answer["docs"], strict=True):
            if not document.get("found") or document["_version"] < wanted[name]:
                found[name] = wanted[name]
    return found


async def _every(
    client: AsyncElasticsearch, kind: Kind, index: str, pause: Callable[[float], Awaitable[None]]
) -> AsyncIterator[Versions]:
    """Yield every document that a search finds, in groups; the server keeps no state between the groups."""
    after: list[Any] | None = None
    while True:
        search = partial(
            client.search,
            index=index,
            size=AT_ONCE,
            sort=[{NAMING[kind]: {"order": "asc", "unmapped_type": "keyword"}}],
            search_after=after,
            source=False,
            version=True,
            track_total_hits=False,
        )
        hits = (await patiently(search, pause))["hits"]["hits"]
        if not hits:
            return
        yield {hit["_id"]: hit["_version"] for hit in hits}
        after = hits[-1]["sort"]
