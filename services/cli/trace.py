"""`broadsheet trace`: where is my story? At which stage each page and article of an issue is, and since when."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from rich.table import Table

from schemas.article import ARTICLE_MESSAGE, IssueRecord
from schemas.contract import ContractError, decode
from schemas.issue import Issue
from schemas.tagged import TAGGED_MESSAGE
from services.cli.console import out
from services.cli.quarantine import read_held
from services.index.names import Names
from services.ingest.correcting import read_correction
from services.ingest.reading import read_arrival
from services.runtime.delivery import partition_of
from services.runtime.errors import BroadsheetError, Rejected
from services.runtime.resolved import Wanted
from services.runtime.scan import Scan
from services.runtime.store import connect, is_passing, unreachable

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from schemas.correction import Correction
    from services.runtime.records import Record
    from services.runtime.resolved import Held
    from services.runtime.settings import Settings

ID_PARTS = 3
"""paper, date, and for an article its own part."""


@dataclass(slots=True)
class Found:
    """What the topics and the index say of an issue: the newest of everything, and its time in ms."""

    pages: dict[int, tuple[int, int]] = field(default_factory=dict)
    known: tuple[Issue, int] | None = None
    segmented: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    tagged: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    headlines: dict[str, str] = field(default_factory=dict)
    indexed: dict[str, tuple[bool, int]] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)


def trace(settings: Settings, subject: str) -> None:
    """Print where the pages and articles of an issue, or one article, are.

    Raises:
        BroadsheetError: `subject` is no issue id or article id, or nothing is known of it.
    """
    parts = subject.split("/")
    if len(parts) not in (ID_PARTS - 1, ID_PARTS):
        raise BroadsheetError(f"{subject!r} is neither an issue (茂名日报/2023-08-15) nor an article (…/0123456789ab).")
    issue_id = "/".join(parts[: ID_PARTS - 1])
    article_id = subject if len(parts) == ID_PARTS else None
    found = asyncio.run(find(settings, issue_id))
    if not (found.pages or found.known or found.segmented or found.corrections or found.held):
        raise BroadsheetError(f"Nothing is known of {subject}: it was never published, or under another name or date.")
    _show(found, issue_id, article_id)


async def find(settings: Settings, issue_id: str) -> Found:
    """Return what the topics and the index say of an issue."""
    names = settings.names
    found = Found()
    async with Scan(settings, [names.raw, names.corrections, names.issues, names.articles, names.tagged]) as scan:
        # One issue's pages and states lie in one partition; its articles are spread by their own ids.
        by_topic: dict[str, int] = defaultdict(int)
        for part in scan.parts:
            by_topic[part.topic] += 1
        key = issue_id.encode()
        by_issue = (names.raw, names.corrections, names.issues)
        keyed = {TopicPartition(topic, partition_of(key, by_topic[topic])) for topic in by_issue if by_topic[topic]}
        scan.only(part for part in scan.parts if part in keyed or part.topic in (names.articles, names.tagged))
        async for records in scan.records():
            for record in records:
                if record.key is not None and (record.key == key or record.key.startswith(key + b"/")):
                    _note(found, record, settings)
    found.held = [
        one for one in await read_held(settings, Wanted()) if (one.record.key or b"").split(b"/")[:2] == key.split(b"/")
    ]
    found.indexed = await _indexed(settings, sorted(found.tagged))
    return found


def _note(found: Found, record: Record, settings: Settings) -> None:
    names = settings.names
    try:
        if record.topic == names.raw:
            arrival = read_arrival(record)
            for page in arrival.pages:
                found.pages[page.page] = max(found.pages.get(page.page, (-1, 0)), (page.revision, record.timestamp))
        elif record.topic == names.corrections:
            correction = read_correction(record)
            found.corrections.setdefault(correction.correction_id, correction)
        elif record.topic == names.issues:
            issue = decode(Issue, record.value)
            if found.known is None or issue.version >= found.known[0].version:
                found.known = issue, record.timestamp
        else:
            adapter: TypeAdapter[Any] = ARTICLE_MESSAGE if record.topic == names.articles else TAGGED_MESSAGE
            message = decode(adapter, record.value)
            if isinstance(message, IssueRecord):
                return
            seen = found.segmented if record.topic == names.articles else found.tagged
            if message.version >= seen.get(message.article_id, ("", -1, 0))[1]:
                seen[message.article_id] = message.type, message.version, record.timestamp
                found.headlines[message.article_id] = getattr(message, "headline", "") or found.headlines.get(
                    message.article_id, ""
                )
    except (Rejected, ContractError):
        # It is in quarantine, and shown from there.
        return


async def _indexed(settings: Settings, ids: list[str]) -> dict[str, tuple[bool, int]]:
    if not ids:
        return {}
    client = connect(settings)
    try:
        answer = await client.mget(
            index=Names(settings.prefix, "articles").write, ids=ids, source_includes=["version", "withdrawn"]
        )
    except Exception as error:
        if is_passing(error):
            raise unreachable(settings, error) from error
        raise
    finally:
        await client.close()
    return {
        document["_id"]: (document["_source"]["withdrawn"], document["_source"]["version"])
        for document in answer["docs"]
        if document.get("found")
    }


def _show(found: Found, issue_id: str, article_id: str | None) -> None:
    known = {page.page: page.revision for page in found.known[0].pages} if found.known else {}
    if article_id is None:
        table = Table(box=None, header_style="bold", title=f"pages of {issue_id}", title_justify="left")
        for title in ("page", "revision", "published", "ingested"):
            table.add_column(title)
        for number in sorted(found.pages.keys() | known.keys()):
            revision, when = found.pages.get(number, (known.get(number, -1), 0))
            state = "yes" if known.get(number) == revision else ("no" if number not in known else f"at {known[number]}")
            table.add_row(str(number), str(revision), _time(when), state)
        out.print(table)
    table = Table(box=None, header_style="bold", title="articles", title_justify="left")
    for title in ("article", "headline", "segmented", "tagged", "indexed"):
        table.add_column(title, overflow="fold")
    for one in sorted(found.segmented.keys() | found.tagged.keys()):
        if article_id in (None, one):
            table.add_row(one.rpartition("/")[2], found.headlines.get(one, ""), *_states(found, one))
    out.print(table)
    if found.corrections:
        out.print(_corrections(found, article_id))
    for held in found.held:
        out.print(
            f"quarantine {held.reference}: {held.facts.stage}, try {held.facts.attempt}: {held.facts.error}",
            style="red",
            markup=False,
            soft_wrap=True,
        )


def _corrections(found: Found, article_id: str | None) -> Table:
    taken_in = {one.correction_id for one in found.known[0].corrections} if found.known else set()
    table = Table(box=None, header_style="bold", title="corrections", title_justify="left")
    for title in ("correction", "article", "what", "by", "at", "ingested"):
        table.add_column(title, overflow="fold")
    for one in sorted(found.corrections.values(), key=lambda one: (one.at, one.correction_id)):
        if article_id in (None, one.article_id):
            what, article, at = one.change.change, one.article_id.rpartition("/")[2], one.at.timestamp() * 1000
            done = "yes" if one.correction_id in taken_in else ("not yet" if found.known else "unknown")
            table.add_row(one.correction_id, article, what, one.by, _time(int(at)), done)
    return table


def _states(found: Found, article_id: str) -> tuple[str, str, str]:
    newest = max(found.segmented.get(article_id, ("", -1, 0))[1], found.tagged.get(article_id, ("", -1, 0))[1])
    cells = []
    for seen in (found.segmented, found.tagged):
        kind, version, when = seen.get(article_id, ("", -1, 0))
        if version < 0:
            cells.append("no longer on the topic" if seen is found.segmented else "not yet")
        else:
            behind = "" if version == newest else " (older version)"
            cells.append(f"{'withdrawn ' if kind == 'withdrawal' else ''}{_time(when)}{behind}")
    withdrawn, version = found.indexed.get(article_id, (False, -1))
    if version < 0:
        cells.append("not yet")
    else:
        cells.append(("withdrawn" if withdrawn else "searchable") + ("" if version == newest else " (older version)"))
    return cells[0], cells[1], cells[2]


def _time(milliseconds: int) -> str:
    if not milliseconds:
        return "unknown"
    return dt.datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
