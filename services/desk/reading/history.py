"""The versions of an article: the request for them, and those that readers could see, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.kept_version import KeptVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.desk.archive.running import Running

MOST_VERSIONS: Final = 200
"""How many versions of one article are read, the newest; an article with more is not seen in practice."""


def history_request(article_id: str) -> dict[str, Any]:
    """Return the request for the versions of an article."""
    return {
        "query": {"term": {"article_id": article_id}},
        "sort": [{"time": "desc"}, {"version": "desc"}, {"generation": "desc"}],
        "size": MOST_VERSIONS,
        "track_total_hits": False,
    }


async def known_versions(running: Running, article_id: str) -> tuple[KeptVersion, ...]:
    """Return the versions of an article that are known, the oldest first; none if there is no history.

    Raises:
        Away: Elasticsearch does not answer.
    """
    index = running.archive.settings.names.aliases("history").read
    return versions_of(await running.found(index, history_request(article_id)))


def versions_of(documents: Iterable[Mapping[str, Any]]) -> tuple[KeptVersion, ...]:
    """Return the versions in the documents that `history_request` finds, the oldest first, as readers saw them.

    A version that came after a greater one never showed: it was late, or a rewind made it on its way to the newest. Of
    versions in which nothing changed for a reader, the first counts.
    """
    read = [KeptVersion.model_validate(document, strict=False) for document in documents]
    found: list[KeptVersion] = []
    for one in sorted(read, key=lambda version: (version.time, version.order)):
        if found and one.order < found[-1].order:
            continue
        if found and _seen(found[-1]) == _seen(one):
            continue
        found.append(one)
    return tuple(found)


def _seen(version: KeptVersion) -> object:
    """Return what tells two versions apart for a reader; a later taxonomy that gives the same topics does not."""
    return version.article and version.article.model_copy(update={"taxonomy_version": ""})
