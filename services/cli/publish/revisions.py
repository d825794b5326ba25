"""The next revision of an issue that a newsroom numbers itself, for pages that are published without one.

Ingest takes the time of publishing if a page has no revision. A time is greater than any number of one's own, so the
next page that has a number again would change nothing. A page without a revision therefore gets the known number plus
one, if the issue is known under a newsroom's own numbers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from services.cli.shared.console import err
from services.index.names import Names
from services.ingest.numbering import FIRST_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from services.cli.publish.inputs import Source
    from services.ingest.reading import Arrival
    from services.runtime.settings import Settings

Checked = tuple["Source", "Arrival"]
PATIENCE_SECONDS = 5.0
"""How long Elasticsearch may take to tell what is known; without its answer, the time of publishing counts."""
UNKNOWN = (
    "Elasticsearch does not tell which revisions are known: pages without a revision get the time of publishing. "
    "If this newsroom numbers its revisions itself, publish again with --revision."
)


async def numbered(settings: Settings, sound: Sequence[Checked]) -> list[Checked]:
    """Return the sources, each without a revision numbered after what is known of its issue."""
    unnumbered = {arrival.issue_id for source, arrival in sound if is_unnumbered(source)}
    known = await known_numbers(settings, unnumbered) if unnumbered else {}
    return [
        with_revision(source, arrival, known[arrival.issue_id] + 1)
        if arrival.issue_id in known and is_unnumbered(source)
        else (source, arrival)
        for source, arrival in sound
    ]


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
    return {issue: revision for issue, revision in found.items() if 0 <= revision < FIRST_MS}


def is_unnumbered(source: Source) -> bool:
    """Whether neither the headers nor the JSON of a source give a revision."""
    if source.record.header("revision") is not None:
        return False
    content = _json(source)
    return content is None or content.get("revision") is None


def with_revision(source: Source, arrival: Arrival, revision: int) -> Checked:
    """Return a source and its arrival under a revision."""
    record = source.record
    content = _json(source)
    if content is None:
        record = replace(record, headers=(*record.headers, ("revision", str(revision).encode())))
    else:
        record = replace(record, value=json.dumps({**content, "revision": revision}, ensure_ascii=False).encode())
    pages = tuple(page.model_copy(update={"revision": revision}) for page in arrival.pages)
    return replace(source, record=record), replace(arrival, revision=revision, pages=pages)


def _json(source: Source) -> dict[str, object] | None:
    """Return the object that a source holds; None for plain text."""
    if not (source.record.header("content-type") or "").endswith("json"):
        return None
    content = json.loads(source.record.value or b"null")
    return content if isinstance(content, dict) else None
