"""The revisions that pages without one get, from what Elasticsearch knows of their issues."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.arrivals.revisions import is_own_number, is_unnumbered, with_revision
from services.cli.shared.console import err
from services.index.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from services.arrivals.reading import Arrival
    from services.cli.publish.inputs import Source
    from services.runtime.settings import Settings

Checked = tuple["Source", "Arrival"]
PATIENCE_SECONDS = 5.0
"""How long Elasticsearch may take to tell what is known; without its answer, the time of publishing counts."""
UNKNOWN = (
    "Elasticsearch does not tell which revisions are known: pages without a revision get the time of publishing. "
    "If this newsroom numbers its revisions itself, publish again with --revision."
)


async def next_revisions(settings: Settings, sound: Sequence[Checked]) -> dict[str, int]:
    """Return the next revision of each issue that is known under numbers of its own and gets pages without one."""
    unnumbered = {arrival.issue_id for source, arrival in sound if is_unnumbered(source.record)}
    known = await known_numbers(settings, unnumbered) if unnumbered else {}
    return {issue: revision + 1 for issue, revision in known.items()}


def numbered(sound: Iterable[Checked], revisions: Mapping[str, int]) -> list[Checked]:
    """Return the sources, with the revision of its issue for each source that has none."""
    return [_numbered(source, arrival, revisions) for source, arrival in sound]


def _numbered(source: Source, arrival: Arrival, revisions: Mapping[str, int]) -> Checked:
    if arrival.issue_id not in revisions or not is_unnumbered(source.record):
        return source, arrival
    record, arrival = with_revision(source.record, arrival, revisions[arrival.issue_id])
    return replace(source, record=record), arrival


async def known_numbers(settings: Settings, issues: Iterable[str]) -> Mapping[str, int]:
    """Return the revision of each issue that is known under numbers of its own.

    The documents are got, not searched for: a search does not see what was indexed within the last second.
    If it is away, nothing is known, and the terminal says so.
    """
    from elasticsearch import ApiError, TransportError

    from services.runtime.elasticsearch.store import connect

    client = connect(settings)
    impatient = client.options(request_timeout=PATIENCE_SECONDS, max_retries=0)
    wanted = sorted(issues)
    try:
        answer = await impatient.mget(
            index=Names(settings.prefix, "issues").write, ids=wanted, source_includes=["revision"]
        )
    except (ApiError, TransportError):
        err.print(UNKNOWN, style="yellow", soft_wrap=True)
        return {}
    finally:
        await client.close()
    found = {one["_id"]: int(one["_source"]["revision"]) for one in answer["docs"] if one.get("found")}
    return {issue: revision for issue, revision in found.items() if is_own_number(revision)}
