"""`broadsheet publish --wait`: wait until every page is searchable; show the rate and the remaining time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from services.cli.shared.console import err, out
from services.cli.shared.stages import is_idle
from services.index.names import Names
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from elasticsearch import AsyncElasticsearch
    from rich.progress import Task

    from services.arrivals.reading import Arrival
    from services.runtime.settings import Settings

POLL_SECONDS = 1.0
AT_ONCE = 200
MOST_ARTICLES = 10_000
"""The most documents that Elasticsearch returns at once; an issue has far fewer articles."""
QUIET_LOOKS = 3
"""How many checks must find every stage idle; a page that is not searchable by then never will be."""


class _Rate(ProgressColumn):
    """The rate in pages per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.1f} pages/s" if task.speed else "")


async def wait_until_searchable(settings: Settings, arrivals: Sequence[Arrival]) -> None:
    """Wait until each arrival's pages, or newer pages that replaced them, are found with all their articles.

    Args:
        settings: where Elasticsearch is.
        arrivals: what was published.

    Raises:
        BroadsheetError: all work is done, and some pages are still missing; the text says where to look.
        Unavailable: a server does not answer.
    """
    waiting = list(arrivals)
    total = pages_of(arrivals)
    began, quiet = time.monotonic(), 0
    progress = Progress(
        TextColumn("searchable"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} pages"),
        _Rate(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    async with connected(settings) as client:
        with progress:
            task = progress.add_task("", total=total)
            while True:
                waiting = await _not_yet(client, settings, waiting)
                progress.update(task, completed=total - pages_of(waiting))
                if not waiting:
                    break
                quiet = quiet + 1 if await is_idle(settings) else 0
                if quiet > QUIET_LOOKS:
                    break
                await asyncio.sleep(POLL_SECONDS)
    if waiting:
        raise BroadsheetError(missing(waiting))
    seconds = max(time.monotonic() - began, 0.001)
    out.print(f"{total:,} pages searchable after {seconds:.0f} s, {total / seconds:,.1f} pages/s")


def pages_of(arrivals: Iterable[Arrival]) -> int:
    """Return how many pages the arrivals have; a withdrawal counts as one page."""
    return sum(max(1, len(arrival.pages)) for arrival in arrivals)


def missing(waiting: Sequence[Arrival]) -> str:
    """Return a message about arrivals that will not become searchable."""
    issues = sorted({arrival.issue_id for arrival in waiting})
    return (
        f"{pages_of(waiting):,} pages of {len(issues):,} issues are not searchable although all work is done.\n"
        f"`broadsheet trace {issues[0]}` shows where they are, `broadsheet quarantine list` what was refused."
    )


def stands(arrival: Arrival, record: Mapping[str, Any] | None) -> bool:
    """Tell whether an issue's record has an arrival's pages or belongs to a newer revision."""
    if record is None or record["revision"] < arrival.revision:
        return False
    of_arrival = {page.page for page in arrival.pages}
    return record["revision"] > arrival.revision or of_arrival <= set(record.get("page", ()))


async def _not_yet(client: AsyncElasticsearch, settings: Settings, arrivals: Sequence[Arrival]) -> list[Arrival]:
    left: list[Arrival] = []
    for start in range(0, len(arrivals), AT_ONCE):
        some = arrivals[start : start + AT_ONCE]
        records = await _whole_issues(client, settings, sorted({arrival.issue_id for arrival in some}))
        left += [arrival for arrival in some if not stands(arrival, records.get(arrival.issue_id))]
    return left


async def _whole_issues(client: AsyncElasticsearch, settings: Settings, issues: Sequence[str]) -> dict[str, Any]:
    """Return the records of the issues whose articles are all found, each in the version that the record names."""
    answer = await client.mget(index=Names(settings.prefix, "issues").write, ids=list(issues))
    records = {one["_id"]: one["_source"] for one in answer["docs"] if one.get("found")}
    if not records:
        return {}
    searches: list[dict[str, Any]] = []
    for issue_id in records:
        of_issue = {"term": {"issue_id": issue_id}}
        wanted = {"size": MOST_ARTICLES, "_source": False, "docvalue_fields": ["version"], "query": of_issue}
        searches += [{"index": Names(settings.prefix, "articles").read}, wanted]
    found = (await client.msearch(searches=searches))["responses"]
    versions = [
        {hit["_id"]: int(hit["fields"]["version"][0]) for hit in one.get("hits", {}).get("hits", ())} for one in found
    ]
    return {
        issue_id: record
        for (issue_id, record), there in zip(records.items(), versions, strict=True)
        if holds(record, there)
    }


def holds(record: Mapping[str, Any], found: Mapping[str, int]) -> bool:
    """Tell whether an issue's articles are all there.

    Args:
        record: the issue's document. One of an earlier release does not name its articles, which all have its version.
        found: article id -> version.
    """
    if "contents" not in record:
        of_version = [version for version in found.values() if version == record["version"]]
        return len(of_version) == int(record["articles"])
    contents: Mapping[str, int] = record["contents"]
    return all(found.get(article_id, -1) >= version for article_id, version in contents.items())
