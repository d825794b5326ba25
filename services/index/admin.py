"""Making sure that the indices, their templates and aliases are there, whoever comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch import BadRequestError

from services.index.mapping import MAPPING_VERSION, template
from services.index.names import FIRST_SERIAL, KINDS, Kind, Names
from services.runtime.errors import BroadsheetError
from services.text import fields

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch


async def ensure_indices(client: AsyncElasticsearch, prefix: str) -> None:
    """Create under `prefix` whatever is missing of the templates, the first indices and their aliases.

    Safe to call at any time and from several processes at once: an index is created together with its aliases in one
    request, its first name is always the same, and losing that race counts as success. Templates are brought up to
    date, and the live index learns the fields that a newer release has; documents in it get them by a rebuild.

    Raises:
        MappingConflict: the live index is of another version of the mapping, or has a field of another type.
    """
    for kind in KINDS:
        names = Names(prefix, kind)
        await ensure_template(client, names)
        if not await client.indices.exists_alias(name=names.write):
            await create_index(client, names, FIRST_SERIAL, live=True)
            continue
        mapping = template(kind, names.pattern)["template"]["mappings"]
        live = await client.indices.get_mapping(index=names.write)
        made_for = {found["mappings"].get("_meta", {}).get("mapping_version") for found in live.values()}
        if made_for != {MAPPING_VERSION}:
            raise _conflict(names, f"its mapping is of another version than {MAPPING_VERSION}")
        try:
            await client.indices.put_mapping(index=names.write, properties=mapping["properties"])
        except BadRequestError as error:
            reason = error.body["error"]["reason"] if isinstance(error.body, dict) else error.body
            raise _conflict(names, f"{error.error}: {reason}") from None


class MappingConflict(BroadsheetError):
    """The live index was made by a release whose mapping cannot be extended to this one's."""


def _conflict(names: Names, reason: object) -> MappingConflict:
    return MappingConflict(
        f"The live index behind {names.write} does not fit this release ({reason}).\n"
        "Run `broadsheet rebuild`: it fills a new one beside it from articles.tagged."
    )


async def ensure_template(client: AsyncElasticsearch, names: Names) -> None:
    """Put the index template of one kind, replacing an older one."""
    body = template(names.kind, names.pattern)
    await client.indices.put_index_template(
        name=names.template,
        index_patterns=body["index_patterns"],
        priority=body["priority"],
        version=body["version"],
        template=body["template"],
    )


async def create_index(client: AsyncElasticsearch, names: Names, serial: str, *, live: bool) -> str:
    """Create a physical index, with the aliases on it if it is to be `live`; return its name.

    That it exists already counts as success.
    """
    index = names.index(serial)
    try:
        await client.indices.create(index=index, aliases=aliases(names) if live else None)
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
    return index


def aliases(names: Names) -> dict[str, Any]:
    """Return the aliases of the live index: the read alias of articles leaves out those withdrawn."""
    read = {"filter": {"term": {fields.WITHDRAWN: False}}} if names.kind == "articles" else {}
    return {names.read: read, names.write: {"is_write_index": True}}


async def switch(client: AsyncElasticsearch, names: Names, index: str) -> None:
    """Point both aliases at `index` and away from every other, in one step: no search sees a gap."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": names.every_version, "alias": alias, "must_exist": False}}
        for alias in (names.read, names.write)
    ]
    actions += [{"add": {"index": index, "alias": alias, **options}} for alias, options in aliases(names).items()]
    await client.indices.update_aliases(actions=actions)


async def counts(client: AsyncElasticsearch, prefix: str) -> dict[Kind, int]:
    """Return how many documents each read alias under `prefix` finds, after a refresh; 0 where there is no index."""
    found: dict[Kind, int] = {}
    for kind in KINDS:
        alias = Names(prefix, kind).read
        await client.indices.refresh(index=alias, ignore_unavailable=True)
        response = await client.count(index=alias, ignore_unavailable=True)
        found[kind] = int(response["count"])
    return found
