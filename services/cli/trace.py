"""`broadsheet trace`: where is my story? At which stage each page and article of an issue is, and since when."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from rich.table import Table

from services.cli.console import out
from services.cli.quarantine import read_held
from services.cli.sightings import GONE, UNSEEN, Sightings
from services.index.names import KINDS, Names
from services.runtime.delivery import partition_of
from services.runtime.errors import BroadsheetError
from services.runtime.resolved import Wanted
from services.runtime.scan import Scan
from services.runtime.store import connect, is_passing, unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.cli.sightings import Seen
    from services.runtime.resolved import Held
    from services.runtime.settings import Settings

ID_PARTS = 3
"""paper, date, and for an article its own part."""


def trace(settings: Settings, subject: str) -> None:
    """Print where the pages and articles of an issue, or one article, are.

    Raises:
        BroadsheetError: `subject` is no issue id or article id, or nothing is known of it.
    """
    parts = subject.split("/")
    if len(parts) not in (ID_PARTS - 1, ID_PARTS) or not all(parts):
        raise BroadsheetError(f"{subject!r} is neither an issue (茂名日报/2023-08-15) nor an article (…/0123456789ab).")
    issue_id = "/".join(parts[: ID_PARTS - 1])
    found, held = asyncio.run(find(settings, issue_id))
    if not (found.pages or found.articles or held):
        raise BroadsheetError(
            f"Nothing is known of {issue_id}: it was never published, or under another name or date.\n"
            "`broadsheet tail issues.raw --from-start` shows what was."
        )
    if subject == issue_id:
        out.print(_page_table(found, issue_id))
        out.print(_article_table(found, found.articles))
    elif subject in found.articles:
        out.print(_article_table(found, [subject]))
        held = [one for one in held if one.record.key in (subject.encode(), issue_id.encode())]
    else:
        raise BroadsheetError(
            f"There is no article {subject}, but the issue is known.\n`broadsheet trace {issue_id}` shows its articles."
        )
    for one in held:
        facts = one.facts
        text = f"quarantine {one.reference}: {facts.stage}, {_time(one.record.timestamp)}, try {facts.attempt}: "
        out.print(text + facts.error, style="red", markup=False, soft_wrap=True)


async def find(settings: Settings, issue_id: str) -> tuple[Sightings, list[Held]]:
    """Return what the topics and the index say of an issue, and what of it is in quarantine."""
    names = settings.names
    found = Sightings(names, issue_id)
    key = issue_id.encode()
    async with Scan(settings, [names.raw, names.issues, names.articles, names.tagged]) as scan:
        # One issue's pages and versions lie in one partition; its articles are spread by their own ids.
        size = Counter(part.topic for part in scan.parts)
        keyed = {TopicPartition(t, partition_of(key, size[t])) for t in (names.raw, names.issues) if size[t]}
        scan.only(part for part in scan.parts if part in keyed or part.topic in (names.articles, names.tagged))
        async for records in scan.records():
            for record in records:
                if record.key is not None and (record.key == key or record.key.startswith(key + b"/")):
                    found.note(record)
    found.indexed = await _indexed(settings, found.articles)
    held = await read_held(settings, Wanted())
    return found, [one for one in held if f"{_text(one.record.key)}/".startswith(f"{issue_id}/")]


async def _indexed(settings: Settings, ids: Iterable[str]) -> dict[str, tuple[bool, int]]:
    """Return id -> whether it is withdrawn, and its version, of what the indices hold."""
    client = connect(settings)
    found: dict[str, tuple[bool, int]] = {}
    wanted = list(ids)
    try:
        for kind in KINDS:
            answer: dict[str, Any] = {"docs": []}
            if wanted:
                index = Names(settings.prefix, kind).write
                answer = dict(await client.mget(index=index, ids=wanted, source_includes=["version", "withdrawn"]))
            for document in answer["docs"]:
                if document.get("found"):
                    source = document["_source"]
                    found[document["_id"]] = source.get("withdrawn", False), source["version"]
    except Exception as error:
        if is_passing(error):
            raise unreachable(settings, error) from error
        raise
    finally:
        await client.close()
    return found


def _page_table(found: Sightings, issue_id: str) -> Table:
    table = Table(box=None, header_style="bold", title=f"pages of {issue_id}", title_justify="left")
    for title in ("page", "revision", "published", "ingested"):
        table.add_column(title)
    for number, seen in sorted(found.pages.items()):
        ingested = found.ingested(number)
        if ingested is GONE:
            state = "withdrawn"
        elif ingested is UNSEEN:
            state = "not yet"
        else:
            state = _time(ingested.time)
        table.add_row(str(number), str(seen.version), _time(seen.time), state)
    return table


def _article_table(found: Sightings, ids: Iterable[str]) -> Table:
    table = Table(box=None, header_style="bold", title="articles", title_justify="left")
    for title in ("article", "headline", "segmented", "tagged", "indexed"):
        table.add_column(title, overflow="fold")
    newest = found.version
    for one in sorted(ids):
        whole = one == found.issue_id
        name, headline = ("(issue)", "the issue's record") if whole else (one.rpartition("/")[2], found.headlines[one])
        segmented, tagged = found.segmented.get(one), found.tagged.get(one)
        table.add_row(
            name,
            headline,
            _seen(segmented, newest, "no longer on the topic" if tagged else "not yet"),
            _seen(tagged, newest, "not yet"),
            _index_state(found, one),
        )
    if found.known.version > newest:
        table.caption = f"segment has yet to take the version of {_time(found.known.time)}"
    return table


def _seen(seen: Seen | None, newest: int, otherwise: str) -> str:
    if seen is None:
        return otherwise
    behind = "" if seen.version == newest else " (older version)"
    return f"{'withdrawn ' if seen.withdrawn else ''}{_time(seen.time)}{behind}"


def _index_state(found: Sightings, article_id: str) -> str:
    if article_id not in found.indexed:
        return "not yet"
    withdrawn, version = found.indexed[article_id]
    return ("withdrawn" if withdrawn else "searchable") + ("" if version == found.version else " (older version)")


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace")


def _time(milliseconds: int) -> str:
    if not milliseconds:
        return "unknown"
    return dt.datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
