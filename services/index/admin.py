"""Create indices and aliases; several processes may do so at once.

Each request that creates an index carries its mappings and settings. An index template would do the same, but no role
in Elasticsearch can limit a template to some names: an account that may store one may store one for every index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from elasticsearch import BadRequestError

from services.index.mapping import RESOLVED, SETTINGS, VERSIONS, mappings
from services.index.names import FIRST_SERIAL, KINDS, REBUILT, Kind, Names
from services.runtime.elasticsearch.store import create_unless_there
from services.runtime.errors import BroadsheetError
from services.search import fields

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

log = structlog.get_logger(__name__)

READS: dict[Kind, dict[str, Any]] = {
    "articles": {"filter": {"term": {fields.WITHDRAWN: False}}},
    "quarantine": {"filter": {"bool": {"must_not": {"exists": {"field": RESOLVED}}}}},
}
"""The filters of the read aliases that do not show every document."""


async def ensure_indices(client: AsyncElasticsearch, prefix: str) -> None:
    """Create the first indices and their aliases under `prefix`, if they are missing.

    You may call it at any time and from several processes at once. One request creates an index together with its
    aliases. The first index always has the same name, so losing the race to create it counts as success. The live index
    gets the new fields of a newer release. A rebuild adds these fields to its documents.

    Raises:
        MappingConflict: the live index has another version of the mapping, or a field with another type.
    """
    for kind in KINDS:
        names = Names(prefix, kind)
        if not await client.indices.exists_alias(name=names.write):
            await create(client, names, FIRST_SERIAL, aliases(names))
            continue
        live = await client.indices.get_mapping(index=names.write)
        made_for = {found["mappings"].get("_meta", {}).get("mapping_version") for found in live.values()}
        if made_for != {VERSIONS[kind]}:
            raise _conflict(names, f"its mapping is of another version than {VERSIONS[kind]}")
        try:
            await client.indices.put_mapping(index=names.write, properties=mappings(kind)["properties"])
        except BadRequestError as error:
            reason = error.body["error"]["reason"] if isinstance(error.body, dict) else error.body
            raise _conflict(names, f"{error.error}: {reason}") from None


class MappingConflict(BroadsheetError):
    """The live index has another release's mapping, which cannot be extended to this release's mapping."""


def _conflict(names: Names, reason: object) -> MappingConflict:
    return MappingConflict(
        f"The live index behind {names.write} does not fit this release ({reason}).\n"
        "Run `broadsheet rebuild`: it fills a new one beside it from articles.tagged."
    )


async def report_lost(client: AsyncElasticsearch, prefix: str) -> None:
    """Create lost indices empty and log that a rebuild is due; do nothing if a rebuild has just switched."""
    lost = [kind for kind in KINDS if not await client.indices.exists_alias(name=Names(prefix, kind).write)]
    await ensure_indices(client, prefix)
    if lost:
        log.error("the index was lost and is begun anew: run `broadsheet rebuild`", kinds=lost)


async def create(
    client: AsyncElasticsearch, names: Names, serial: str, its_aliases: dict[str, dict[str, Any]] | None = None
) -> bool:
    """Create the index with this serial number, its mappings and its aliases; return false if it exists already.

    Raises:
        elasticsearch.ApiError: Elasticsearch refuses.
        elasticsearch.TransportError: Elasticsearch does not answer.
    """
    settings, its_mappings = {"index": SETTINGS}, mappings(names.kind)
    return await create_unless_there(
        client, names.index(serial), mappings=its_mappings, settings=settings, aliases=its_aliases or {}
    )


def aliases(names: Names) -> dict[str, dict[str, Any]]:
    """Return the aliases of the live index; the read alias leaves out withdrawn articles and resolved entries."""
    return {names.read: READS.get(names.kind, {}), names.write: {"is_write_index": True}}


async def switch(client: AsyncElasticsearch, names: Names, alias: str, index: str) -> None:
    """Move an alias to `index` in one step, so that no search and no write sees a gap."""
    actions = [
        {"remove": {"index": names.every_version, "alias": alias, "must_exist": False}},
        {"add": {"index": index, "alias": alias, **aliases(names)[alias]}},
    ]
    await client.indices.update_aliases(actions=actions)


async def counts(client: AsyncElasticsearch, prefix: str) -> dict[Kind, int]:
    """Return the number of documents that each read alias under `prefix` finds after a refresh; 0 without an index.

    The history is left out, because it counts versions.
    """
    found: dict[Kind, int] = {}
    for kind in REBUILT:
        alias = Names(prefix, kind).read
        await client.indices.refresh(index=alias, ignore_unavailable=True)
        response = await client.count(index=alias, ignore_unavailable=True)
        found[kind] = int(response["count"])
    return found


async def page_count(client: AsyncElasticsearch, prefix: str) -> int:
    """Return the number of pages in the issues that the read alias finds; 0 if there is no index."""
    response = await client.search(
        index=Names(prefix, "issues").read,
        size=0,
        aggs={"pages": {"value_count": {"field": "page"}}},
        ignore_unavailable=True,
    )
    return int(response.get("aggregations", {}).get("pages", {}).get("value", 0))
